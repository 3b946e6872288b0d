import type { TopicPartitionName } from '../../api/ids.ts';
import type { SubTopology } from '../topology/build-topology.ts';
import { newTaskState, type TaskState } from '../task/task-state.ts';
import type { ApplicationPlan } from './application-plan.ts';
import { clearQueue, type RecordQueue } from './record-queue.ts';
import { partitionOf, subtopologyOf, type TaskId } from '../assignor/task-id.ts';
import { newWindowLedger, type WindowLedger } from './window-ledger.ts';

/**
 * - `created`: assigned, nothing done yet
 * - `restoring`: its stores are being read back from their changelogs
 * - `running`: processes
 * - `suspended`: its partitions were revoked; committed and checkpointed, its stores are kept until the group has decided
 * - `standby`: a copy of a task that runs elsewhere, kept up from its changelogs
 */
export type TaskStatus = 'created' | 'restoring' | 'running' | 'suspended' | 'standby';

/** How far one changelog has been read back. */
export interface ChangelogRestore {
  readonly name: TopicPartitionName;
  readonly topic: string;
  readonly store: string;
  /** Next offset to read. */
  position: number;
  /** Where reading began; −1 before it is known. */
  begin: number;
  /** Where reading ends, as the log stood when it began; −1 before it is known, and for a standby task. */
  end: number;
}

/** A task as an instance holds it. Plain data. */
export interface RuntimeTask {
  readonly id: TaskId;
  readonly subtopology: number;
  readonly partition: number;
  /** Ordinal of its records at the producer: another one for each life of the task. */
  number: number;
  status: TaskStatus;
  state: TaskState;
  /** By topic. */
  readonly queues: RecordQueue[];
  /** Changelogs still to be read, while restoring. */
  restoring: ChangelogRestore[];
  /** Changelog records applied by this restoration. */
  restored: number;
  /** Largest timestamp among them, in ms; −1 without any. */
  restoredTime: number;
  /** The restoration has been told of. */
  restoreTold: boolean;
  /** Changelog topic → offset after the last record that the store is known to hold. */
  changelogOffsets: Map<string, number>;
  /** The same when the last checkpoint was written. */
  checkpointed: Map<string, number>;
  /** Windowed store → what it came to hold. */
  ledgers: Map<string, WindowLedger>;
  /** Something was processed since the last commit. */
  commitNeeded: boolean;
}

export const subTopologyOf = (plan: ApplicationPlan, task: RuntimeTask | TaskId): SubTopology =>
  plan.topology.subTopologies.find(
    ({ id }) => id === (typeof task === 'string' ? subtopologyOf(task) : task.subtopology),
  ) as SubTopology;

const newLedgers = (plan: ApplicationPlan, { stores }: SubTopology): Map<string, WindowLedger> =>
  new Map(stores.filter(({ name }) => plan.windowed.has(name)).map(({ name }) => [name, newWindowLedger()]));

const LIFE = 0x100000000;
const SUBTOPOLOGY = 0x10000;

const numberOf = (id: TaskId, life: number): number =>
  life * LIFE + subtopologyOf(id) * SUBTOPOLOGY + partitionOf(id);

export interface NewTask {
  readonly id: TaskId;
  /** Unique among the lives of tasks in this instance. */
  readonly life: number;
}

/** A task without any state, and without inputs. */
export function newRuntimeTask(plan: ApplicationPlan, { id, life }: NewTask): RuntimeTask {
  const part = subTopologyOf(plan, id);
  return {
    id,
    subtopology: part.id,
    partition: partitionOf(id),
    number: numberOf(id, life),
    status: 'created',
    state: newTaskState(part.stores),
    queues: [],
    restoring: [],
    restored: 0,
    restoredTime: -1,
    restoreTold: false,
    changelogOffsets: new Map(),
    checkpointed: new Map(),
    ledgers: newLedgers(plan, part),
    commitNeeded: false,
  };
}

/** The stores of a task go on in another one: a standby task becomes active, or the other way round. */
export function inherit(
  heir: RuntimeTask,
  { state, changelogOffsets, checkpointed, ledgers }: RuntimeTask,
): void {
  for (const [name, content] of state.stores) heir.state.stores.set(name, content);
  heir.changelogOffsets = changelogOffsets;
  heir.checkpointed = checkpointed;
  heir.ledgers = ledgers;
}

/** Throws away all state: the stores will be read back from the beginning of their changelogs. */
export function wipeTask(plan: ApplicationPlan, task: RuntimeTask, life: number): void {
  const part = subTopologyOf(plan, task);
  task.number = numberOf(task.id, life);
  task.state = newTaskState(part.stores);
  task.ledgers = newLedgers(plan, part);
  task.changelogOffsets = new Map();
  task.checkpointed = new Map();
  task.restoring = [];
  task.restored = 0;
  task.restoredTime = -1;
  task.restoreTold = false;
  task.commitNeeded = false;
  task.status = 'created';
  for (const queue of task.queues) clearQueue(queue);
}

export const bufferedRecords = ({ queues }: RuntimeTask): number =>
  queues.reduce((sum, { size }) => sum + size, 0);

/** How far its stores are, over all changelogs. */
export const offsetSum = ({ changelogOffsets }: RuntimeTask): number =>
  [...changelogOffsets.values()].reduce((sum, offset) => sum + offset, 0);

/** Changelog records still to read; those of changelogs whose end is not known yet do not count. */
export const restoreRemaining = ({ restoring }: RuntimeTask): number =>
  restoring.reduce((sum, { position, end }) => sum + Math.max(0, end - position), 0);
