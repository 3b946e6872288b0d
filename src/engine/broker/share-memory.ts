import type { ShareStateApi } from '../coordinator/share/share-state-requests.ts';
import type { RequestBody } from '../protocol/message.ts';
import type { ShareKey } from '../coordinator/share/share-state.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { LatestOffset } from './latest-offsets.ts';

/** What the share coordinator is asked about one share partition. Frozen. */
export interface ShareCall {
  readonly api: ShareStateApi;
  readonly key: ShareKey;
  /** Fields of the partition in the request. */
  readonly asked: object;
  /** How often it has failed. */
  readonly failures: number;
  /** The request about offsets that waits for it; 0 for none. */
  readonly token: number;
}

/** A call that is to be made. */
export type NewShareCall = Omit<ShareCall, 'failures' | 'token'> & { readonly token?: number };

/** A request about offsets of share groups that waits for share coordinators. */
export interface ShareQuestion {
  /** Calls that are not answered yet. */
  missing: number;
  /** What came of them, by `group:topic id:partition`. */
  readonly answers: Map<string, ShareCallAnswer>;
  /** Where partitions end, by `topic/partition`. */
  readonly ends: Map<string, LatestOffset>;
  readonly asked: ShareOffsetsRequest;
}

/** What the share coordinator says of one share partition; other fields as the API has them. */
export interface ShareCallAnswer {
  readonly partition: number;
  readonly errorCode: number;
  readonly startOffset?: number;
  readonly leaderEpoch?: number;
  readonly deliveryCompleteCount?: number;
}

/** A share group that an administrator asks for, once its topics are known. */
export interface ShareGroupToDescribe {
  readonly groupId: string;
  readonly errorCode: number;
  /** Those of a zero id are not there. */
  readonly topics: readonly {
    readonly topicName: string;
    readonly topicId: Uuid;
    readonly partitions: readonly number[];
  }[];
}

/** The request itself. */
export type ShareOffsetsRequest =
  | { readonly api: 'DescribeShareGroupOffsets'; readonly groups: readonly ShareGroupToDescribe[] }
  | { readonly api: 'AlterShareGroupOffsets'; readonly body: RequestBody<'AlterShareGroupOffsets'> }
  | { readonly api: 'DeleteShareGroupOffsets'; readonly body: RequestBody<'DeleteShareGroupOffsets'> };

export type ShareOffsetsApi =
  'DescribeShareGroupOffsets' | 'AlterShareGroupOffsets' | 'DeleteShareGroupOffsets';

/** Calls of share coordinators under way (`PersisterStateManager`). Plain data. */
export interface SharePersister {
  queue: ShareCall[];
  /** By the broker that coordinates. */
  readonly inFlight: Map<number, readonly ShareCall[]>;
  /** Could not be done; tried again after a while, each by its own number. */
  readonly waiting: Map<number, ShareCall>;
  nextWait: number;
}

/** Timers of the calls to share coordinators; those of all that concerns share groups begin with `share-`. */
export const SHARE_RETRY_TIMER = 'share-persister/';
