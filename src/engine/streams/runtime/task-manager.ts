import { topicPartition } from '../../api/ids.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { consumerSubscribe } from '../../client/consumer/consumer.ts';
import { NEVER } from '../../client/network/network-client.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import { closeTask } from './close-tasks.ts';
import type { StreamsMemory } from './instance-memory.ts';
import type { AssignedTasks } from '../assignor/member-data.ts';
import { describeMember } from './member-description.ts';
import { newRecordQueue } from './record-queue.ts';
import { assignChangelogs, beginStandby, pauseInputs, startTasks } from './restoration.ts';
import { inherit, newRuntimeTask, subTopologyOf, type RuntimeTask } from './runtime-task.ts';
import { loadTask } from './state-directory.ts';
import { inTaskOrder, type TaskId } from '../assignor/task-id.ts';
import { rememberGroup } from './thread-transactions.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

/** The stream thread starts: from here on this instance takes part in its group. */
export function joinGroup(memory: StreamsMemory, context: NodeContext): void {
  consumerSubscribe(memory.main, planOf(memory.config).sourceTopics);
  describeMember(memory, context);
}

/**
 * The group has decided: closes tasks that went to others, and begins new ones. Those that stay go on as if nothing had
 * happened. The state of a task that it has as a copy, or that it is to keep as one, goes on in place
 * (`TaskManager.handleAssignment`, `Task.closeCleanAndRecycleState`).
 */
export function takeAssignment(
  memory: StreamsMemory,
  context: NodeContext,
  { active, standby, probeAt, hosts }: AssignedTasks,
): void {
  const { tasks: before, standbys: copies } = memory;
  memory.probeAt = probeAt < 0 ? NEVER : probeAt;
  memory.queries.hosts = hosts;
  for (const [id, task] of before) if (!active.includes(id)) closeTask(memory, context, task, true);
  for (const [id, task] of copies)
    if (!standby.includes(id) && !active.includes(id)) closeTask(memory, context, task, true);
  const after = new Map<TaskId, RuntimeTask>();
  const fresh: RuntimeTask[] = [];
  for (const id of [...active].sort(inTaskOrder)) {
    const kept = before.get(id);
    const task = kept ?? createTask(memory, context, id, copies.get(id));
    after.set(id, task);
    updateInputs(memory, task);
    if (kept === undefined) fresh.push(task);
  }
  memory.standbys = new Map();
  for (const id of [...standby].sort(inTaskOrder))
    memory.standbys.set(id, copies.get(id) ?? createStandby(memory, context, id, before.get(id)));
  memory.tasks = after;
  rememberGroup(memory);
  assignChangelogs(memory);
  if (fresh.length > 0) startTasks(memory, context, fresh);
  describeMember(memory, context);
}

/** A copy of a task that runs elsewhere: from the state that it had here, if it ran here, else from what the disk has. */
function createStandby(
  memory: StreamsMemory,
  context: NodeContext,
  id: TaskId,
  former: RuntimeTask | undefined,
): RuntimeTask {
  const plan = planOf(memory.config);
  memory.taskLives += 1;
  const task = newRuntimeTask(plan, { id, life: memory.taskLives });
  if (former !== undefined && former.status !== 'created' && !memory.corrupted.has(id)) inherit(task, former);
  else loadTask(context.disk, plan, task);
  beginStandby(memory, task);
  tell(context, { type: 'standby-created', task: id });
  return task;
}

function createTask(
  memory: StreamsMemory,
  context: NodeContext,
  id: TaskId,
  copy: RuntimeTask | undefined,
): RuntimeTask {
  memory.taskLives += 1;
  const task = newRuntimeTask(planOf(memory.config), { id, life: memory.taskLives });
  if (copy !== undefined) inherit(task, copy);
  tell(context, { type: 'task-created', task: id });
  return task;
}

/** A topic may have got the partition since the task began, or since another task of the sub-topology did. */
function updateInputs(memory: StreamsMemory, { id, status, partition, queues }: RuntimeTask): void {
  for (const topic of subTopologyOf(planOf(memory.config), id).sourceTopics) {
    const name = topicPartition(topic, partition);
    if (queues.some((queue) => queue.name === name) || !memory.main.subscriptions.assigned.has(name))
      continue;
    const queue = newRecordQueue(topic, partition);
    queues.push(queue);
    if (status === 'restoring') pauseInputs(memory, [queue], true);
  }
  queues.sort((a, b) => (a.topic < b.topic ? -1 : 1));
}
