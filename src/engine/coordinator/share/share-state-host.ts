import type { BrokerConfig } from '../../api/config/broker-config.ts';
import type { Result } from '../../base/result.ts';
import type { SimDuration, SimTime } from '../../base/time.ts';
import type { SimpleRecord } from '../../protocol/record-batch.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import type { RequestToken } from '../coordinator-host.ts';

/** The broker around a share coordinator; the promises of `CoordinatorHost` hold. */
export interface ShareStateHost {
  readonly config: BrokerConfig;
  /** Number of partitions of `__share_group_state`. */
  readonly partitionCount: number;
  hasPartition(topicId: Uuid, partition: number): boolean;
  now(): SimTime;
  wallClockMs(): number;
  /** Appends one batch to this partition of `__share_group_state`, see `CoordinatorHost.append`. */
  append(partition: number, records: readonly SimpleRecord[]): Result<number, number>;
  answer(token: RequestToken, body: object): void;
  setTimer(name: string, delay: SimDuration, data: object): void;
  cancelTimer(name: string): void;
}

/** Timers whose name begins so belong to the share coordinator. */
export const SHARE_STATE_TIMER_PREFIX = 'share-coordinator/';

/** Comes back from the host when the oldest write to a partition waited long enough for the high watermark. */
export interface ShareStateTimer {
  readonly partition: number;
}
