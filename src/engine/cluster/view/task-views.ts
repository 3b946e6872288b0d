import { topicPartition, type NodeId, type TopicPartitionName } from '../../api/ids.ts';
import type { CheckpointView, StoreView, TaskView } from '../../api/views/application.ts';
import { int32ToBytes, type Bytes } from '../../base/bytes.ts';
import type { DiskState } from '../../sim/disk.ts';
import { planOf, type ApplicationPlan } from '../../streams/runtime/application-plan.ts';
import { tasksOf, type StreamsMemory } from '../../streams/runtime/instance-memory.ts';
import { subTopologyOf } from '../../streams/runtime/runtime-task.ts';
import { STATE_PREFIX, tasksOnDisk, type TaskDirectory } from '../../streams/runtime/state-directory.ts';
import { partitionOf, type TaskId } from '../../streams/assignor/task-id.ts';
import type { KeyValueState } from '../../streams/state-stores/key-value-store.ts';
import type { Stamped, StoreDefinition } from '../../streams/state-stores/store.ts';
import type { TimestampedKeyValueState } from '../../streams/state-stores/timestamped-key-value-store.ts';
import { orderedTime } from '../../streams/state-stores/ordered-time.ts';
import type { WindowState } from '../../streams/state-stores/window-store.ts';

/** The tasks of an instance, as it holds them, and then those that only its disk has. */
export function taskViews(node: NodeId, memory: StreamsMemory, disk: DiskState): TaskView[] {
  const plan = planOf(memory.config);
  const held = tasksOf(memory);
  const there = held.map((task) => {
    const running = task.status === 'running';
    const stores = storeViews(plan, task.id, task.state.stores);
    const checkpoint = checkpointView(plan, task.id, disk);
    return { node, task: task.id, running, clean: !task.commitNeeded, stores, checkpoint };
  });
  const onDisk = tasksOnDisk(disk).filter(([task]) => !held.some(({ id }) => id === task));
  return [
    ...there,
    ...onDisk.map(([task]) => {
      const checkpoint = checkpointView(plan, task, disk);
      return { node, task, running: false, clean: true, stores: [], checkpoint };
    }),
  ];
}

function checkpointView(plan: ApplicationPlan, task: TaskId, disk: DiskState): CheckpointView | undefined {
  const found = disk.values.get(STATE_PREFIX + task) as TaskDirectory | undefined;
  if (found === undefined) return undefined;
  const partition = partitionOf(task);
  const offsets = [...found.offsets].map(
    ([topic, offset]) => [topicPartition(topic, partition), offset] as const,
  );
  return { offsets: new Map(offsets), stores: storeViews(plan, task, found.stores) };
}

function storeViews(plan: ApplicationPlan, task: TaskId, contents: ReadonlyMap<string, object>): StoreView[] {
  const part = subTopologyOf(plan, task);
  return part.stores.flatMap((store) => {
    const content = store.logging ? contents.get(store.name) : undefined;
    if (content === undefined) return [];
    const changelog = topicPartition(part.changelogOf(store.name), partitionOf(task));
    const view = storeView(store, content, changelog);
    return view === undefined ? [] : [view];
  });
}

type Visit = (key: Bytes, value: Bytes) => void;

/** Undefined for kinds whose changelog does not hold one value for each entry. */
function storeView(
  store: StoreDefinition,
  content: object,
  changelog: TopicPartitionName,
): StoreView | undefined {
  const lister = store.retainDuplicates ? undefined : LISTERS[store.kind];
  if (lister === undefined) return undefined;
  return { name: store.name, changelog, visit: (visit) => lister(store, content, visit) };
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
      visit(key + orderedTime(start) + NO_SEQUENCE, value.serialize((entry as Stamped).value)),
    ),
};
