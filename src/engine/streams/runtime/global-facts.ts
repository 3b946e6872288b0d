import type { GlobalTableFacts } from '../../api/entities/application.ts';
import type { NodeId } from '../../api/ids.ts';
import { planOf } from './application-plan.ts';
import type { GlobalStore } from './global-stores.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { entriesOf } from './task-facts.ts';

/** An instance's copies of the global tables, in the topology's order. */
export function globalFacts({ globals, config }: StreamsMemory, instance: NodeId): GlobalTableFacts[] {
  if (globals === null) return [];
  const isReading = globals.phase !== 'running';
  return globals.stores.map((store) => {
    const { topic, state } = store;
    const part = planOf(config).topology.globalStores.find((candidate) => candidate.topic === topic);
    return {
      topic,
      store: part?.store.name ?? '',
      instance,
      state: isReading ? 'reading' : 'following',
      entries: [...state.stores.values()].reduce((sum, content) => sum + entriesOf(content), 0),
      remaining: isReading ? remaining(store) : 0,
    };
  });
}

const remaining = ({ inputs }: GlobalStore): number =>
  [...inputs.values()].reduce((sum, { position, end }) => sum + Math.max(0, end - position), 0);
