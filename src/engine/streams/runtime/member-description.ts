import { setSubscriptionUserData } from '../../client/consumer/consumer.ts';
import type { ThreadContext } from './thread-context.ts';
import { LATEST } from '../assignor/client-state.ts';
import { encodeMemberData } from '../assignor/member-data.ts';
import { inTaskOrder, type TaskId } from '../assignor/task-id.ts';
import { livingThreads } from './instance-memory.ts';
import type { StreamThread } from './stream-thread.ts';
import { offsetSum } from './runtime-task.ts';
import { tasksOnDisk } from './state-directory.ts';

/**
 * Writes down for the group's leader which tasks this thread has, running, as a copy or on the disk, of which process it is,
 * and where that can be asked. What lies on the disk and no thread has is told by the first thread that lives: Kafka's
 * threads lock it while they rebalance, and whoever comes first tells it (`TaskManager.taskOffsetSums`).
 */
export function describeMember(thread: StreamThread, context: ThreadContext): void {
  const { process } = context;
  const { index } = thread;
  const isFirst = livingThreads(process)[0] === thread;
  const sums = new Map<TaskId, number>(
    tasksOnDisk(context.disk).filter(([id]) => (process.locks.get(id) ?? (isFirst ? index : 0)) === index),
  );
  for (const [id, task] of [...thread.standbys, ...thread.tasks]) {
    const isLatest = task.status === 'running' || task.status === 'suspended';
    if (task.status !== 'created') sums.set(id, isLatest ? LATEST : offsetSum(task));
  }
  const tasks = new Map([...sums].sort(([a], [b]) => inTaskOrder(a, b)));
  thread.descriptions += 1;
  const { descriptions: uniqueField, assignorError: errorCode } = thread;
  const endpoint = context.self;
  const { processId } = process;
  const data = { processId, uniqueField, errorCode, tasks, endpoint };
  setSubscriptionUserData(thread.main, encodeMemberData(data));
}
