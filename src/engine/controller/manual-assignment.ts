import type { CreateTopicsRequestAssignment } from '../protocol/create-topics.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { ApiError } from './api-error.ts';
import { err, ok, type Result } from '../base/result.ts';

const invalid = (errorMessage: string): Result<never, ApiError> =>
  err({ errorCode: ERROR_CODES.INVALID_REPLICA_ASSIGNMENT, errorMessage });

/** The replicas of each partition as written, if they make sense (`validateManualPartitionAssignment`). */
export function manualAssignment(
  written: readonly CreateTopicsRequestAssignment[],
  isRegistered: (brokerId: number) => boolean,
): Result<readonly (readonly number[])[], ApiError> {
  const byIndex: (readonly number[])[] = [];
  const seen = new Set<number>();
  const replicationFactor = written[0]?.brokerIds.length ?? 0;
  for (const { partitionIndex, brokerIds } of written) {
    if (seen.has(partitionIndex))
      return invalid(`Found multiple manual partition assignments for partition ${partitionIndex}`);
    seen.add(partitionIndex);
    const problem =
      replicasProblem(brokerIds, isRegistered) ?? countProblem(brokerIds.length, replicationFactor);
    if (problem !== undefined) return invalid(problem);
    byIndex[partitionIndex] = brokerIds;
  }
  const complete = written.every((_, index) => seen.has(index));
  return complete ? ok(byIndex) : invalid('partitions should be a consecutive 0-based integer sequence');
}

/** What is wrong with the replicas of one partition, or undefined. */
export function replicasProblem(
  brokerIds: readonly number[],
  isRegistered: (brokerId: number) => boolean,
): string | undefined {
  if (brokerIds.length === 0) return 'The manual partition assignment includes an empty replica list.';
  const unknown = brokerIds.find((id) => !isRegistered(id));
  if (unknown !== undefined)
    return `The manual partition assignment includes broker ${unknown}, but no such broker is registered.`;
  const twice = brokerIds.find((id, index) => brokerIds.indexOf(id) !== index);
  if (twice === undefined) return undefined;
  return `The manual partition assignment includes the broker ${twice} more than once.`;
}

/** All partitions of a topic begin with as many replicas. */
export function countProblem(count: number, replicationFactor: number): string | undefined {
  if (count === replicationFactor) return undefined;
  return (
    `The manual partition assignment includes a partition with ${count} replica(s), but this is not ` +
    `consistent with previous partitions, which have ${replicationFactor} replica(s).`
  );
}
