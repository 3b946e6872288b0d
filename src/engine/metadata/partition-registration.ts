import type { Uuid } from '../protocol/uuid.ts';
import type { PartitionChangeRecord, PartitionRecord } from './metadata-record.ts';

/** A partition as the controller knows it (`PartitionRegistration`). Frozen, lists too. */
export interface PartitionRegistration {
  /** Broker ids; the first is the preferred leader. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
  /** Eligible leader replicas (KIP-966): out of the ISR, but known to have everything committed. Ascending. */
  readonly elr: readonly number[];
  /** The leader of before, while nobody leads. */
  readonly lastKnownElr: readonly number[];
  /** −1: nobody leads. */
  readonly leader: number;
  /** 0 RECOVERED, 1 RECOVERING (after an unclean election, until the leader reports back). */
  readonly leaderRecoveryState: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** The directory of each replica on its broker (KIP-858); empty if nobody said. */
  readonly directories: readonly Uuid[];
}

const NOBODY_SAID: readonly Uuid[] = Object.freeze([]);

const list = <T>(ids: readonly T[]): readonly T[] => (Object.isFrozen(ids) ? ids : Object.freeze([...ids]));

export function partitionFromRecord(record: PartitionRecord): PartitionRegistration {
  return Object.freeze({
    replicas: list(record.replicas),
    isr: list(record.isr),
    addingReplicas: list(record.addingReplicas),
    removingReplicas: list(record.removingReplicas),
    elr: list(record.eligibleLeaderReplicas),
    lastKnownElr: list(record.lastKnownElr),
    leader: record.leader,
    leaderRecoveryState: record.leaderRecoveryState,
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
    directories: list(record.directories ?? NOBODY_SAID),
  });
}

/** The partition after a change (`PartitionRegistration.merge`). */
export function mergePartition(
  before: PartitionRegistration,
  change: PartitionChangeRecord,
): PartitionRegistration {
  return Object.freeze({
    replicas: list(change.replicas ?? before.replicas),
    isr: list(change.isr ?? before.isr),
    addingReplicas: list(change.addingReplicas ?? before.addingReplicas),
    removingReplicas: list(change.removingReplicas ?? before.removingReplicas),
    elr: list(change.eligibleLeaderReplicas ?? before.elr),
    lastKnownElr: list(change.lastKnownElr ?? before.lastKnownElr),
    leader: change.leader ?? before.leader,
    leaderRecoveryState: change.leaderRecoveryState ?? before.leaderRecoveryState,
    leaderEpoch: change.leader === undefined ? before.leaderEpoch : before.leaderEpoch + 1,
    partitionEpoch: before.partitionEpoch + 1,
    directories: list(change.directories ?? before.directories),
  });
}
