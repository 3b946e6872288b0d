import type { TopicPartitionName } from '../../api/ids.ts';
import {
  incrementSequence,
  MAX_PRODUCER_EPOCH,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
} from '../../protocol/record-batch.ts';
import { batchLastSequence, hasSequence, setProducerState, type ProducerBatch } from './producer-batch.ts';
import {
  firstOpenSequence,
  hasSequencedBatches,
  sequencedBatches,
  type PartitionQueue,
} from './partition-queue.ts';

/**
 * A producer's identity, by which brokers recognise what they already have (the idempotent half of
 * `TransactionManager`). The sequences themselves are with the partitions.
 */
export interface Idempotence {
  readonly enabled: boolean;
  /** Those in the present transaction, to which alone records may go; null without transactions. */
  readonly partitions: Set<TopicPartitionName> | null;
  producerId: number;
  producerEpoch: number;
  /** The next step of the sender raises the epoch and numbers the marked partitions from 0 again. */
  bumpRequired: boolean;
  /** Some partition may be unresolved. */
  unresolved: boolean;
  /** Nothing can be sent any more, by this error. 0 for none. */
  fatalError: number;
}

export const newIdempotence = (enabled: boolean, isTransactional = false): Idempotence => ({
  enabled,
  partitions: isTransactional ? new Set() : null,
  producerId: NO_PRODUCER_ID,
  producerEpoch: NO_PRODUCER_EPOCH,
  bumpRequired: false,
  unresolved: false,
  fatalError: 0,
});

export const hasProducerId = (idempotence: Idempotence): boolean => idempotence.producerId !== NO_PRODUCER_ID;

const isStale = (idempotence: Idempotence, queue: PartitionQueue): boolean =>
  queue.producerId !== idempotence.producerId || queue.producerEpoch !== idempotence.producerEpoch;

/** Whether the first waiting batch may be sent without breaking the order of sequences. */
export function mayDrain(idempotence: Idempotence, queue: PartitionQueue, first: ProducerBatch): boolean {
  if (!idempotence.enabled) return true;
  if (!hasProducerId(idempotence) || idempotence.partitions?.has(queue.name) === false) return false;
  if (!hasSequence(first)) {
    if (queue.unresolved) return false;
    return !(isStale(idempotence, queue) && hasSequencedBatches(queue));
  }
  return firstOpenSequence(queue) === first.baseSequence;
}

/** Numbers a batch that is sent for the first time. */
export function beginSequence(idempotence: Idempotence, queue: PartitionQueue, batch: ProducerBatch): void {
  if (!idempotence.enabled || hasSequence(batch)) return;
  if (isStale(idempotence, queue)) restartSequences(idempotence, queue);
  const { producerId, producerEpoch } = idempotence;
  setProducerState(batch, { producerId, producerEpoch, baseSequence: queue.nextSequence });
  queue.nextSequence = incrementSequence(queue.nextSequence, batch.count);
}

/** Numbers the partition from 0 under the present identity, batches without an outcome first. */
export function restartSequences({ producerId, producerEpoch }: Idempotence, queue: PartitionQueue): void {
  const open = [...sequencedBatches(queue)].sort((a, b) => a.baseSequence - b.baseSequence);
  let next = 0;
  for (const batch of open) {
    setProducerState(batch, { producerId, producerEpoch, baseSequence: next });
    batch.sequenceReset = true;
    next = incrementSequence(next, batch.count);
  }
  queue.producerId = producerId;
  queue.producerEpoch = producerEpoch;
  queue.nextSequence = next;
  queue.lastAckedSequence = NO_SEQUENCE;
  queue.lastAckedOffset = -1;
}

/**
 * The broker can no longer tell what it has of this partition: go on under a new epoch. Returns false for a
 * transactional producer, which cannot raise its epoch by itself and has to abort.
 */
export function requestEpochBump(idempotence: Idempotence, queue: PartitionQueue): boolean {
  if (idempotence.partitions !== null) return false;
  idempotence.bumpRequired = true;
  queue.rewriteSequences = true;
  return true;
}

/**
 * Raises the epoch without asking anybody (idempotent producers only, KIP-360). After the last epoch the identity is
 * given up, so that a new one is fetched.
 */
export function bumpEpoch(idempotence: Idempotence, queues: Iterable<PartitionQueue>): void {
  if (!idempotence.bumpRequired) return;
  idempotence.bumpRequired = false;
  if (idempotence.producerEpoch === MAX_PRODUCER_EPOCH) {
    idempotence.producerId = NO_PRODUCER_ID;
    idempotence.producerEpoch = NO_PRODUCER_EPOCH;
  } else idempotence.producerEpoch += 1;
  for (const queue of queues) {
    if (!queue.rewriteSequences) continue;
    queue.rewriteSequences = false;
    queue.unresolved = false;
    restartSequences(idempotence, queue);
  }
}

export const follows = (queue: PartitionQueue, sequence: number): boolean =>
  sequence - queue.lastAckedSequence === 1;

/**
 * Once all batches of an unresolved partition have an outcome: if the acknowledged ones reach up to the next sequence,
 * what expired was applied after all; otherwise there is a gap, and only a new epoch lets later batches in. Returns
 * whether a transactional producer has to abort because of that.
 */
export function resolveSequences(idempotence: Idempotence, queues: Iterable<PartitionQueue>): boolean {
  if (!idempotence.unresolved) return false;
  idempotence.unresolved = false;
  let mustAbort = false;
  for (const queue of queues) {
    if (!queue.unresolved) continue;
    if (hasSequencedBatches(queue)) {
      idempotence.unresolved = true;
      continue;
    }
    if (!follows(queue, queue.nextSequence) && !requestEpochBump(idempotence, queue)) mustAbort = true;
    queue.unresolved = false;
  }
  return mustAbort;
}

/** Remembers how far the partition's acknowledgements reach. */
export function noteAcknowledged(queue: PartitionQueue, batch: ProducerBatch, baseOffset: number): void {
  if (!hasSequence(batch)) return;
  queue.lastAckedSequence = Math.max(queue.lastAckedSequence, batchLastSequence(batch));
  if (baseOffset >= 0) queue.lastAckedOffset = Math.max(queue.lastAckedOffset, baseOffset + batch.count - 1);
}
