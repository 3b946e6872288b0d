import { ERROR_CODES } from '../protocol/errors.ts';
import { lastOffset, MAX_PRODUCER_EPOCH, type RecordBatch } from '../protocol/record-batch.ts';
import type {
  AbortedTxn,
  AppendOrigin,
  MarkerVersion,
  TxnEnd,
  VerificationRequest,
} from './producer-append.ts';
import { newProducerEntry, setProducerEpoch, type ProducerEntry } from './producer-entry.ts';
import {
  completeTxn,
  lastStableOffsetAfter,
  type ProducerState,
  type VerificationEntry,
} from './producer-state.ts';

/** Whether the transaction coordinator may still write this marker: an error code. */
export function checkMarker(
  state: ProducerState,
  batch: RecordBatch,
  origin: AppendOrigin,
  version: MarkerVersion,
): number {
  const entry = state.producers.get(batch.producerId);
  if (entry === undefined || origin === 'replication') return ERROR_CODES.NONE;
  if (isMarkerEpochTooOld(entry, batch.producerEpoch, version)) return ERROR_CODES.INVALID_PRODUCER_EPOCH;
  return (batch.control?.coordinatorEpoch ?? 0) < entry.coordinatorEpoch
    ? ERROR_CODES.TRANSACTION_COORDINATOR_FENCED
    : ERROR_CODES.NONE;
}

/**
 * Under version 2 the marker's epoch is a new one; the same with nothing open is only a repetition (KIP-890), which the
 * strict rule took for one that comes too late. After the highest epoch of all there is no new one.
 */
const isMarkerEpochTooOld = (entry: ProducerEntry, epoch: number, version: MarkerVersion): boolean =>
  epoch < entry.producerEpoch ||
  (epoch === entry.producerEpoch &&
    (version === 'strict' ||
      (version === 2 && entry.currentTxnFirstOffset !== null && epoch !== MAX_PRODUCER_EPOCH)));

/** Takes an accepted marker into account; says which transaction it ended, if one was open. */
export function updateWithMarker(state: ProducerState, batch: RecordBatch): TxnEnd | undefined {
  let entry = state.producers.get(batch.producerId);
  if (entry === undefined) {
    entry = newProducerEntry(batch.producerId, batch.producerEpoch);
    state.producers.set(batch.producerId, entry);
  }
  const firstOffset = entry.currentTxnFirstOffset;
  setProducerEpoch(entry, batch.producerEpoch);
  entry.coordinatorEpoch = batch.control?.coordinatorEpoch ?? entry.coordinatorEpoch;
  entry.lastTimestamp = batch.maxTimestamp;
  entry.currentTxnFirstOffset = null;
  dropVerification(state, batch);
  if (firstOffset === null) return undefined;
  const isAborted = batch.control?.type === 'ABORT';
  const txn = { producerId: batch.producerId, firstOffset, lastOffset: lastOffset(batch), isAborted };
  const lastStableOffset = lastStableOffsetAfter(state, txn);
  completeTxn(state, txn);
  return { txn, lastStableOffset };
}

/** A marker ends what was being verified, except a verification of the epoch that the marker itself begins. */
function dropVerification(state: ProducerState, batch: RecordBatch): void {
  const entry = state.verifications.get(batch.producerId);
  if (entry === undefined) return;
  if (entry.supportsEpochBump && entry.producerEpoch === batch.producerEpoch) return;
  state.verifications.delete(batch.producerId);
}

/** Remembers that a transaction is being verified, and the lowest sequence seen meanwhile. */
export function beginVerification(
  state: ProducerState,
  request: VerificationRequest,
  nowMs: number,
): VerificationEntry {
  const { producerId, producerEpoch, sequence, supportsEpochBump } = request;
  let entry = state.verifications.get(producerId);
  if (entry === undefined) {
    const guard = state.nextGuard++;
    entry = {
      producerId,
      producerEpoch,
      lowestSequence: sequence,
      supportsEpochBump,
      guard,
      timestamp: nowMs,
    };
    state.verifications.set(producerId, entry);
  }
  if (producerEpoch === entry.producerEpoch) entry.lowestSequence = Math.min(entry.lowestSequence, sequence);
  if (producerEpoch > entry.producerEpoch) {
    entry.producerEpoch = producerEpoch;
    entry.lowestSequence = sequence;
  }
  return entry;
}

export const abortedTxn = ({ txn, lastStableOffset }: TxnEnd): AbortedTxn =>
  Object.freeze({
    producerId: txn.producerId,
    firstOffset: txn.firstOffset,
    lastOffset: txn.lastOffset,
    lastStableOffset,
  });
