import { err, ok, type Result } from '../base/result.ts';
import type { PartitionChangeRecord } from '../metadata/metadata-record.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../protocol/alter-partition-reassignments.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Cluster } from './controller-state.ts';
import type { Decision } from './decision.ts';
import { changeRecord, type PartitionPlace } from './leadership.ts';
import type { ApiError } from './api-error.ts';
import { replicasProblem } from './manual-assignment.ts';
import type { PartitionWish } from './partition-wish.ts';
import { uncleanElectionEnabled } from './topic-config.ts';

interface Target {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: readonly number[] | null;
  readonly allowReplicationFactorChange: boolean;
}

/**
 * Moves partitions to other brokers, or gives that up. New replicas are added first; those that are to go are removed
 * by the change of the ISR that makes all others in sync (`alterPartitionReassignments`).
 */
export function alterPartitionReassignments(
  cluster: Cluster,
  request: AlterPartitionReassignmentsRequest,
): Decision<AlterPartitionReassignmentsResponse> {
  const { allowReplicationFactorChange } = request;
  const records: PartitionChangeRecord[] = [];
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      const target = { topic: name, partition: partitionIndex, replicas, allowReplicationFactorChange };
      const result = reassign(cluster, target);
      if (!result.ok) return { partitionIndex, ...result.error };
      if (result.value !== undefined) records.push(result.value);
      return { partitionIndex, errorCode: NONE, errorMessage: null };
    }),
  }));
  const outcome = { throttleTimeMs: 0, allowReplicationFactorChange, errorCode: NONE, errorMessage: null };
  return { records, facts: [], response: { ...outcome, responses } };
}

const refuse = (errorCode: number, errorMessage: string | null): Result<never, ApiError> =>
  err({ errorCode, errorMessage });

function reassign(cluster: Cluster, target: Target): Result<PartitionChangeRecord | undefined, ApiError> {
  const topic = cluster.image.topics.get(target.topic);
  const partition = topic?.partitions[target.partition];
  if (topic === undefined || partition === undefined)
    return refuse(
      ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
      `Unable to find partition ${target.topic}:${target.partition}.`,
    );
  const place = { topic, partitionId: target.partition, partition };
  const wish =
    target.replicas === null
      ? cancellation(cluster, place)
      : change(cluster, partition, { ...target, replicas: target.replicas });
  return wish.ok ? ok(changeRecord(cluster, place, wish.value)) : wish;
}

function change(
  { image }: Cluster,
  { replicas: current }: PartitionRegistration,
  { replicas, allowReplicationFactorChange }: Target & { readonly replicas: readonly number[] },
): Result<Partial<PartitionWish>, ApiError> {
  const problem = replicasProblem(replicas, (id) => image.brokers.has(id));
  if (problem !== undefined) return refuse(ERROR_CODES.INVALID_REPLICA_ASSIGNMENT, problem);
  if (!allowReplicationFactorChange && replicas.length !== current.length)
    return refuse(
      ERROR_CODES.INVALID_REPLICATION_FACTOR,
      `The replication factor is changed from ${current.length} to ${replicas.length}`,
    );
  const targetRemoving = difference(current, replicas);
  const targetAdding = difference(replicas, current);
  return ok({
    targetReplicas: [...replicas, ...targetRemoving],
    ...(targetRemoving.length > 0 ? { targetRemoving } : {}),
    ...(targetAdding.length > 0 ? { targetAdding } : {}),
  });
}

/** Back to the replicas of before; if none of them is in sync any more, the first must lead uncleanly. */
function cancellation(
  cluster: Cluster,
  { topic, partition }: PartitionPlace,
): Result<Partial<PartitionWish>, ApiError> {
  const { addingReplicas, removingReplicas, replicas, isr } = partition;
  if (addingReplicas.length === 0 && removingReplicas.length === 0)
    return refuse(ERROR_CODES.NO_REASSIGNMENT_IN_PROGRESS, null);
  const original = replicas.filter((id) => !addingReplicas.includes(id));
  const inSync = isr.filter((id) => !addingReplicas.includes(id));
  const unclean = uncleanElectionEnabled(cluster, topic.name);
  if (inSync.length === 0 && !unclean)
    return refuse(
      ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
      `Unable to revert partition assignment for ${topic.name} because it would require an unclean leader election.`,
    );
  return ok({
    election: unclean ? 'UNCLEAN' : 'ONLINE',
    targetIsr: inSync.length > 0 ? inSync : original.slice(0, 1),
    targetReplicas: original,
    targetRemoving: [],
    targetAdding: [],
  });
}

const difference = (a: readonly number[], b: readonly number[]): number[] =>
  a.filter((id) => !b.includes(id)).sort((x, y) => x - y);
