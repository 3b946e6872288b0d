import { ensure } from '../../base/assert.ts';
import { topicPartition, type TopicPartitionName } from '../../api/ids.ts';
import type { RecordSlice } from '../../client/consumer/consumer-state.ts';
import { offsetAt, timestampAt, type RecordHeader } from '../../protocol/record-batch.ts';
import { NO_HEADERS, type Headers } from '../task/stream-record.ts';
import type { InputRecord } from '../task/stream-task.ts';

/** No record, or no time. */
export const NONE_YET = -1;

/**
 * Records of one input partition that wait to be processed (`RecordQueue`), still inside the batches that brought them.
 * Plain data; the deserialised head is kept beside the compiled task and made again when it is missing.
 */
export interface RecordQueue {
  readonly name: TopicPartitionName;
  readonly topic: string;
  readonly partition: number;
  /** Frozen, oldest first. */
  slices: RecordSlice[];
  /** Index of the next record in the first slice's batch. */
  next: number;
  size: number;
  /** Time of the head, once it is known to be one that can be processed; {@link NONE_YET} otherwise. */
  headTime: number;
  /** Offset after the last record that was processed or dropped since the partition was assigned. */
  consumed: number;
  /** Until when an empty queue is waited for, in ms of the wall clock. */
  idleDeadline: number;
  paused: boolean;
}

export const newRecordQueue = (topic: string, partition: number): RecordQueue => ({
  name: topicPartition(topic, partition),
  topic,
  partition,
  slices: [],
  next: 0,
  size: 0,
  headTime: NONE_YET,
  consumed: NONE_YET,
  idleDeadline: NONE_YET,
  paused: false,
});

/** Forgets what waits; it will be fetched again from the committed offset. */
export function clearQueue(queue: RecordQueue): void {
  queue.slices = [];
  queue.next = 0;
  queue.size = 0;
  queue.headTime = NONE_YET;
  queue.consumed = NONE_YET;
  queue.idleDeadline = NONE_YET;
}

export function addSlice(queue: RecordQueue, slice: RecordSlice): void {
  if (queue.slices.length === 0) queue.next = slice.from;
  queue.slices.push(Object.freeze({ ...slice }));
  queue.size += slice.to - slice.from;
  queue.idleDeadline = NONE_YET;
}

/** The first record as it came. The queue must not be empty. */
export const firstRecord = (queue: RecordQueue): InputRecord =>
  inputRecord(ensure(queue.slices[0], 'slice of a queue that is not empty'), queue.next);

/** The record at an index of a slice's batch. */
export function inputRecord({ topic, partition, batch }: RecordSlice, index: number): InputRecord {
  const { keys, values, headers } = batch.records;
  return {
    topic,
    partition,
    offset: offsetAt(batch, index),
    timestamp: timestampAt(batch, index),
    key: keys[index] ?? null,
    value: values[index] ?? null,
    headers: headersOf(headers?.[index]),
  };
}

const headersOf = (headers: readonly RecordHeader[] | undefined): Headers =>
  headers === undefined || headers.length === 0
    ? NO_HEADERS
    : headers.map(({ key, value }) => [key, value] as const);

/** The first record is processed or dropped. */
export function removeFirst(queue: RecordQueue): void {
  const first = ensure(queue.slices[0], 'slice of a queue that is not empty');
  queue.consumed = offsetAt(first.batch, queue.next) + 1;
  queue.headTime = NONE_YET;
  queue.size -= 1;
  queue.next += 1;
  if (queue.next < first.to) return;
  queue.slices.shift();
  queue.next = queue.slices[0]?.from ?? 0;
}

/**
 * What to commit: the offset of the head; without one the consumer's position, which also stands behind markers and what
 * was aborted (`StreamTask.findOffset`). {@link NONE_YET} if nothing was consumed.
 */
export function committableOffset(
  { consumed, slices, next }: RecordQueue,
  position: number | undefined,
): number {
  const [first] = slices;
  if (consumed === NONE_YET) return consumed;
  return first === undefined ? (position ?? consumed) : offsetAt(first.batch, next);
}
