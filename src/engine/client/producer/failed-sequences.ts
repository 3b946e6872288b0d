import { ERROR_CODES, isRetriable } from '../../protocol/errors.ts';
import { hasSequence, setProducerState, type ProducerBatch } from './producer-batch.ts';
import { sequencedBatches, type PartitionQueue } from './partition-queue.ts';
import { follows, requestEpochBump, restartSequences, type Idempotence } from './sequences.ts';

/** A batch of the partition that may have been applied is given up. */
export function noteUnresolved(idempotence: Idempotence, queue: PartitionQueue): void {
  queue.unresolved = true;
  idempotence.unresolved = true;
}

export interface BatchError {
  readonly error: number;
  /** −1 when the broker did not say. */
  readonly logStartOffset: number;
}

/** Whether an idempotent producer sends the batch again (`TransactionManager.canRetry`). */
export function mayRetry(
  idempotence: Idempotence,
  queue: PartitionQueue,
  batch: ProducerBatch,
  { error, logStartOffset }: BatchError,
): boolean {
  if (!idempotence.enabled || !hasSequence(batch)) return isRetriable(error);
  if (error === ERROR_CODES.UNKNOWN_PRODUCER_ID) {
    if (logStartOffset === -1) return false;
    if (batch.sequenceReset) return true;
    if (queue.lastAckedOffset >= logStartOffset) return requestEpochBump(idempotence, queue);
    restartSequences(idempotence, queue);
    return true;
  }
  if (error === ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER) {
    const later = batch.sequenceReset || !follows(queue, batch.baseSequence);
    return (!queue.unresolved && later) || requestEpochBump(idempotence, queue);
  }
  return isRetriable(error);
}

/**
 * A batch failed for good. Its sequence numbers are missing from now on, so the partition needs a new epoch, unless
 * nobody can be sure that it was not applied (`canTell` is false).
 */
export function noteFailed(
  idempotence: Idempotence,
  queue: PartitionQueue,
  batch: ProducerBatch,
  failure: { readonly error: number; readonly canTell: boolean },
): void {
  if (!idempotence.enabled || !hasSequence(batch)) return;
  const { error, canTell } = failure;
  if (error === ERROR_CODES.UNKNOWN_PRODUCER_ID) restartSequences(idempotence, queue);
  else if (canTell && idempotence.partitions !== null) closeGap(queue, batch);
  else if (canTell || error === ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER)
    requestEpochBump(idempotence, queue);
}

/** The numbers of a failed batch go to those behind it, so that these need not wait for it in vain. */
function closeGap(queue: PartitionQueue, { baseSequence, count }: ProducerBatch): void {
  queue.nextSequence = Math.max(queue.nextSequence - count, 0);
  for (const later of [...sequencedBatches(queue)]) {
    if (later.baseSequence < baseSequence) continue;
    const { producerId, producerEpoch } = later;
    setProducerState(later, { producerId, producerEpoch, baseSequence: later.baseSequence - count });
    later.sequenceReset = true;
  }
}
