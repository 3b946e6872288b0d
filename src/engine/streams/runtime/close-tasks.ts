import type { TraceEventData } from '../../api/trace-event.ts';
import { consumerSeekToCommitted } from '../../client/consumer/consumer.ts';
import type { ThreadContext } from './thread-context.ts';
import { planOf } from './application-plan.ts';
import type { StreamThread } from './stream-thread.ts';
import { mayHaveDirectory, unlockDirectory } from './directory-locks.ts';
import { assignChangelogs, copiesOf, pauseInputs, startTasks } from './restoration.ts';
import { reviveTask } from './revive-task.ts';
import { wipeTask, type RuntimeTask } from './runtime-task.ts';
import { checkpoint, wipeDirectory } from './state-directory.ts';
import { describeMember } from './member-description.ts';
import { inTaskOrder } from '../assignor/task-id.ts';

const tell = (context: ThreadContext, data: TraceEventData): number => context.trace(data);

/** A clean close leaves a checkpoint; a dirty one what was there before, and nothing under exactly_once_v2. */
export function closeTask(
  thread: StreamThread,
  context: ThreadContext,
  task: RuntimeTask,
  inOrder: boolean,
): void {
  const clean = inOrder && !thread.corrupted.has(task.id);
  if (clean && task.status !== 'created') checkpoint(context.disk, planOf(thread.config), task, true);
  const isOurs = mayHaveDirectory(thread, context, task.id);
  if (!clean && thread.transactions !== null && task.status !== 'standby' && isOurs)
    wipeDirectory(context.disk, task.id);
  unlockDirectory(thread, context, task.id);
  tell(context, { type: task.status === 'standby' ? 'standby-closed' : 'task-closed', task: task.id, clean });
}

/** Closes every task: in order after a commit, or because they are lost and another instance may have them. */
export function closeAll(thread: StreamThread, context: ThreadContext, clean: boolean): void {
  for (const task of thread.tasks.values()) closeTask(thread, context, task, clean);
  thread.tasks = new Map();
  thread.corrupted.clear();
  if (thread.stopping || thread.failure !== null) closeStandbys(thread, context, clean);
  assignChangelogs(thread);
  describeMember(thread, context);
}

/** Copies that still waited for their directory never began. */
function forgetWaiting({ standbys, lockRetries }: StreamThread): void {
  for (const { id, status } of standbys.values()) if (status === 'created') lockRetries.delete(id);
}

/** Copies outlive a lost membership, but not their process. */
function closeStandbys(thread: StreamThread, context: ThreadContext, clean: boolean): void {
  for (const task of copiesOf(thread)) closeTask(thread, context, task, clean);
  forgetWaiting(thread);
  thread.standbys = new Map();
}

/**
 * Tasks whose records the brokers did not take in time: their stores say more than their changelogs, so they start over
 * from changelogs and committed offsets (`TaskCorruptedException`).
 */
export function reviveCorrupted(thread: StreamThread, context: ThreadContext): void {
  for (const id of [...thread.corrupted].sort(inTaskOrder)) {
    const task = thread.tasks.get(id);
    if (task === undefined) continue;
    closeTask(thread, context, task, false);
    tell(context, { type: 'task-created', task: id });
    seekToCommitted(thread, task);
    reviveTask(thread, context, task);
  }
  thread.corrupted.clear();
}

function seekToCommitted({ main }: StreamThread, { queues }: RuntimeTask): void {
  for (const { name } of queues)
    if (main.subscriptions.assigned.has(name)) consumerSeekToCommitted(main, name);
}

/** The thread's producer is ready: tasks that waited for it begin, at what the group has committed now. */
export function startWaitingTasks(thread: StreamThread, context: ThreadContext): void {
  const waiting = [...thread.tasks.values()].filter(({ status }) => status === 'created');
  for (const task of waiting) seekToCommitted(thread, task);
  startTasks(thread, context, waiting);
}

/** All that was processed since the last commit is taken back, and so is what the stores hold of it. */
export function takeBackTasks(thread: StreamThread, context: ThreadContext): void {
  for (const task of thread.tasks.values()) {
    closeTask(thread, context, task, false);
    tell(context, { type: 'task-created', task: task.id });
    thread.taskLives += 1;
    wipeTask(planOf(thread.config), task, thread.taskLives);
    pauseInputs(thread, task.queues, true);
  }
  assignChangelogs(thread);
}
