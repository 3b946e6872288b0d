import type { TopologyNode } from '../../api/scenario.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { BuiltTopology } from '../topology/build-topology.ts';
import type { WindowSpec } from '../topology/topology-node.ts';
import { windowsOf, type TimeWindows } from '../windows/windows.ts';

/** The store of an aggregate over tumbling or hopping windows. */
export interface WindowedStore {
  readonly store: string;
  readonly windows: TimeWindows;
  readonly op: string;
  /** Its values are counts of records. */
  readonly counts: boolean;
}

interface WindowedAggregate {
  /** Absent if the store's name is generated. */
  readonly as: string | undefined;
  readonly windows: TimeWindows;
  readonly op: string;
}

const AGGREGATES = ['count', 'reduce', 'aggregate'];

/**
 * Which stores hold tumbling or hopping windows, and which. A named store is found by its name; the others in order of
 * declaration, in which the builder makes them.
 */
export function windowedStores(
  nodes: readonly TopologyNode[],
  topology: BuiltTopology,
): Map<string, WindowedStore> {
  const aggregates = windowedAggregates(nodes);
  const stores = topology.subTopologies.flatMap((part) => part.stores).filter(isWindowed);
  const named = new Set(aggregates.map(({ as }) => as));
  const unnamed = stores.filter(({ name }) => !named.has(name));
  const found = new Map<string, WindowedStore>();
  for (const { as, windows, op } of aggregates) {
    const at = unnamed.findIndex(({ windowSize }) => windowSize === windows.size);
    const store = as ?? unnamed.splice(at < 0 ? unnamed.length : at, 1)[0]?.name;
    if (store !== undefined) found.set(store, { store, windows, op, counts: op === 'count' });
  }
  return found;
}

const isWindowed = ({ kind }: StoreDefinition): boolean => kind === 'timestampedWindow';

function windowedAggregates(nodes: readonly TopologyNode[]): WindowedAggregate[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found: WindowedAggregate[] = [];
  for (const node of nodes) {
    if (!AGGREGATES.includes(node.op)) continue;
    let from = byId.get(node.of);
    if (from?.op === 'emitStrategy') from = byId.get(from.of);
    if (from?.op !== 'windowedBy') continue;
    const windows = windowsOf(from['window'] as WindowSpec);
    const as = node['as'] as string | undefined;
    if (windows.kind === 'time') found.push({ as, windows, op: node.op });
  }
  return found;
}
