import { NONE } from '../protocol/errors.ts';
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../protocol/list-partition-reassignments.ts';
import type { Cluster } from './controller-state.ts';

/** Partitions that are on their way to other brokers; what does not exist is not named (KIP-455). */
export function listPartitionReassignments(
  { image }: Cluster,
  request: ListPartitionReassignmentsRequest,
): ListPartitionReassignmentsResponse {
  const asked =
    request.topics ??
    [...image.topics.values()].map(({ name, partitions }) => ({
      name,
      partitionIndexes: [...partitions.keys()],
    }));
  const topics = asked.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.flatMap((partitionIndex) => {
      const partition = image.topics.get(name)?.partitions[partitionIndex];
      if (partition === undefined) return [];
      const { replicas, addingReplicas, removingReplicas } = partition;
      if (addingReplicas.length + removingReplicas.length === 0) return [];
      return [{ partitionIndex, replicas, addingReplicas, removingReplicas }];
    }),
  }));
  return {
    throttleTimeMs: 0,
    errorCode: NONE,
    errorMessage: null,
    topics: topics.filter(({ partitions }) => partitions.length > 0),
  };
}
