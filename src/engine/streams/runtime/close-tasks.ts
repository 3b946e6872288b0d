import type { TraceEventData } from '../../api/trace-event.ts';
import { consumerSeekToCommitted } from '../../client/consumer/consumer.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { assignChangelogs, pauseInputs, startTasks } from './restoration.ts';
import { reviveTask } from './revive-task.ts';
import { wipeTask, type RuntimeTask } from './runtime-task.ts';
import { checkpoint, wipeDirectory } from './state-directory.ts';
import { describeMember } from './member-description.ts';
import { inTaskOrder } from '../assignor/task-id.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

/** A clean close leaves a checkpoint; a dirty one what was there before, and nothing under exactly_once_v2. */
export function closeTask(
  memory: StreamsMemory,
  context: NodeContext,
  task: RuntimeTask,
  inOrder: boolean,
): void {
  const clean = inOrder && !memory.corrupted.has(task.id);
  if (clean && task.status !== 'created') checkpoint(context.disk, planOf(memory.config), task, true);
  if (!clean && memory.transactions !== null && task.status !== 'standby')
    wipeDirectory(context.disk, task.id);
  tell(context, { type: task.status === 'standby' ? 'standby-closed' : 'task-closed', task: task.id, clean });
}

/** Closes every task: in order after a commit, or because they are lost and another instance may have them. */
export function closeAll(memory: StreamsMemory, context: NodeContext, clean: boolean): void {
  for (const task of memory.tasks.values()) closeTask(memory, context, task, clean);
  memory.tasks = new Map();
  memory.corrupted.clear();
  if (memory.stopping || memory.failure !== null) closeStandbys(memory, context, clean);
  assignChangelogs(memory);
  describeMember(memory, context);
}

/** Copies outlive a lost membership, but not their process. */
function closeStandbys(memory: StreamsMemory, context: NodeContext, clean: boolean): void {
  for (const task of memory.standbys.values()) closeTask(memory, context, task, clean);
  memory.standbys = new Map();
}

/**
 * Tasks whose records the brokers did not take in time: their stores say more than their changelogs, so they start over
 * from changelogs and committed offsets (`TaskCorruptedException`).
 */
export function reviveCorrupted(memory: StreamsMemory, context: NodeContext): void {
  for (const id of [...memory.corrupted].sort(inTaskOrder)) {
    const task = memory.tasks.get(id);
    if (task === undefined) continue;
    closeTask(memory, context, task, false);
    tell(context, { type: 'task-created', task: id });
    seekToCommitted(memory, task);
    reviveTask(memory, context, task);
  }
  memory.corrupted.clear();
}

function seekToCommitted({ main }: StreamsMemory, { queues }: RuntimeTask): void {
  for (const { name } of queues)
    if (main.subscriptions.assigned.has(name)) consumerSeekToCommitted(main, name);
}

/** The thread's producer is ready: tasks that waited for it begin, at what the group has committed now. */
export function startWaitingTasks(memory: StreamsMemory, context: NodeContext): void {
  const waiting = [...memory.tasks.values()].filter(({ status }) => status === 'created');
  for (const task of waiting) seekToCommitted(memory, task);
  startTasks(memory, context, waiting);
}

/** All that was processed since the last commit is taken back, and so is what the stores hold of it. */
export function takeBackTasks(memory: StreamsMemory, context: NodeContext): void {
  for (const task of memory.tasks.values()) {
    closeTask(memory, context, task, false);
    tell(context, { type: 'task-created', task: task.id });
    memory.taskLives += 1;
    wipeTask(planOf(memory.config), task, memory.taskLives);
    pauseInputs(memory, task.queues, true);
  }
  assignChangelogs(memory);
}
