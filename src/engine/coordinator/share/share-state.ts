import { javaHashBucket } from '../../base/java-hash-code.ts';
import type { SimTime } from '../../base/time.ts';
import type { StateBatch } from '../../protocol/share-group-state.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import type { RequestToken } from '../coordinator-host.ts';

/** A partition as one share group reads it. */
export interface ShareKey {
  readonly groupId: string;
  readonly topicId: Uuid;
  readonly partition: number;
}

/** `SharePartitionKey.asCoordinatorKey`: by this the partition of `__share_group_state` is found. */
export const shareKeyText = ({ groupId, topicId, partition }: ShareKey): string =>
  `${groupId}:${topicId}:${partition}`;

/** The partition of `__share_group_state` that keeps a share partition's state. */
export const partitionForShare = (key: ShareKey, partitionCount: number): number =>
  javaHashBucket(shareKeyText(key), partitionCount);

/** Where a share group stands in a partition (`ShareGroupOffset`). Frozen. */
export interface ShareGroupOffset {
  /** Counts snapshots; updates belong to the one before them. */
  readonly snapshotEpoch: number;
  /** Grows when the group begins anew; who knows an older one is fenced off. */
  readonly stateEpoch: number;
  /** Of the partition's leader that spoke last. */
  readonly leaderEpoch: number;
  /** All before it is done with; −1 if the group has yet to choose where it begins. */
  readonly startOffset: number;
  /** Records beyond the start that are done with; −1 if nobody said. */
  readonly deliveryCompleteCount: number;
  /** Ascending, without overlaps. */
  readonly batches: readonly StateBatch[];
  /** Updates since the last snapshot. */
  readonly updates: number;
}

/** A result that waits until the high watermark of its partition reaches `offset`. Frozen. */
export interface PendingResult {
  readonly offset: number;
  readonly deadline: SimTime;
  readonly token: RequestToken;
  /** Which partition of the request. */
  readonly part: number;
  readonly result: object;
}

/** The share partitions of one partition of `__share_group_state`, as its leader knows them. */
export interface ShareShard {
  readonly partition: number;
  /** By {@link shareKeyText}: the state, as far as it is written. */
  readonly offsets: Map<string, ShareGroupOffset>;
  /** Offset after the last record that was appended or loaded. */
  lastWrittenOffset: number;
  /** High watermark of the partition. */
  committedOffset: number;
  /** In order of `offset`. */
  pending: PendingResult[];
}

/** A request about several share partitions, as their results come in. */
export interface ShareGathering {
  readonly keys: readonly ShareKey[];
  readonly results: (object | null)[];
  missing: number;
}

/** All that a share coordinator of one broker remembers. Plain data. */
export interface ShareCoordinator {
  /** By partition of `__share_group_state`. */
  readonly shards: Map<number, ShareShard>;
  /** Partitions whose log is being read. */
  readonly loading: Set<number>;
  readonly gatherings: Map<RequestToken, ShareGathering>;
}
