import { consumerSeekTo } from '../../client/consumer/consumer.ts';
import type { ThreadContext } from './thread-context.ts';
import { planOf } from './application-plan.ts';
import type { StreamThread } from './stream-thread.ts';
import { assignChangelogs, copiesOf, followChangelogs, restoringTasks, startTasks } from './restoration.ts';
import { wipeTask, type RuntimeTask } from './runtime-task.ts';
import { wipeDirectory } from './state-directory.ts';

/** Starts a task over without any of its state: what its stores held cannot be trusted, or its changelog is cut below it. */
export function reviveTask(thread: StreamThread, context: ThreadContext, task: RuntimeTask): void {
  wipeDirectory(context.disk, task.id);
  thread.taskLives += 1;
  wipeTask(planOf(thread.config), task, thread.taskLives);
  startTasks(thread, context, [task]);
}

/** Changelogs that begin above the position: their tasks start over, from where the log begins now. */
export function restartFromBeginning(
  thread: StreamThread,
  context: ThreadContext,
  names: readonly string[],
): void {
  for (const task of restoringTasks(thread)) {
    if (!task.restoring.some(({ name }) => names.includes(name))) continue;
    const fresh = task.restored === 0 && task.restoring.every(({ begin }) => begin === 0);
    if (!fresh) reviveTask(thread, context, task);
    for (const { name } of task.restoring) consumerSeekTo(thread.restore, name, 'earliest');
  }
  for (const copy of copiesOf(thread))
    if (copy.restoring.some(({ name }) => names.includes(name))) restartStandby(thread, context, copy);
}

function restartStandby(thread: StreamThread, context: ThreadContext, copy: RuntimeTask): void {
  wipeDirectory(context.disk, copy.id);
  thread.taskLives += 1;
  wipeTask(planOf(thread.config), copy, thread.taskLives);
  followChangelogs(thread, copy);
  assignChangelogs(thread);
  for (const { name } of copy.restoring)
    if (thread.restore.subscriptions.assigned.has(name)) consumerSeekTo(thread.restore, name, 'earliest');
}
