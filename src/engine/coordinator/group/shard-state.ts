import type { SimTime } from '../../base/time.ts';
import type { ConsumerGroup } from '../consumer-group/consumer-group.ts';
import type { ShareGroup } from '../share-group/share-group.ts';
import type { CoordinatorHost, RequestToken } from '../coordinator-host.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { WriteEffect } from './decision.ts';
import type { GroupMetadataValue, OffsetCommitValue } from './group-record.ts';
import type { Caller, Gathering } from './group-request.ts';

/** A committed offset and where it is written in `__consumer_offsets`. Frozen. */
export interface StoredOffset extends OffsetCommitValue {
  readonly recordOffset: number;
}

/** Offsets of one group, by topic name, then partition. */
export type GroupOffsets = Map<string, Map<number, StoredOffset>>;

/** What `__consumer_offsets` says: written by `replay` only, so that a new coordinator comes to the same. */
export interface StoredGroups {
  readonly metadata: Map<string, GroupMetadataValue>;
  readonly offsets: Map<string, GroupOffsets>;
  /** Offsets of transactions that are open, by producer id, then group. */
  readonly pending: Map<number, Map<string, GroupOffsets>>;
  readonly consumerGroups: Map<string, ConsumerGroup>;
  readonly shareGroups: Map<string, ShareGroup>;
}

/** What an offset was before a write that is not committed yet. */
export interface OffsetBefore {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly value: StoredOffset | undefined;
}

/** What a group of the consumer protocol was before a write that is not committed yet. */
export interface ConsumerGroupBefore {
  readonly groupId: string;
  readonly group: ConsumerGroup | undefined;
}

/** What a share group was before a write that is not committed yet. */
export interface ShareGroupBefore {
  readonly groupId: string;
  readonly group: ShareGroup | undefined;
}

/** What is not committed yet, as it was before. */
export interface StoredBefore {
  readonly offsets: readonly OffsetBefore[];
  readonly consumerGroups: readonly ConsumerGroupBefore[];
  readonly shareGroups: readonly ShareGroupBefore[];
}

/** An operation that waits until the high watermark reaches `offset`. */
export interface PendingOperation {
  readonly offset: number;
  readonly deadline: SimTime;
  /** Whom to tell, null for a timer's doing. */
  readonly caller: Caller | null;
  /** Null if the request is parked with its member. */
  readonly response: object | null;
  readonly effect: WriteEffect | null;
  readonly before: StoredBefore;
  /** It was answered (in time or not); only `before` still counts. */
  settled: boolean;
}

/** A write that nobody here waits for, and that may not be committed yet: readers still see what was before. */
export const replicating = (offset: number, before: StoredBefore): PendingOperation => ({
  offset,
  deadline: 0,
  caller: null,
  response: null,
  effect: null,
  before,
  settled: true,
});

/** The groups of one partition of `__consumer_offsets`. Plain data. */
export interface ShardState {
  readonly partition: number;
  readonly leaderEpoch: number;
  status: 'loading' | 'active';
  readonly stored: StoredGroups;
  readonly groups: Map<string, ClassicGroup>;
  /** Offset after the last record that this coordinator appended or loaded. */
  lastWrittenOffset: number;
  /** High watermark of the partition. */
  committedOffset: number;
  /** In order of `offset`. */
  readonly pending: PendingOperation[];
  /** Names of timers that run and must not begin anew. */
  readonly runningTimers: Set<string>;
}

/** All that a group coordinator of one broker remembers. Plain data. */
export interface GroupCoordinator {
  /** By partition of `__consumer_offsets`. */
  readonly shards: Map<number, ShardState>;
  /** Requests about several groups whose answers are not complete yet. */
  readonly gatherings: Map<RequestToken, Gathering>;
}

/** What handlers work with: one shard and the broker around it. Made anew for every call. */
export interface GroupShard {
  readonly state: ShardState;
  readonly host: CoordinatorHost;
}

export const newGroupCoordinator = (): GroupCoordinator => ({ shards: new Map(), gatherings: new Map() });

export const newShardState = (partition: number, leaderEpoch: number): ShardState => ({
  partition,
  leaderEpoch,
  status: 'loading',
  stored: {
    metadata: new Map(),
    offsets: new Map(),
    pending: new Map(),
    consumerGroups: new Map(),
    shareGroups: new Map(),
  },
  groups: new Map(),
  lastWrittenOffset: 0,
  committedOffset: 0,
  pending: [],
  runningTimers: new Set(),
});

/** The classic group of this id; undefined if it was never heard of. */
export const groupOf = (shard: GroupShard, groupId: string): ClassicGroup | undefined =>
  shard.state.groups.get(groupId);

/** The group of the consumer protocol of this id. */
export const consumerGroupOf = (shard: GroupShard, groupId: string): ConsumerGroup | undefined =>
  shard.state.stored.consumerGroups.get(groupId);

/** The same as far as the high watermark covers it: what readers are told. */
export function committedConsumerGroup({ state }: GroupShard, groupId: string): ConsumerGroup | undefined {
  for (const { before } of state.pending) {
    const touched = before.consumerGroups.find((known) => known.groupId === groupId);
    if (touched !== undefined) return touched.group;
  }
  return state.stored.consumerGroups.get(groupId);
}

/** The share group of this id. */
export const shareGroupOf = (shard: GroupShard, groupId: string): ShareGroup | undefined =>
  shard.state.stored.shareGroups.get(groupId);

/** The same as far as the high watermark covers it: what readers are told. */
export function committedShareGroup({ state }: GroupShard, groupId: string): ShareGroup | undefined {
  for (const { before } of state.pending) {
    const touched = before.shareGroups.find((known) => known.groupId === groupId);
    if (touched !== undefined) return touched.group;
  }
  return state.stored.shareGroups.get(groupId);
}
