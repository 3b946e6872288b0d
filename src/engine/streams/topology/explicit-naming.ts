import { topologyError, type InternalTopologyBuilder } from './internal-topology-builder.ts';
import type { StreamsBuilder } from './streams-builder.ts';

/** Refuses generated names of what outlives a change of the topology (`ensure.explicit.internal.resource.naming`, KIP-1111). */
export function checkExplicitNaming({ unnamed }: StreamsBuilder, topology: InternalTopologyBuilder): void {
  const stores = unnamed.stores.filter((name) => topology.stores.has(name));
  const changelogs = stores.filter((name) => topology.stores.get(name)?.definition.logging === true);
  const repartitions = unnamed.repartitions.filter(
    (name) => topology.internalTopics.has(name) && isGenerated(name),
  );
  const lines: string[] = [];
  if (repartitions.length > 0)
    lines.push(`Following repartition topic(s) has not been named: ${repartitions.join(', ')}`);
  if (changelogs.length > 0)
    lines.push(
      `Following changelog topic(s) has not been named: ${changelogs.map((name) => `${name}-changelog`).join(', ')}`,
    );
  if (stores.length > 0) lines.push(`Following state store(s) has not been named: ${stores.join(', ')}`);
  if (lines.length > 0) throw topologyError(`${lines.join('\n')}\n`);
}

/** A repartition topic that takes its name from a named store counts as named. */
const isGenerated = (topic: string): boolean => /-[0-9]{10}-repartition$/.test(topic);
