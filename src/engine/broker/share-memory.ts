import type { ShareStateApi } from '../coordinator/share/share-state-requests.ts';
import type { ShareKey } from '../coordinator/share/share-state.ts';

/** What the share coordinator is asked about one share partition. Frozen. */
export interface ShareCall {
  readonly api: ShareStateApi;
  readonly key: ShareKey;
  /** Fields of the partition in the request. */
  readonly asked: object;
  /** How often it has failed. */
  readonly failures: number;
}

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
