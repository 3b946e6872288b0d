import type { Anchor } from '../../api/anchors.ts';
import type { BrokerConfig } from '../../api/config/broker-config.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import type { Result } from '../../base/result.ts';
import type { SimDuration, SimTime } from '../../base/time.ts';
import type { SimpleRecord } from '../../protocol/record-batch.ts';
import type { WriteTxnMarkersRequestMarker } from '../../protocol/write-txn-markers.ts';
import type { RequestToken } from '../coordinator-host.ts';

/**
 * The broker around a transaction coordinator. It is passed to every entry point and never kept in state. The promises
 * of `CoordinatorHost` hold; besides, every {@link sendMarkers} is followed by one `onMarkersAnswered`.
 */
export interface TransactionHost {
  readonly config: BrokerConfig;
  /** Number of partitions of `__transaction_state`. */
  readonly partitionCount: number;
  /** Finalized level of the feature `transaction.version`. */
  readonly transactionVersion: number;
  /** The partition of `__consumer_offsets` that keeps a group's offsets. */
  partitionForGroup(groupId: string): number;
  now(): SimTime;
  wallClockMs(): number;
  /** Appends one batch to this partition of `__transaction_state`, see `CoordinatorHost.append`. */
  append(partition: number, records: readonly SimpleRecord[]): Result<number, number>;
  answer(token: RequestToken, body: object): void;
  setTimer(name: string, delay: SimDuration, data: object): void;
  cancelTimer(name: string): void;
  trace(data: TraceEventData): void;
  /** A step at which the broker may have been told to crash; then it does not return. */
  anchor(name: Anchor): void;
  /** A producer id that nobody has; the error is a code. */
  newProducerId(): Result<number, number>;
  /** Who leads a partition: −1 if nobody does now, undefined if there is no such partition. */
  leaderOf(topic: string, partition: number): number | undefined;
  /** Sends markers to a broker; one request is under way to each. */
  sendMarkers(brokerId: number, markers: readonly WriteTxnMarkersRequestMarker[]): void;
}

/** Timers whose name begins so belong to the transaction coordinator. */
export const TRANSACTION_TIMER_PREFIX = 'transaction-coordinator/';

/** Comes back from the host when a timer fires. */
export type TransactionTimer =
  /** The oldest write to a partition waited long enough for the high watermark. */
  | { readonly kind: 'append-timeout'; readonly partition: number }
  /** Markers and completions that could not be written are tried again. */
  | { readonly kind: 'marker-retry' };
