import { topicPartition, type NodeId } from '../../api/ids.ts';
import type { StoreView, TaskView } from '../../api/cluster-view.ts';
import { int32ToBytes, type Bytes } from '../../base/bytes.ts';
import { planOf } from '../../streams/runtime/application-plan.ts';
import type { StreamsMemory } from '../../streams/runtime/instance-memory.ts';
import { subTopologyOf, type RuntimeTask } from '../../streams/runtime/runtime-task.ts';
import type { KeyValueState } from '../../streams/state-stores/key-value-store.ts';
import type { Stamped, StoreDefinition } from '../../streams/state-stores/store.ts';
import type { TimestampedKeyValueState } from '../../streams/state-stores/timestamped-key-value-store.ts';
import type { WindowState } from '../../streams/state-stores/window-store.ts';

/** The tasks of an instance, as it holds them. */
export function taskViews(node: NodeId, memory: StreamsMemory): TaskView[] {
  const plan = planOf(memory.config);
  return [...memory.tasks.values()].map((task) => {
    const part = subTopologyOf(plan, task);
    const stores = part.stores.filter(({ logging, name }) => logging && task.state.stores.has(name));
    const running = task.status === 'running';
    const views = stores.map((store) => storeView(task, store, part.changelogOf(store.name)));
    return { node, task: task.id, running, stores: views.filter((view) => view !== undefined) };
  });
}

type Visit = (key: Bytes, value: Bytes) => void;

/** Undefined for kinds whose changelog does not hold one value for each entry. */
function storeView(
  { partition, state }: RuntimeTask,
  store: StoreDefinition,
  changelog: string,
): StoreView | undefined {
  const content = state.stores.get(store.name);
  const lister = store.retainDuplicates ? undefined : LISTERS[store.kind];
  if (content === undefined || lister === undefined) return undefined;
  return {
    name: store.name,
    changelog: topicPartition(changelog, partition),
    visit: (visit) => lister(store, content, visit),
  };
}

const NO_SEQUENCE = int32ToBytes(0);

type Lister = (store: StoreDefinition, content: object, visit: Visit) => void;

const LISTERS: Partial<Readonly<Record<StoreDefinition['kind'], Lister>>> = {
  keyValue: ({ value }, content, visit) =>
    (content as KeyValueState).entries.visit({}, (entry, key) => visit(key, value.serialize(entry))),
  timestampedKeyValue: ({ value }, content, visit) =>
    (content as TimestampedKeyValueState).entries.visit({}, (entry, key) =>
      visit(key, value.serialize(entry.value)),
    ),
  timestampedWindow: ({ value }, content, visit) =>
    (content as WindowState).windows.visitAll((entry, key, start) =>
      visit(key + start + NO_SEQUENCE, value.serialize((entry as Stamped).value)),
    ),
};
