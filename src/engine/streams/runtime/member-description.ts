import { setSubscriptionUserData } from '../../client/consumer/consumer.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { LATEST } from '../assignor/client-state.ts';
import { encodeMemberData } from '../assignor/member-data.ts';
import { inTaskOrder, type TaskId } from '../assignor/task-id.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { offsetSum } from './runtime-task.ts';
import { tasksOnDisk } from './state-directory.ts';

/** Writes down for the group's leader which tasks this instance has, running, as a copy or on its disk, and where it can be asked. */
export function describeMember(memory: StreamsMemory, context: NodeContext): void {
  const sums = new Map<TaskId, number>(tasksOnDisk(context.disk));
  for (const [id, task] of [...memory.standbys, ...memory.tasks]) {
    const isLatest = task.status === 'running' || task.status === 'suspended';
    if (task.status !== 'created') sums.set(id, isLatest ? LATEST : offsetSum(task));
  }
  const tasks = new Map([...sums].sort(([a], [b]) => inTaskOrder(a, b)));
  memory.descriptions += 1;
  const { descriptions: uniqueField, assignorError: errorCode } = memory;
  const endpoint = context.self;
  setSubscriptionUserData(memory.main, encodeMemberData({ uniqueField, errorCode, tasks, endpoint }));
}
