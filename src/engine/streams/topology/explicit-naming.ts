import { topologyError } from './internal-topology-builder.ts';
import type { StreamsBuilder } from './streams-builder.ts';

/** Refuses generated names of what outlives a change of the topology (`ensure.explicit.internal.resource.naming`, KIP-1111). */
export function checkExplicitNaming({ unnamed }: StreamsBuilder): void {
  const line = (what: string, names: readonly string[]): string =>
    names.length === 0 ? '' : `Following ${what}(s) has not been named: ${names.join(', ')}\n`;
  const text =
    line('changelog topic', unnamed.changelogs) +
    line('state store', unnamed.stores) +
    line('repartition topic', unnamed.repartitions);
  if (text !== '') throw topologyError(text);
}
