import type { JoinGroupRequestProtocol } from '../../protocol/join-group.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { SharedPartition, SharesToChange, TransactionalProducer } from '../coordinator-host.ts';
import type { GroupMetadataValue, GroupRecord } from './group-record.ts';

/**
 * What a handler decided (`CoordinatorResult`). The records are appended and replayed; what follows from them waits
 * until they are committed.
 */
export interface Decision {
  readonly records: readonly GroupRecord[];
  /** The transaction that the records belong to. */
  readonly transaction?: TransactionalProducer;
  /** The answer, given once everything written so far is committed. Absent if the request was answered or parked. */
  readonly response?: object;
  /** What happens to the living group when the records are committed, or cannot be. */
  readonly effect?: WriteEffect;
  /** A group that exists only if the records are appended. */
  readonly createdGroup?: string;
  /** A classic group that lives from when the records are appended on. */
  readonly installed?: InstalledGroup;
}

/** A group of the consumer protocol that goes on as a classic group. */
export interface InstalledGroup {
  readonly group: ClassicGroup;
  /** Why it begins with a rebalance; null if it does not. */
  readonly rebalance: string | null;
}

/** Nothing to write, nothing to answer now. */
export const NO_RECORDS: Decision = { records: [] };

export type WriteEffect = AssignmentStored | StaticMemberStored | SharesChanged | SharesAltered;

/** An administrator's request about offsets of a share group goes on with the share coordinator. */
export interface SharesAltered {
  readonly kind: 'shares-altered';
  readonly change: SharesToChange;
}

/** The share coordinator is told of partitions that a share group begins with, or needs no more. */
export interface SharesChanged {
  readonly kind: 'shares-initializing' | 'shares-deleted';
  readonly groupId: string;
  readonly stateEpoch: number;
  readonly partitions: readonly SharedPartition[];
}

/** The leader's assignment was written: members that wait in SyncGroup get their share. */
export interface AssignmentStored {
  readonly kind: 'assignment-stored';
  readonly groupId: string;
  readonly leaderId: string;
  readonly value: GroupMetadataValue;
}

/** A static member's new id was written: its JoinGroup is answered. If that fails it gets its old id back. */
export interface StaticMemberStored {
  readonly kind: 'static-member-stored';
  readonly groupId: string;
  readonly oldMemberId: string;
  readonly newMemberId: string;
  readonly oldProtocols: readonly JoinGroupRequestProtocol[];
  readonly oldRebalanceTimeoutMs: number;
  readonly oldSessionTimeoutMs: number;
  /** Leader before the replacement, which versions before 9 are told. */
  readonly oldLeader: string | null;
  /** From version 9 on the leader is told to skip the assignment. */
  readonly version: number;
}
