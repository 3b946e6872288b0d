import { ensure } from '../../base/assert.ts';
import type { SimDuration, SimTime } from '../../base/time.ts';
import { closeForAppends, isFull, newBatch, sizeUpperBound, tryAppend } from './producer-batch.ts';
import type { ProducerBatch, ProducerRecord } from './producer-batch.ts';
import { newPartitionQueue, type PartitionQueue } from './partition-queue.ts';
import { newStickyPartitioner, type StickyPartitioner } from './sticky-state.ts';

export interface AccumulatorSettings {
  /** Bytes. */
  readonly batchSize: number;
  readonly linger: SimDuration;
  readonly deliveryTimeout: SimDuration;
  /** `buffer.memory`, bytes. */
  readonly totalMemory: number;
  readonly adaptivePartitioning: boolean;
  /** 0 for never. */
  readonly availabilityTimeout: SimDuration;
  /** Rack of a rack-aware partitioner, else null. */
  readonly rack: string | null;
}

export interface TopicQueues {
  readonly name: string;
  /** By partition, made at its first record. */
  readonly partitions: (PartitionQueue | undefined)[];
  /** Number of partitions that are there, see `partitions`. */
  made: number;
  readonly sticky: StickyPartitioner;
}

/** When a broker could last be sent to, and when it last was (`NodeLatencyStats`). */
export interface BrokerLatency {
  readyAt: SimTime;
  drainedAt: SimTime;
}

/** Where records wait for their batch to be sent (`RecordAccumulator`). Plain data. */
export interface RecordAccumulator {
  readonly settings: AccumulatorSettings;
  readonly topics: Map<string, TopicQueues>;
  /** Bytes of memory that are free. */
  available: number;
  /** Somebody waits for memory. */
  exhausted: boolean;
  /** Flushes under way wait for all batches with a lower id than this; 0 without one. */
  flushBelow: number;
  /** A transaction waits to be ended: nothing lingers. */
  completing: boolean;
  closed: boolean;
  nextBatchId: number;
  /** Batches without an outcome. */
  incomplete: number;
  readonly drainIndex: Map<number, number>;
  readonly latency: Map<number, BrokerLatency>;
  /** No batch expires before. */
  nextExpiryAt: SimTime;
}

export const newAccumulator = (settings: AccumulatorSettings): RecordAccumulator => ({
  settings,
  topics: new Map(),
  available: settings.totalMemory,
  exhausted: false,
  flushBelow: 0,
  completing: false,
  closed: false,
  nextBatchId: 1,
  incomplete: 0,
  drainIndex: new Map(),
  latency: new Map(),
  nextExpiryAt: 0,
});

export function topicQueues(accumulator: RecordAccumulator, name: string): TopicQueues {
  const known = accumulator.topics.get(name);
  if (known !== undefined) return known;
  const { batchSize, rack } = accumulator.settings;
  const topic: TopicQueues = { name, partitions: [], made: 0, sticky: newStickyPartitioner(batchSize, rack) };
  accumulator.topics.set(name, topic);
  return topic;
}

export function queueOf(topic: TopicQueues, partition: number): PartitionQueue {
  const known = topic.partitions[partition];
  if (known !== undefined) return known;
  while (topic.partitions.length <= partition) topic.partitions.push(undefined);
  const queue = newPartitionQueue(topic.name, partition);
  topic.partitions[partition] = queue;
  topic.made += 1;
  return queue;
}

/** The queue of a partition that has had records. */
export const existingQueue = (
  accumulator: RecordAccumulator,
  topic: string,
  partition: number,
): PartitionQueue =>
  ensure(accumulator.topics.get(topic)?.partitions[partition], `queue of ${topic}-${partition}`);

export function* allQueues(accumulator: RecordAccumulator): Generator<PartitionQueue> {
  for (const topic of accumulator.topics.values())
    for (const queue of topic.partitions) if (queue !== undefined) yield queue;
}

