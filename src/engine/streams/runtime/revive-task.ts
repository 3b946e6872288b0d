import { consumerSeekTo } from '../../client/consumer/consumer.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { assignChangelogs, beginStandby, restoringTasks, startTasks } from './restoration.ts';
import { wipeTask, type RuntimeTask } from './runtime-task.ts';
import { wipeDirectory } from './state-directory.ts';

/** Starts a task over without any of its state: what its stores held cannot be trusted, or its changelog is cut below it. */
export function reviveTask(memory: StreamsMemory, context: NodeContext, task: RuntimeTask): void {
  wipeDirectory(context.disk, task.id);
  memory.taskLives += 1;
  wipeTask(planOf(memory.config), task, memory.taskLives);
  startTasks(memory, context, [task]);
}

/** Changelogs that begin above the position: their tasks start over, from where the log begins now. */
export function restartFromBeginning(
  memory: StreamsMemory,
  context: NodeContext,
  names: readonly string[],
): void {
  for (const task of restoringTasks(memory)) {
    if (!task.restoring.some(({ name }) => names.includes(name))) continue;
    const fresh = task.restored === 0 && task.restoring.every(({ begin }) => begin === 0);
    if (!fresh) reviveTask(memory, context, task);
    for (const { name } of task.restoring) consumerSeekTo(memory.restore, name, 'earliest');
  }
  for (const copy of memory.standbys.values())
    if (copy.restoring.some(({ name }) => names.includes(name))) restartStandby(memory, context, copy);
}

function restartStandby(memory: StreamsMemory, context: NodeContext, copy: RuntimeTask): void {
  wipeDirectory(context.disk, copy.id);
  memory.taskLives += 1;
  wipeTask(planOf(memory.config), copy, memory.taskLives);
  beginStandby(memory, copy);
  assignChangelogs(memory);
  for (const { name } of copy.restoring)
    if (memory.restore.subscriptions.assigned.has(name)) consumerSeekTo(memory.restore, name, 'earliest');
}
