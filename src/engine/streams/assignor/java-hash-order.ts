import { inTaskOrder, partitionOf, subtopologyOf, type TaskId } from './task-id.ts';

/** Buckets of a new `java.util.HashSet`, and how full they get before there are twice as many. */
const BUCKETS = 16;
const LOAD_FACTOR = 0.75;

/** `TaskId.hashCode`, without a named topology. */
const hashOf = (task: TaskId): number => (29_791 + 961 * subtopologyOf(task) + 31 * partitionOf(task)) | 0;

/**
 * Tasks in the order in which a `java.util.HashSet` hands them out that was filled in task order: by it the assignor decides
 * which threads have one task more than others.
 */
export function inHashOrder(tasks: readonly TaskId[]): TaskId[] {
  let buckets = BUCKETS;
  while (tasks.length > buckets * LOAD_FACTOR) buckets *= 2;
  const bucketOf = (task: TaskId): number => {
    const hash = hashOf(task);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return [...tasks].sort((a, b) => bucketOf(a) - bucketOf(b) || inTaskOrder(a, b));
}
