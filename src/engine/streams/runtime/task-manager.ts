import type { TraceEventData } from '../../api/trace-event.ts';
import { consumerSubscribe, setSubscriptionUserData } from '../../client/consumer/consumer.ts';
import type { TopicPartition } from '../../client/consumer/subscription-state.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import { closeTask } from './close-tasks.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { encodeMemberData, LATEST } from './member-data.ts';
import { clearQueue } from './record-queue.ts';
import { pauseInputs, resumeTasks, startTasks } from './restoration.ts';
import { newRuntimeTask, subTopologyOf, type RuntimeTask } from './runtime-task.ts';
import { tasksOnDisk, wipeDirectory } from './state-directory.ts';
import { inTaskOrder, type TaskId } from './task-id.ts';
import { rememberGroup } from './thread-transactions.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

/** Writes down for the group's leader which tasks this instance has, running or on its disk. */
export function describeMember(memory: StreamsMemory, context: NodeContext): void {
  const sums = new Map<TaskId, number>(tasksOnDisk(context.disk));
  for (const [id, { status }] of memory.tasks)
    if (status === 'running' || status === 'suspended') sums.set(id, LATEST);
  const tasks = new Map([...sums].sort(([a], [b]) => inTaskOrder(a, b)));
  setSubscriptionUserData(memory.main, encodeMemberData({ tasks }));
}

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

/** The group has decided: closes tasks that went to others, takes the kept ones up again, and begins new ones. */
export function takeAssignment(
  memory: StreamsMemory,
  context: NodeContext,
  {
    tasks,
    partitions,
  }: { readonly tasks: readonly TaskId[]; readonly partitions: readonly TopicPartition[] },
): void {
  const before = memory.tasks;
  for (const [id, task] of before) if (!tasks.includes(id)) closeTask(memory, context, task, true);
  const after = new Map<TaskId, RuntimeTask>();
  const fresh: RuntimeTask[] = [];
  for (const id of [...tasks].sort(inTaskOrder)) {
    const kept = before.get(id);
    const task = kept ?? createTask(memory, context, id, partitions);
    after.set(id, task);
    if (kept === undefined) fresh.push(task);
    else prepareToGoOn(memory, context, kept);
  }
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

function createTask(
  memory: StreamsMemory,
  context: NodeContext,
  id: TaskId,
  partitions: readonly TopicPartition[],
): RuntimeTask {
  const plan = planOf(memory.config);
  const { sourceTopics } = subTopologyOf(plan, id);
  memory.taskLives += 1;
  const task = newRuntimeTask(plan, { id, topics: sourceTopics, life: memory.taskLives });
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
