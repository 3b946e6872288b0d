import { err, ok, type Result } from '../base/result.ts';
import { newDirectories } from '../metadata/directory-id.ts';
import { isActive } from '../metadata/metadata-image.ts';
import { LEADER_RECOVERY_STATE, type PartitionRecord } from '../metadata/metadata-record.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { ApiError } from './api-error.ts';
import type { Cluster } from './controller-state.ts';
import { placeReplicas, type Draw } from './replica-placer.ts';

/** The replicas of new partitions, one list each. */
export interface NewPartitions {
  readonly topicId: Uuid;
  readonly firstPartition: number;
  readonly replicas: readonly (readonly number[])[];
  /** Whether a person chose the brokers, who is then told of them. */
  readonly isManual: boolean;
}

/** Replicas for so many partitions, on brokers that are not about to leave. */
export function placePartitions(
  { image }: Cluster,
  wanted: { readonly partitions: number; readonly replicationFactor: number },
  draw: Draw,
): Result<readonly (readonly number[])[], ApiError> {
  const brokers = [...image.brokers.values()]
    .filter((broker) => broker.fenced || !broker.inControlledShutdown)
    .map(({ brokerId: id, rack, fenced }) => ({ id, rack, fenced }));
  const placed = placeReplicas({ brokers, ...wanted }, draw);
  return placed.ok ? placed : err(notReplicated(wanted.replicationFactor, placed.error));
}

/** What the metadata log says of new partitions: led by the first replica that is active, all active ones in sync. */
export function newPartitionRecords(
  cluster: Cluster,
  { topicId, firstPartition, replicas, isManual }: NewPartitions,
): Result<PartitionRecord[], ApiError> {
  const records: PartitionRecord[] = [];
  for (const [index, brokerIds] of replicas.entries()) {
    const partitionId = firstPartition + index;
    const isr = brokerIds.filter((id) => isActive(cluster.image, id));
    const [leader] = isr;
    if (leader === undefined)
      return err(isManual ? chosenNotActive(partitionId) : nobodyActive(brokerIds.length));
    const place = { replicas: brokerIds, isr, leader, ...directoriesOf(cluster, brokerIds) };
    records.push(partitionRecord(topicId, partitionId, place));
  }
  return ok(records);
}

/** Nothing is said of directories while no broker has registered any. */
const directoriesOf = (
  { image }: Cluster,
  replicas: readonly number[],
): Pick<PartitionRecord, 'directories'> =>
  replicas.some((id) => image.brokers.get(id)?.logDirs[0])
    ? { directories: newDirectories(image, replicas) }
    : {};

const notReplicated = (replicationFactor: number, reason: string): ApiError => ({
  errorCode: ERROR_CODES.INVALID_REPLICATION_FACTOR,
  errorMessage: `Unable to replicate the partition ${replicationFactor} time(s): ${reason}`,
});

const nobodyActive = (replicationFactor: number): ApiError =>
  notReplicated(replicationFactor, 'All brokers are currently fenced or in controlled shutdown.');

const chosenNotActive = (partitionId: number): ApiError => ({
  errorCode: ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
  errorMessage:
    'All brokers specified in the manual partition assignment for partition ' +
    `${partitionId} are fenced or in controlled shutdown.`,
});

const partitionRecord = (
  topicId: Uuid,
  partitionId: number,
  place: Pick<PartitionRecord, 'replicas' | 'isr' | 'leader' | 'directories'>,
): PartitionRecord => ({
  type: 'PartitionRecord',
  topicId,
  partitionId,
  ...place,
  addingReplicas: [],
  removingReplicas: [],
  leaderRecoveryState: LEADER_RECOVERY_STATE.RECOVERED,
  leaderEpoch: 0,
  partitionEpoch: 0,
  eligibleLeaderReplicas: [],
  lastKnownElr: [],
});
