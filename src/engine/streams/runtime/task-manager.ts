import type { TraceEventData } from '../../api/trace-event.ts';
import { consumerSubscribe } from '../../client/consumer/consumer.ts';
import type { TopicPartition } from '../../client/consumer/subscription-state.ts';
import { NEVER } from '../../client/network/network-client.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import { closeTask } from './close-tasks.ts';
import type { StreamsMemory } from './instance-memory.ts';
import type { AssignedTasks } from '../assignor/member-data.ts';
import { describeMember } from './member-description.ts';
import { clearQueue } from './record-queue.ts';
import { beginStandby, pauseInputs, resumeTasks, startTasks } from './restoration.ts';
import { inherit, newRuntimeTask, subTopologyOf, type RuntimeTask } from './runtime-task.ts';
import { loadTask, wipeDirectory } from './state-directory.ts';
import { inTaskOrder, type TaskId } from '../assignor/task-id.ts';
import { rememberGroup } from './thread-transactions.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

/** The stream thread starts: from here on this instance takes part in its group. */
export function joinGroup(memory: StreamsMemory, context: NodeContext): void {
  consumerSubscribe(memory.main, planOf(memory.config).sourceTopics);
  describeMember(memory, context);
}

/** A rebalance begins and all is committed: tasks keep their stores and wait for what the group decides. */
export function suspendTasks(memory: StreamsMemory, context: NodeContext): void {
  for (const task of memory.tasks.values()) {
    if (task.status === 'running') task.status = 'suspended';
    for (const queue of task.queues) clearQueue(queue);
  }
  describeMember(memory, context);
}

/**
 * The group has decided: closes tasks that went to others, takes the kept ones up again, and begins new ones. The state of
 * a task that it has as a copy, or that it is to keep as one, goes on in place (`Task.closeCleanAndRecycleState`).
 */
export function takeAssignment(
  memory: StreamsMemory,
  context: NodeContext,
  { active, standby, probeAt, hosts }: AssignedTasks,
  partitions: readonly TopicPartition[],
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
    const task = kept ?? createTask(memory, context, id, { partitions, copy: copies.get(id) });
    after.set(id, task);
    if (kept === undefined) fresh.push(task);
    else prepareToGoOn(memory, context, kept);
  }
  memory.standbys = new Map();
  for (const id of [...standby].sort(inTaskOrder))
    memory.standbys.set(id, copies.get(id) ?? createStandby(memory, context, id, before.get(id)));
  memory.tasks = after;
  rememberGroup(memory);
  resumeTasks(
    memory,
    context,
    [...after.values()].filter(({ status }) => status === 'suspended'),
  );
  startTasks(memory, context, fresh);
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
  const task = newRuntimeTask(plan, { id, topics: [], life: memory.taskLives });
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
  {
    partitions,
    copy,
  }: { readonly partitions: readonly TopicPartition[]; readonly copy: RuntimeTask | undefined },
): RuntimeTask {
  const plan = planOf(memory.config);
  const { sourceTopics } = subTopologyOf(plan, id);
  memory.taskLives += 1;
  const task = newRuntimeTask(plan, { id, topics: sourceTopics, life: memory.taskLives });
  if (copy !== undefined) inherit(task, copy);
  const queues = task.queues.filter(({ topic, partition }) =>
    partitions.some((assigned) => assigned.topic === topic && assigned.partition === partition),
  );
  tell(context, { type: 'task-created', task: id });
  return { ...task, queues };
}

/**
 * A task that stays with this instance. Under exactly_once_v2 its checkpoint goes before the next change comes
 * (KAFKA-10362).
 */
function prepareToGoOn(memory: StreamsMemory, context: NodeContext, task: RuntimeTask): void {
  if (memory.transactions !== null) wipeDirectory(context.disk, task.id);
  for (const queue of task.queues) clearQueue(queue);
  pauseInputs(memory, task, task.status !== 'running');
}
