import type { PrngState } from '../base/prng.ts';
import type { Result } from '../base/result.ts';
import type { SimDuration, SimTime } from '../base/time.ts';
import type { BrokerConfig } from '../api/config/broker-config.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import type { ApiName, RequestBody } from '../protocol/message.ts';
import type { SimpleRecord } from '../protocol/record-batch.ts';
import type { Uuid } from '../protocol/uuid.ts';

/** Names a request that waits for its answer; the broker knows which connection and correlation id it stands for. */
export type RequestToken = number;

/** A request as a coordinator sees it. Plain data; the body is frozen. */
export type CoordinatorRequest<A extends ApiName = ApiName> = A extends ApiName
  ? {
      readonly token: RequestToken;
      readonly api: A;
      readonly version: number;
      readonly clientId: string;
      /** As `java.net.InetAddress` prints it: `/10.0.0.7`. */
      readonly clientHost: string;
      readonly body: RequestBody<A>;
    }
  : never;

/** Whose transaction a coordinator writes for. */
export interface TransactionalProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** What the broker's metadata image knows of topics. */
export interface TopicLookup {
  nameOf(topicId: Uuid): string | undefined;
  idOf(name: string): Uuid | undefined;
  hasPartition(name: string, partition: number): boolean;
  /** 0 if there is no such topic. */
  partitionCount(name: string): number;
  /** Names of all topics, ascending. */
  names(): readonly string[];
}

/**
 * The broker around a coordinator (as Kafka's `CoordinatorRuntime` and `PartitionWriter`). It is passed to every entry
 * point and never kept in state.
 *
 * The broker promises: `append` never calls back; when the high watermark of a coordinator's partition moves, it tells
 * the coordinator afterwards; timers come back with their data while the process lives.
 */
export interface CoordinatorHost {
  readonly config: BrokerConfig;
  /** Number of partitions of the coordinator's topic. */
  readonly partitionCount: number;
  readonly topics: TopicLookup;
  /** What a group has set for itself. */
  groupConfig(groupId: string): ConfigOverrides;
  now(): SimTime;
  wallClockMs(): number;
  prng(stream: string): PrngState;
  /**
   * Appends one batch with acks=all to this partition of the coordinator's topic. Returns the offset after its last
   * record: the write is committed when the high watermark reaches it. The error is a Kafka code, and nothing was
   * appended then (not the leader, too few replicas in sync, batch too large). With `transaction` the batch is part of
   * that producer's transaction.
   */
  append(
    partition: number,
    records: readonly SimpleRecord[],
    transaction?: TransactionalProducer,
  ): Result<number, number>;
  /** Sends the answer; an answer to a request whose connection is gone is dropped. */
  answer(token: RequestToken, body: object): void;
  /** Replaces a pending timer of the same name. `data` is immutable and is given back to the coordinator. */
  setTimer(name: string, delay: SimDuration, data: object): void;
  cancelTimer(name: string): void;
  trace(data: TraceEventData): void;
  /** Asks the share coordinator to begin with partitions of a share group; `onSharesInitialized` follows. */
  initializeShares(groupId: string, stateEpoch: number, partitions: readonly SharedPartition[]): void;
  /** Asks the share coordinator to forget partitions of a share group. */
  deleteShares(groupId: string, partitions: readonly SharedPartition[]): void;
  /** The same for a request about offsets of a share group, which the broker answers when that is done. */
  changeShares(change: SharesToChange): void;
}

/** What an administrator wants of share partitions of a group without members. */
export interface SharesToChange {
  readonly request: CoordinatorRequest<'AlterShareGroupOffsets' | 'DeleteShareGroupOffsets'>;
  readonly groupId: string;
  readonly stateEpoch: number;
  readonly partitions: readonly (SharedPartition & {
    /** Where the group is to begin; null: nothing is to be known of it any more. */
    readonly startOffset: number | null;
  })[];
}

/** A partition that a share group reads. */
export interface SharedPartition {
  readonly topicId: Uuid;
  readonly partition: number;
}
