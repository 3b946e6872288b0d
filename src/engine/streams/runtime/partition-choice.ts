import { partitionLag } from '../../client/consumer/subscription-state.ts';
import type { StreamThread } from './stream-thread.ts';
import { NONE_YET, type RecordQueue } from './record-queue.ts';
import type { RuntimeTask } from './runtime-task.ts';

/** `max.task.idle.ms` that switches waiting off altogether. */
const NEVER_IDLE = -1;

export interface Patience {
  /** ms of the wall clock. */
  readonly now: number;
  /** `max.task.idle.ms`. */
  readonly maxTaskIdle: number;
}

/**
 * Whether the task may process now (`PartitionGroup.readyToProcess`): with an empty queue it waits until it knows that
 * the broker has nothing more for it, and then `max.task.idle.ms` longer.
 */
export function isReady(thread: StreamThread, task: RuntimeTask, patience: Patience): boolean {
  if (task.status !== 'running') return false;
  let waiting = 0;
  for (const queue of task.queues) {
    if (queue.size > 0) waiting += 1;
    else if (patience.maxTaskIdle !== NEVER_IDLE && mustWait(thread, queue, patience)) return false;
  }
  return waiting > 0;
}

function mustWait(thread: StreamThread, queue: RecordQueue, { now, maxTaskIdle }: Patience): boolean {
  const assigned = thread.main.subscriptions.assigned.get(queue.name);
  const lag = assigned === undefined ? null : partitionLag(assigned, 'read_uncommitted');
  if (lag === null || lag > 0) {
    queue.idleDeadline = NONE_YET;
    return true;
  }
  if (queue.idleDeadline === NONE_YET) queue.idleDeadline = now + maxTaskIdle;
  return now < queue.idleDeadline;
}

/** The queue whose head has the lowest time; of equal ones the first by name. */
export function nextQueue(queues: readonly RecordQueue[]): RecordQueue | undefined {
  let next: RecordQueue | undefined;
  for (const queue of queues)
    if (queue.headTime !== NONE_YET && (next === undefined || queue.headTime < next.headTime)) next = queue;
  return next;
}
