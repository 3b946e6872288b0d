import { millis, type SimTime } from '../../base/time.ts';
import { spreadBackoff } from '../../client/backoff.ts';
import { NEVER } from '../../client/network/network-client.ts';
import type { TaskId } from '../assignor/task-id.ts';
import { planOf } from './application-plan.ts';
import { subTopologyOf } from './runtime-task.ts';
import type { StreamThread } from './stream-thread.ts';
import type { ThreadContext } from './thread-context.ts';

/** Waits before a locked directory is tried again (`TaskManager.BackoffRecord`; drawn once for each wait). */
const BACKOFF = { initialMs: 1_000, maxMs: 10_000, jitterPercent: 50 };

/**
 * Takes the directory of a task for this thread, so that no sibling works on its state (`StateDirectory.lock`). False while a
 * sibling has it: then it is tried again later. Tasks without stores need none.
 */
export function lockDirectory(thread: StreamThread, context: ThreadContext, id: TaskId): boolean {
  const { process } = context;
  const { locks } = process;
  if (subTopologyOf(planOf(thread.config), id).stores.length === 0) return true;
  const owner = locks.get(id);
  if (owner === undefined || owner === thread.index) {
    if (owner === undefined) process.relocked = true;
    locks.set(id, thread.index);
    thread.lockRetries.delete(id);
    return true;
  }
  retryLater(thread, context, id);
  return false;
}

function retryLater(thread: StreamThread, context: ThreadContext, id: TaskId): void {
  const attempts = (thread.lockRetries.get(id)?.attempts ?? 0) + 1;
  const wait = spreadBackoff(context.prng('directory-lock'), BACKOFF, attempts);
  thread.lockRetries.set(id, { at: context.now() + millis(wait), attempts });
}

/** Whether this thread has the directory of the task, or could have it. */
export const mayHaveDirectory = ({ index }: StreamThread, { process }: ThreadContext, id: TaskId): boolean =>
  (process.locks.get(id) ?? index) === index;

/** The task is closed here: a sibling may have its directory. */
export function unlockDirectory(thread: StreamThread, context: ThreadContext, id: TaskId): void {
  const { process } = context;
  thread.lockRetries.delete(id);
  if (process.locks.get(id) !== thread.index) return;
  process.locks.delete(id);
  process.relocked = true;
}

/** When a locked directory is tried again next; NEVER if none is waited for. */
export const nextLockRetry = ({ lockRetries }: StreamThread): SimTime =>
  Math.min(NEVER, ...[...lockRetries.values()].map(({ at }) => at));
