import type { PartitionPlace } from '../cluster-view.ts';
import type { BrokerId } from '../ids.ts';
import type { Bytes } from '../../base/bytes.ts';

/** A replica as its own broker sees it. */
export interface ReplicaView extends PartitionPlace {
  readonly topicId: string;
  readonly role: 'leader' | 'follower';
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** As the broker knows it. */
  readonly isr: readonly BrokerId[];
  /** Whoever the controller may hold to be in sync, as far as the leader knows: what it has asked for counts too. */
  readonly maximalIsr: readonly BrokerId[];
  readonly minInsyncReplicas: number;
  /** What its broker may delete of it by itself. */
  readonly retention: RetentionView;
  /** Of its whole log. */
  readonly sizeInBytes: number;
  /** For how long its cleaner leaves a tombstone that it has met, ms. */
  readonly deleteRetentionMs: number;
  readonly logStart: number;
  readonly highWatermark: number;
  readonly logEnd: number;
  /** Last stable offset. */
  readonly lastStable: number;
  /** Transactions that were aborted, by the offset of their markers. */
  readonly aborted: readonly AbortedView[];
  /** Leader epoch cache, ascending. Immutable. */
  readonly epochs: readonly EpochStart[];
  readonly records: LogView;
  /** What the replica knows of producers that wrote to it. */
  visitProducers(visit: (state: ProducerStateView) => void): void;
}

/** −1 for no limit. */
export interface RetentionView {
  /** What is older may go. */
  readonly ms: number;
  /** What is beyond may go, as long as so much is left. */
  readonly bytes: number;
}

export interface AbortedView {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of its marker. */
  readonly lastOffset: number;
}

export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

export interface ProducerStateView {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Of the newest batch, −1 for none. */
  readonly lastSequence: number;
  readonly lastOffset: number;
}

/** The batches that a replica holds, by offset. */
export interface LogView {
  /** The newest batch. */
  readonly last: BatchView | undefined;
  /** The oldest batch. */
  readonly first: BatchView | undefined;
  /** Where the next record goes: behind the newest batch, or where the newest segment begins, as a cleaner may empty the one before. */
  readonly end: number;
  /** Offset up to which the cleaner of this disk has cleaned; 0 if it never did. */
  readonly cleanedTo: number;
  /** One beyond the last record that survives a loss of power for certain, 0 for none. */
  readonly flushedEnd: number;
  /** The batch that has this offset, or else the next one. */
  at(offset: number): BatchView | undefined;
  /** Batches from the one that has `from`, or the next one, up to those that begin before `to`, ascending. */
  visit(from: number, to: number, visit: (batch: BatchView) => void): void;
}

/** A batch as it lies in the log. Frozen, and the same object on all replicas. */
export interface BatchView {
  readonly baseOffset: number;
  readonly lastOffsetDelta: number;
  readonly partitionLeaderEpoch: number;
  /** −1 without idempotence. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  /** ms since 1970. */
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  /** Present when the cleaner has met a tombstone or a marker that may go: from when on it may, ms since 1970. */
  readonly deleteHorizonMs?: number;
  readonly isTransactional: boolean;
  /** Present on a marker of a transaction. */
  readonly control?: MarkerView;
  /** Identity of the records: the same object from the producer's buffer to every replica. */
  readonly records: RecordsView;
}

export interface MarkerView {
  readonly type: 'COMMIT' | 'ABORT';
  readonly coordinatorEpoch: number;
}

export interface RecordsView {
  readonly count: number;
  readonly keys: readonly (Bytes | null)[];
  readonly values: readonly (Bytes | null)[];
  /** ms after `baseTimestamp`. */
  readonly timestampDeltas: readonly number[];
  /** Absent when no record has headers. */
  readonly headers?: readonly (readonly { readonly key: string; readonly value: Bytes | null }[])[];
  /** Offsets after `baseOffset`; absent when they are 0, 1, 2 … */
  readonly offsetDeltas?: readonly number[];
}
