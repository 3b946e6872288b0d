/** `subtopology_partition`, as Kafka Streams names a task. */
export type TaskId = string;

export const taskId = (subtopology: number, partition: number): TaskId => `${subtopology}_${partition}`;

export const subtopologyOf = (task: TaskId): number => Number(task.slice(0, task.indexOf('_')));

export const partitionOf = (task: TaskId): number => Number(task.slice(task.indexOf('_') + 1));

/** By sub-topology, then by partition. */
export const inTaskOrder = (a: TaskId, b: TaskId): number =>
  subtopologyOf(a) - subtopologyOf(b) || partitionOf(a) - partitionOf(b);
