import type { SimTime } from '../../base/time.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import type { FetchSessionHandler } from '../../protocol/fetch-session-handler.ts';
import type { RecordBatch } from '../../protocol/record-batch.ts';

/** What a fetch brought of one partition and poll() has not returned yet (`CompletedFetch`). */
export interface FetchedPartition {
  readonly name: TopicPartitionName;
  readonly topic: string;
  readonly partition: number;
  readonly batches: readonly RecordBatch[];
  /** Next batch, and in it the next record, to be returned. */
  batchIndex: number;
  recordIndex: number;
  /** The position that fits: if the partition stands elsewhere, what is here is out of date. */
  nextOffset: number;
  /** For read_committed: transactions that were aborted, by first offset, not yet reached. */
  readonly aborted: { readonly producerId: number; readonly firstOffset: number }[];
  /** Producers inside an aborted transaction at this place. */
  readonly abortedIds: Set<number>;
}

/** Fetches under way and what they brought (`Fetcher`, `FetchBuffer`). */
export interface Fetcher {
  /** In order of arrival. */
  buffered: FetchedPartition[];
  /** Brokers with a fetch under way. */
  readonly inFlight: Set<number>;
  /** With brokers that were fetched from. */
  readonly sessions: Map<number, FetchSessionHandler>;
  /** No fetch to this broker before. */
  readonly notBefore: Map<number, SimTime>;
}

export const newFetcher = (): Fetcher => ({
  buffered: [],
  inFlight: new Set(),
  sessions: new Map(),
  notBefore: new Map(),
});