/** There is no memory for another batch. */
export const NO_MEMORY = -1;
/** Nothing is taken any more. */
export const CLOSED = -2;

export interface Appending {
  readonly record: ProducerRecord;
  readonly ordinal: number;
  readonly now: SimTime;
}

/**
 * Appends to the newest batch of the queue, or to a new one if the record does not fit. Returns the bytes by which the
 * batch grew (the header of a new batch included), {@link NO_MEMORY} or {@link CLOSED}.
 */
export function append(accumulator: RecordAccumulator, queue: PartitionQueue, appending: Appending): number {
  if (accumulator.closed) return CLOSED;
  const last = queue.waiting[queue.waiting.length - 1];
  if (last !== undefined) {
    const grown = tryAppend(last, appending.record, appending.ordinal);
    if (grown > 0) return grown;
  }
  return appendToNewBatch(accumulator, queue, appending);
}

/** Bytes of memory that a batch for this record takes. */
export const batchRoom = (accumulator: RecordAccumulator, record: ProducerRecord): number =>
  Math.max(accumulator.settings.batchSize, sizeUpperBound(record));

/** A batch may take a few records more than the one before. */
const SPARE = 4;

function appendToNewBatch(
  accumulator: RecordAccumulator,
  queue: PartitionQueue,
  { record, ordinal, now }: Appending,
): number {
  const room = batchRoom(accumulator, record);
  if (room > accumulator.available) return NO_MEMORY;
  const last = queue.waiting.at(-1);
  if (last !== undefined) {
    closeForAppends(last);
    queue.expected = last.count + SPARE;
  }
  accumulator.available -= room;
  const batch = newBatch({
    id: accumulator.nextBatchId++,
    createdAt: now,
    room,
    reserved: room,
    expected: queue.expected,
  });
  const before = batch.size;
  const grown = tryAppend(batch, record, ordinal);
  accumulator.incomplete += 1;
  queue.waiting.push(batch);
  return before + grown;
}

/** More than one batch waits, or the only one is full: the partition can be sent at once. */
export function isSendable(queue: PartitionQueue): boolean {
  const first = queue.waiting[0];
  return first !== undefined && (queue.waiting.length > 1 || isFull(first));
}

/** The batch has its outcome: its memory is free again. */
export function release(accumulator: RecordAccumulator, batch: ProducerBatch): void {
  accumulator.available += batch.reserved;
  accumulator.incomplete -= 1;
}

/** Asks for everything appended so far to be sent without lingering. */
export function beginFlush(accumulator: RecordAccumulator): void {
  accumulator.flushBelow = accumulator.nextBatchId;
}

/** Whether a record for one of these topics has no outcome yet. */
export function isAwaited(accumulator: RecordAccumulator, isMeant: (topic: string) => boolean): boolean {
  for (const { topic, inFlight, waiting } of allQueues(accumulator))
    if (isMeant(topic) && inFlight.length + waiting.length > 0) return true;
  return false;
}

/** Whether a flush under way has all its outcomes; then it ends. */
export function endFlushIfDone(accumulator: RecordAccumulator): boolean {
  const { flushBelow } = accumulator;
  if (flushBelow === 0) return false;
  const open = (batch: ProducerBatch): boolean => batch.id < flushBelow;
  for (const queue of allQueues(accumulator))
    if (queue.inFlight.some(open) || queue.waiting.some(open)) return false;
  accumulator.flushBelow = 0;
  return true;
}

/**
 * Takes out the waiting batches that are older than `delivery.timeout.ms`, oldest first within a partition. An open
 * batch among them takes no more records.
 */
export function takeExpired(queue: PartitionQueue, expiresBefore: SimTime): ProducerBatch[] {
  const expired: ProducerBatch[] = [];
  for (;;) {
    const first = queue.waiting[0];
    if (first === undefined || first.createdAt > expiresBefore) return expired;
    closeForAppends(first);
    expired.push(first);
    queue.waiting.shift();
  }
}
