import type { NodeContext } from '../../sim/node-context.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { describeMember } from './member-description.ts';
import { clearQueue } from './record-queue.ts';
import type { RuntimeTask } from './runtime-task.ts';

/** Whether the group takes this task away now: its partitions were revoked. */
export const isRevoked = ({ revoking }: StreamsMemory, { queues }: RuntimeTask): boolean =>
  revoking !== null && queues.some(({ name }) => revoking.includes(name));

/** Tasks that the group takes away now, in task order. */
export const revokedTasks = (memory: StreamsMemory): RuntimeTask[] =>
  [...memory.tasks.values()].filter((task) => isRevoked(memory, task));

/**
 * All is committed: revoked tasks keep their stores until the assignment says what becomes of them; all others go on
 * (`TaskManager.handleRevocation`).
 */
export function suspendRevoked(memory: StreamsMemory, context: NodeContext): void {
  for (const task of revokedTasks(memory)) {
    if (task.status === 'running') task.status = 'suspended';
    for (const queue of task.queues) clearQueue(queue);
  }
  memory.revoking = null;
  describeMember(memory, context);
}
