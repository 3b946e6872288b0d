import type { TaskEntity } from '../../api/entities/application.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { copiesOf } from './restoration.ts';
import { bufferedRecords, restoreRemaining, type RuntimeTask } from './runtime-task.ts';
import type { TaskId } from '../assignor/task-id.ts';

/** What can be seen of a task from outside. Counters are those of this life of the task. */
export interface RuntimeTaskFacts {
  readonly task: TaskId;
  /** Index of the thread that has it. */
  readonly thread: number;
  readonly subtopology: number;
  readonly partition: number;
  readonly state: TaskEntity['state'];
  readonly inputs: readonly TopicPartitionName[];
  readonly buffered: number;
  readonly processed: number;
  /** ms; −1 before the first record. */
  readonly streamTime: number;
  readonly droppedLate: number;
  readonly storeEntries: number;
  readonly restoreRemaining: number;
}

/** The tasks of an instance, thread by thread in task order. Linear in the size of the stores' trees. */
export const taskFactsOf = ({ threads }: StreamsMemory): RuntimeTaskFacts[] =>
  threads.flatMap(({ index, tasks }) => [...tasks.values()].map((task) => factsOf(index, task)));

function factsOf(thread: number, task: RuntimeTask): RuntimeTaskFacts {
  const { id, subtopology, partition, status, queues, state } = task;
  return {
    task: id,
    thread,
    subtopology,
    partition,
    state: status === 'restoring' || status === 'running' ? status : 'created',
    inputs: queues.map(({ name }) => name),
    buffered: bufferedRecords(task),
    processed: state.metrics.processed,
    streamTime: state.streamTime,
    droppedLate: state.metrics.late,
    storeEntries: [...state.stores.values()].reduce((sum, store) => sum + entriesOf(store), 0),
    restoreRemaining: restoreRemaining(task),
  };
}

/** Names under which the kinds of stores keep their content. */
const CONTENTS = ['windows', 'entries', 'sessions', 'keys', 'waiting', 'subscriptions'];

/** Entries of a store of any kind. */
export function entriesOf(store: object): number {
  for (const name of CONTENTS) {
    const content = (store as Readonly<Record<string, { readonly size?: number }>>)[name];
    if (content?.size !== undefined) return content.size;
  }
  return 0;
}

/** A copy of a task as an instance keeps it. */
export interface CopyFacts {
  readonly task: TaskId;
  /** Partitions of changelogs, and the next offset that the copy would apply of each. */
  readonly positions: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly position: number;
  }[];
}

/** The copies that an instance keeps up, thread by thread in task order. */
export const copyFactsOf = ({ threads }: StreamsMemory): CopyFacts[] =>
  threads.flatMap((thread) =>
    copiesOf(thread).map(({ id, partition, restoring }) => ({
      task: id,
      positions: restoring.map(({ topic, position }) => ({ topic, partition, position })),
    })),
  );
