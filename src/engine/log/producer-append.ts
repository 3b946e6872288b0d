import { ERROR_CODES } from '../protocol/errors.ts';
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID, type RecordBatch } from '../protocol/record-batch.ts';
import {
  addBatch,
  findDuplicate,
  isInSequence,
  lastSequenceOf,
  newProducerEntry,
  type BatchMetadata,
  type ProducerEntry,
} from './producer-entry.ts';
import { beginTxn, type CompletedTxn, type ProducerState, type VerificationEntry } from './producer-state.ts';

/** Who appends: a client, a coordinator on the same broker, or a follower that copies. */
export type AppendOrigin = 'client' | 'coordinator' | 'replication';

/** Whether the producer has a transaction open here, begun with this epoch. */
export function hasOpenTxn(state: ProducerState, producerId: number, producerEpoch: number): boolean {
  const entry = state.producers.get(producerId);
  return entry !== undefined && entry.currentTxnFirstOffset !== null && entry.producerEpoch === producerEpoch;
}

/** Whether a newer epoch of the producer is known here. */
export function isFenced(state: ProducerState, producerId: number, producerEpoch: number): boolean {
  const entry = state.producers.get(producerId);
  return entry !== undefined && producerEpoch < entry.producerEpoch;
}

/** The batch that is already in the log, for a retry of a client. */
export function findDuplicateBatch(state: ProducerState, batch: RecordBatch): BatchMetadata | undefined {
  if (batch.producerId === NO_PRODUCER_ID || batch.control !== undefined) return undefined;
  const entry = state.producers.get(batch.producerId);
  return entry === undefined ? undefined : findDuplicate(entry, batch);
}

/**
 * Whether the producer may append this batch of data: an error code (`ProducerAppendInfo`). A copy is checked for no
 * more than what would make the log itself inconsistent.
 */
export function checkDataBatch(state: ProducerState, batch: RecordBatch, origin: AppendOrigin): number {
  const entry = state.producers.get(batch.producerId);
  if (origin !== 'replication' && batch.producerEpoch < (entry?.producerEpoch ?? NO_PRODUCER_EPOCH))
    return ERROR_CODES.INVALID_PRODUCER_EPOCH;
  if (origin === 'client' && !isNextOf(entry, batch, state.verifications.get(batch.producerId)))
    return ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER;
  const inTransaction = entry !== undefined && entry.currentTxnFirstOffset !== null;
  return inTransaction && !batch.isTransactional ? ERROR_CODES.INVALID_TXN_STATE : ERROR_CODES.NONE;
}

function isNextOf(
  entry: ProducerEntry | undefined,
  batch: RecordBatch,
  verification: VerificationEntry | undefined,
): boolean {
  const first = batch.baseSequence;
  if (verification !== undefined && first > verification.lowestSequence) return false;
  if (entry === undefined || entry.producerEpoch === NO_PRODUCER_EPOCH)
    return verification === undefined || !verification.supportsEpochBump || first === 0;
  if (batch.producerEpoch !== entry.producerEpoch) return first === 0;
  return isInSequence(lastSequenceOf(entry), first);
}

/** Takes an accepted batch of data into account. */
export function updateWithDataBatch(state: ProducerState, batch: RecordBatch): void {
  let entry = state.producers.get(batch.producerId);
  if (entry === undefined) {
    entry = newProducerEntry(batch.producerId, batch.producerEpoch);
    state.producers.set(batch.producerId, entry);
  }
  addBatch(entry, batch);
  if (!batch.isTransactional) return;
  state.verifications.delete(batch.producerId);
  if (entry.currentTxnFirstOffset === null) beginTxn(state, entry, batch.baseOffset);
}

/**
 * Version of the transaction protocol that a marker was written with; −1: not known, in a copy; `strict`: 2, as it was
 * before KAFKA-19999.
 */
export type MarkerVersion = -1 | 0 | 1 | 2 | 'strict';

/** A transaction that a marker ended, with what read_committed consumers need to know of it. */
export interface TxnEnd {
  readonly txn: CompletedTxn;
  readonly lastStableOffset: number;
}

export interface VerificationRequest {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly sequence: number;
  readonly supportsEpochBump: boolean;
}

/** What read_committed consumers are told of an aborted transaction. Frozen. */
export interface AbortedTxn {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of its marker. */
  readonly lastOffset: number;
  /** The last stable offset once it was aborted. */
  readonly lastStableOffset: number;
}
