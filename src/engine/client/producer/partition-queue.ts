import { assert } from '../../base/assert.ts';
import type { SimTime } from '../../base/time.ts';
import { topicPartition, type TopicPartitionName } from '../../api/ids.ts';
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE } from '../../protocol/record-batch.ts';
import { hasSequence, isFull, type ProducerBatch } from './producer-batch.ts';

/** All that a producer keeps for one partition: what waits, what is under way, and how far its sequence got. */
export interface PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  readonly name: TopicPartitionName;
  /** Next to be sent first. */
  waiting: ProducerBatch[];
  /** In order of sending. */
  inFlight: ProducerBatch[];
  /** About how many records the next batch will take. */
  expected: number;
  /** Nothing more is sent until the answer of what is under way (only with one request in flight). */
  muted: boolean;
  /** Identity under which `nextSequence` counts. */
  producerId: number;
  producerEpoch: number;
  nextSequence: number;
  lastAckedSequence: number;
  lastAckedOffset: number;
  /** A batch that may have been applied expired: nothing new is sent before it is known where the sequence stands. */
  unresolved: boolean;
  /** At the next bump of the epoch its batches are numbered from 0 again. */
  rewriteSequences: boolean;
}

export const newPartitionQueue = (topic: string, partition: number): PartitionQueue => ({
  topic,
  partition,
  name: topicPartition(topic, partition),
  waiting: [],
  inFlight: [],
  expected: 0,
  muted: false,
  producerId: NO_PRODUCER_ID,
  producerEpoch: NO_PRODUCER_EPOCH,
  nextSequence: 0,
  lastAckedSequence: NO_SEQUENCE,
  lastAckedOffset: -1,
  unresolved: false,
  rewriteSequences: false,
});

/** The newest batch takes no more records, or there is none. */
export function allBatchesFull(queue: PartitionQueue): boolean {
  const last = queue.waiting[queue.waiting.length - 1];
  return last === undefined || isFull(last);
}

/** Batches that have a sequence and no outcome yet: under way, or waiting to be sent again. */
export function* sequencedBatches(queue: PartitionQueue): Generator<ProducerBatch> {
  for (const batch of queue.inFlight) if (hasSequence(batch)) yield batch;
  for (const batch of queue.waiting) if (hasSequence(batch)) yield batch;
}

export function hasSequencedBatches(queue: PartitionQueue): boolean {
  return queue.inFlight.some(hasSequence) || queue.waiting.some(hasSequence);
}

/** The lowest sequence without an outcome, or NO_SEQUENCE. */
export function firstOpenSequence(queue: PartitionQueue): number {
  let first = NO_SEQUENCE;
  for (const batch of sequencedBatches(queue))
    if (first === NO_SEQUENCE || batch.baseSequence < first) first = batch.baseSequence;
  return first;
}

/** Takes the batch out of those under way; undefined when it has had its outcome already (it expired). */
export function takeInFlight(queue: PartitionQueue, id: number): ProducerBatch | undefined {
  const at = queue.inFlight.findIndex((batch) => batch.id === id);
  return at < 0 ? undefined : queue.inFlight.splice(at, 1)[0];
}

/** Puts a batch back to be sent again: by sequence among other retries, else at the front. */
export function reenqueue(queue: PartitionQueue, batch: ProducerBatch, now: SimTime): void {
  batch.attempts += 1;
  batch.lastAttemptAt = Math.max(batch.lastAttemptAt, now);
  insertInSequenceOrder(queue, batch);
}

/** Retries must go out in the order of their sequences, whatever the order in which they failed. */
export function insertInSequenceOrder(queue: PartitionQueue, batch: ProducerBatch): void {
  let at = 0;
  if (hasSequence(batch)) while (at < queue.waiting.length && isBefore(queue.waiting[at], batch)) at++;
  queue.waiting.splice(at, 0, batch);
  assert(batch.records !== null, 'an open batch cannot have been sent', { id: batch.id });
}

const isBefore = (other: ProducerBatch | undefined, batch: ProducerBatch): boolean =>
  other !== undefined && hasSequence(other) && other.baseSequence < batch.baseSequence;
