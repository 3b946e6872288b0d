import type { ShareStateApi } from '../coordinator/share/share-state-requests.ts';
import type { RequestBody } from '../protocol/message.ts';
import type { ShareKey } from '../coordinator/share/share-state.ts';

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
  readonly asked: ShareOffsetsRequest;
}

/** What the share coordinator says of one share partition; other fields as the API has them. */
export interface ShareCallAnswer {
  readonly partition: number;
  readonly errorCode: number;
  readonly startOffset?: number;
  readonly leaderEpoch?: number;
}

/** The request itself. */
export type ShareOffsetsRequest = {
  readonly [A in ShareOffsetsApi]: { readonly api: A; readonly body: RequestBody<A> };
}[ShareOffsetsApi];

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
