import { javaHashBucket } from '../../base/java-hash-code.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { SimTime } from '../../base/time.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type {
  AddPartitionsToTxnRequestTransaction,
  AddPartitionsToTxnResponseResult,
} from '../../protocol/add-partitions-to-txn.ts';
import type { RequestToken } from '../coordinator-host.ts';
import type { TransactionMetadata, TxnPartition, TxnValues } from './transaction-metadata.ts';
import type { TransactionHost } from './transaction-host.ts';

/** Whoever waits for a write of the coordinator. */
export interface Caller {
  readonly api: 'InitProducerId' | 'AddPartitionsToTxn' | 'AddOffsetsToTxn' | 'EndTxn';
  readonly token: RequestToken;
  readonly version: number;
  /** Index of the transaction in an AddPartitionsToTxn. */
  readonly part: number;
}

/** A write that waits until the high watermark of its partition reaches `offset`. */
export interface PendingAppend {
  readonly offset: number;
  readonly deadline: SimTime;
  readonly transactionalId: string;
  /** What holds once it is committed; Dead: the id is forgotten. */
  readonly next: TxnValues;
  /** Null if the coordinator itself wanted it. */
  readonly caller: Caller | null;
  /** It fences a producer off (an epoch that nobody was told of). */
  readonly isFence: boolean;
}

/** The transactional ids of one partition of `__transaction_state`, as its leader knows them. */
export interface TransactionShard {
  readonly partition: number;
  /** The leader epoch in which this broker took over. */
  readonly coordinatorEpoch: number;
  readonly transactions: Map<string, TransactionMetadata>;
  /** In order of `offset`. */
  readonly appends: PendingAppend[];
}

/** A transaction's markers for partitions that one broker leads. Frozen. */
export interface MarkerEntry {
  readonly transactionalId: string;
  /** Partition of `__transaction_state`, and in which epoch it was led. */
  readonly shard: number;
  readonly coordinatorEpoch: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly commit: boolean;
  readonly transactionVersion: number;
  readonly partitions: readonly TxnPartition[];
}

/** What is written when all markers of a transaction are. Frozen. */
export interface Completion {
  readonly transactionalId: string;
  readonly shard: number;
  readonly coordinatorEpoch: number;
  readonly next: TxnValues;
}

/** Markers on their way to the partitions (`TransactionMarkerChannelManager`). */
export interface MarkerChannel {
  /** By transactional id. */
  readonly completions: Map<string, Completion>;
  /** By the broker that leads. */
  readonly queues: Map<number, MarkerEntry[]>;
  readonly inFlight: Map<number, readonly MarkerEntry[]>;
  /** Could not be sent or written; tried again after a while. */
  unsent: MarkerEntry[];
  /** Completions that could not be written, likewise. */
  unwritten: Completion[];
  /** Completions to be written at the end of this event. */
  ready: Completion[];
}

/** All that a transaction coordinator of one broker remembers. Plain data. */
export interface TransactionCoordinator {
  /** By partition of `__transaction_state`. */
  readonly shards: Map<number, TransactionShard>;
  /** Partitions whose log is being read. */
  readonly loading: Set<number>;
  readonly markers: MarkerChannel;
  /** AddPartitionsToTxn requests whose answers are not complete yet. */
  readonly gatherings: Map<RequestToken, Gathering>;
}

export interface Gathering {
  readonly transactions: readonly AddPartitionsToTxnRequestTransaction[];
  /** The answers so far, by index of the transaction. */
  readonly parts: (AddPartitionsToTxnResponseResult | null)[];
}

export const newTransactionCoordinator = (): TransactionCoordinator => ({
  shards: new Map(),
  loading: new Set(),
  markers: {
    completions: new Map(),
    queues: new Map(),
    inFlight: new Map(),
    unsent: [],
    unwritten: [],
    ready: [],
  },
  gatherings: new Map(),
});

/** What handlers work with. Made anew for every call. */
export interface Coordination {
  readonly coordinator: TransactionCoordinator;
  readonly host: TransactionHost;
}

/** A transactional id and where it lives. `txn` is undefined if nobody ever used it. */
export interface Place {
  readonly shard: TransactionShard;
  readonly txn: TransactionMetadata | undefined;
}

/** The partition of `__transaction_state` that keeps a transactional id. */
export const partitionForTransaction = (transactionalId: string, partitionCount: number): number =>
  javaHashBucket(transactionalId, partitionCount);

/** Finds a transactional id; the error is a code. */
export function find({ coordinator, host }: Coordination, transactionalId: string): Result<Place, number> {
  const partition = partitionForTransaction(transactionalId, host.partitionCount);
  if (coordinator.loading.has(partition)) return err(ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS);
  const shard = coordinator.shards.get(partition);
  if (shard === undefined) return err(ERROR_CODES.NOT_COORDINATOR);
  return ok({ shard, txn: shard.transactions.get(transactionalId) });
}
