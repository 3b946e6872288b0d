import type { ThreadContext } from './thread-context.ts';
import type { StreamThread } from './stream-thread.ts';
import { describeMember } from './member-description.ts';
import { clearQueue } from './record-queue.ts';
import type { RuntimeTask } from './runtime-task.ts';

/** Whether the group takes this task away now: its partitions were revoked. */
export const isRevoked = ({ revoking }: StreamThread, { queues }: RuntimeTask): boolean =>
  revoking !== null && queues.some(({ name }) => revoking.includes(name));

/** Tasks that the group takes away now, in task order. */
export const revokedTasks = (thread: StreamThread): RuntimeTask[] =>
  [...thread.tasks.values()].filter((task) => isRevoked(thread, task));

/**
 * All is committed: revoked tasks keep their stores until the assignment says what becomes of them; all others go on
 * (`TaskManager.handleRevocation`).
 */
export function suspendRevoked(thread: StreamThread, context: ThreadContext): void {
  for (const task of revokedTasks(thread)) {
    if (task.status === 'running') task.status = 'suspended';
    for (const queue of task.queues) clearQueue(queue);
  }
  thread.revoking = null;
  describeMember(thread, context);
}
