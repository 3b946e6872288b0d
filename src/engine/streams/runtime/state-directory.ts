import { fork } from '../../base/fork.ts';
import type { DiskState } from '../../sim/disk.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { ApplicationPlan } from './application-plan.ts';
import { subTopologyOf, type RuntimeTask } from './runtime-task.ts';
import { inTaskOrder, type TaskId } from '../assignor/task-id.ts';
import type { WindowLedger } from './window-ledger.ts';

/** What a task's directory holds: its persistent stores as of the last checkpoint, and the checkpoint file. */
export interface TaskDirectory {
  /** Changelog topic → offset after the last record that the store holds. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly stores: ReadonlyMap<string, object>;
  readonly ledgers: ReadonlyMap<string, WindowLedger>;
}

/** Before the task's id, in the names of what lies on the disk. */
export const STATE_PREFIX = 'state/';

/** Changelog records after which a commit writes a checkpoint (`OFFSET_DELTA_THRESHOLD_FOR_CHECKPOINT`). */
export const CHECKPOINT_OFFSET_DELTA = 10_000;

/** It lives in RocksDB. */
export const isPersistent = ({ backend, kind }: StoreDefinition): boolean =>
  backend === 'rocksDB' && kind !== 'lru' && kind !== 'suppressBuffer';

const directoryOf = (disk: DiskState, id: TaskId): TaskDirectory | undefined =>
  disk.values.get(STATE_PREFIX + id) as TaskDirectory | undefined;

/**
 * Brings the task's stores back as they were at the last checkpoint. What was written later was in memory only: the
 * stores have no write-ahead log, their changelog serves as that. Under exactly_once_v2 the checkpoint is deleted with
 * that, so that a process which dies finds nothing that it could trust; a standby task's is kept: what it holds was
 * committed.
 */
export function loadTask(disk: DiskState, plan: ApplicationPlan, task: RuntimeTask): void {
  const found = directoryOf(disk, task.id);
  if (found === undefined) return;
  if (plan.exactlyOnce && task.status !== 'standby') wipeDirectory(disk, task.id);
  // What a copy that was kept up here has brought is newer than what the disk has.
  if (task.changelogOffsets.size > 0) return;
  const { offsets, stores, ledgers } = fork(found);
  const { changelogOf } = subTopologyOf(plan, task);
  for (const [name, content] of stores) {
    task.state.stores.set(name, content);
    const offset = offsets.get(changelogOf(name));
    if (offset !== undefined) task.changelogOffsets.set(changelogOf(name), offset);
    const ledger = ledgers.get(name);
    if (ledger !== undefined) task.ledgers.set(name, ledger);
  }
  task.checkpointed = new Map(task.changelogOffsets);
}

/** Flushes the stores and writes the checkpoint: always if `enforced`, else when enough changed since the last one. */
export function checkpoint(
  disk: DiskState,
  plan: ApplicationPlan,
  task: RuntimeTask,
  enforced: boolean,
): void {
  if (!enforced && offsetDelta(task) <= CHECKPOINT_OFFSET_DELTA) return;
  const { stores, changelogOf } = subTopologyOf(plan, task);
  const kept = stores.filter(isPersistent).map(({ name }) => name);
  task.checkpointed = new Map(task.changelogOffsets);
  if (kept.length === 0) return;
  const directory: TaskDirectory = {
    offsets: pick(task.changelogOffsets, kept.map(changelogOf)),
    stores: pick(task.state.stores, kept),
    ledgers: pick(task.ledgers, kept),
  };
  disk.values.set(STATE_PREFIX + task.id, fork(directory));
}

function pick<T>(map: ReadonlyMap<string, T>, names: readonly string[]): Map<string, T> {
  return new Map([...map].filter(([name]) => names.includes(name)));
}

function offsetDelta({ changelogOffsets, checkpointed }: RuntimeTask): number {
  let delta = 0;
  for (const [topic, offset] of changelogOffsets) delta += offset - (checkpointed.get(topic) ?? 0);
  return delta;
}

/** The state cannot be trusted any more: removes the directory. */
export function wipeDirectory(disk: DiskState, id: TaskId): void {
  disk.values.delete(STATE_PREFIX + id);
}

/** Tasks with state on this disk, in order, with the sums of their checkpointed offsets. */
export function tasksOnDisk(disk: DiskState): (readonly [TaskId, number])[] {
  const found: (readonly [TaskId, number])[] = [];
  for (const [name, value] of disk.values)
    if (name.startsWith(STATE_PREFIX)) {
      const sum = [...(value as TaskDirectory).offsets.values()].reduce((total, offset) => total + offset, 0);
      found.push([name.slice(STATE_PREFIX.length), sum]);
    }
  return found.sort(([a], [b]) => inTaskOrder(a, b));
}
