import { topicPartition } from '../../api/ids.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { consumerSubscribe } from '../../client/consumer/consumer.ts';
import { NEVER } from '../../client/network/network-client.ts';
import type { ThreadContext } from './thread-context.ts';
import { planOf } from './application-plan.ts';
import { closeTask } from './close-tasks.ts';
import type { StreamThread } from './stream-thread.ts';
import type { AssignedTasks } from '../assignor/member-data.ts';
import { describeMember } from './member-description.ts';
import { newRecordQueue } from './record-queue.ts';
import { assignChangelogs, pauseInputs, startStandby, startTasks } from './restoration.ts';
import { inherit, newRuntimeTask, subTopologyOf, type RuntimeTask } from './runtime-task.ts';
import { inTaskOrder, type TaskId } from '../assignor/task-id.ts';
import { setThreadState } from './thread-state.ts';
import { rememberGroup } from './thread-transactions.ts';

const tell = (context: ThreadContext, data: TraceEventData): number => context.trace(data);

/** The stream thread starts: from here on it takes part in its group. */
export function joinGroup(thread: StreamThread, context: ThreadContext): void {
  setThreadState(context.process, thread, 'STARTING');
  consumerSubscribe(thread.main, planOf(thread.config).sourceTopics);
  describeMember(thread, context);
}

/**
 * The group has decided: closes tasks that went to others, and begins new ones. Those that stay go on as if nothing had
 * happened. The state of a task that it has as a copy, or that it is to keep as one, goes on in place
 * (`TaskManager.handleAssignment`, `Task.closeCleanAndRecycleState`).
 */
export function takeAssignment(
  thread: StreamThread,
  context: ThreadContext,
  { active, standby, probeAt, hosts }: AssignedTasks,
): void {
  const { tasks: before, standbys: copies } = thread;
  thread.probeAt = probeAt < 0 ? NEVER : probeAt;
  context.process.queries.hosts = hosts;
  for (const [id, task] of before) if (!active.includes(id)) closeTask(thread, context, task, true);
  for (const [id, task] of copies)
    if (!standby.includes(id) && !active.includes(id)) closeCopy(thread, context, task);
  const after = new Map<TaskId, RuntimeTask>();
  const fresh: RuntimeTask[] = [];
  for (const id of [...active].sort(inTaskOrder)) {
    const kept = before.get(id);
    const task = kept ?? createTask(thread, context, id, copies.get(id));
    after.set(id, task);
    updateInputs(thread, task);
    if (kept === undefined) fresh.push(task);
  }
  thread.standbys = new Map();
  for (const id of [...standby].sort(inTaskOrder))
    thread.standbys.set(id, copies.get(id) ?? createStandby(thread, context, id, before.get(id)));
  thread.tasks = after;
  rememberGroup(thread);
  assignChangelogs(thread);
  setThreadState(context.process, thread, 'PARTITIONS_ASSIGNED');
  if (fresh.length > 0) startTasks(thread, context, fresh);
  describeMember(thread, context);
}

/** One that still waited for its directory never began. */
function closeCopy(thread: StreamThread, context: ThreadContext, copy: RuntimeTask): void {
  if (copy.status === 'created') thread.lockRetries.delete(copy.id);
  else closeTask(thread, context, copy, true);
}

/** A copy of a task that runs elsewhere: from the state that it had here, if it ran here, else from what the disk has. */
function createStandby(
  thread: StreamThread,
  context: ThreadContext,
  id: TaskId,
  former: RuntimeTask | undefined,
): RuntimeTask {
  thread.taskLives += 1;
  const task = newRuntimeTask(planOf(thread.config), { id, life: thread.taskLives });
  if (former !== undefined && former.status !== 'created' && !thread.corrupted.has(id)) inherit(task, former);
  startStandby(thread, context, task);
  return task;
}

function createTask(
  thread: StreamThread,
  context: ThreadContext,
  id: TaskId,
  copy: RuntimeTask | undefined,
): RuntimeTask {
  thread.taskLives += 1;
  const task = newRuntimeTask(planOf(thread.config), { id, life: thread.taskLives });
  if (copy !== undefined) inherit(task, copy);
  tell(context, { type: 'task-created', task: id });
  return task;
}

/** A topic may have got the partition since the task began, or since another task of the sub-topology did. */
function updateInputs(thread: StreamThread, { id, status, partition, queues }: RuntimeTask): void {
  for (const topic of subTopologyOf(planOf(thread.config), id).sourceTopics) {
    const name = topicPartition(topic, partition);
    if (queues.some((queue) => queue.name === name) || !thread.main.subscriptions.assigned.has(name))
      continue;
    const queue = newRecordQueue(topic, partition);
    queues.push(queue);
    if (status === 'restoring') pauseInputs(thread, [queue], true);
  }
  queues.sort((a, b) => (a.topic < b.topic ? -1 : 1));
}
