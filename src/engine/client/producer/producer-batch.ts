import type { Bytes } from '../../base/bytes.ts';
import type { SimTime } from '../../base/time.ts';
import {
  BATCH_HEADER_SIZE,
  incrementSequence,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  sizeOfPlainRecord,
  sizeOfRecord,
  sizeOfVarint,
  type RecordBatch,
  type RecordColumns,
  type RecordHeader,
} from '../../protocol/record-batch.ts';

/** What send() is given. `timestamp` in ms since 1970. The object is not kept, so it may be used again. */
export interface ProducerRecord {
  readonly topic: string;
  /** Chosen by the partitioner when absent. */
  readonly partition?: number;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly timestamp: number;
  readonly headers?: readonly RecordHeader[];
  /** Any number by which the owner knows the record; it comes back with its outcome. Default: sends before this one. */
  readonly ordinal?: number;
}

/**
 * Records of one partition on their way to a broker (`ProducerBatch`): first open, column by column; then closed, with
 * its columns frozen and shared with every message and log that will hold them.
 */
export interface ProducerBatch {
  /** Unique in the producer, ascending by creation. */
  readonly id: number;
  readonly createdAt: SimTime;
  /** Bytes it may grow to. */
  readonly room: number;
  /** Bytes of `buffer.memory` that it holds. */
  readonly reserved: number;
  size: number;
  count: number;
  maxRecordSize: number;
  baseTimestamp: number;
  maxTimestamp: number;
  /** Columns, filled up to `count` while the batch is open. */
  keys: (Bytes | null)[];
  values: (Bytes | null)[];
  timestampDeltas: number[];
  headers: (readonly RecordHeader[])[] | null;
  /** By which number the owner knows each record. */
  ordinals: readonly number[];
  /** Set once it takes no more records. */
  records: RecordColumns | null;
  /** Made anew when the producer state changes. */
  sealed: RecordBatch | null;
  attempts: number;
  lastAttemptAt: SimTime;
  /** How long to wait after `lastAttemptAt` before the next attempt. */
  retryWait: number;
  leaderEpoch: number;
  /** Number of attempts when the leader was last seen to change, −1 for never. */
  attemptsAtLeaderChange: number;
  /** Some attempt may have been applied without the producer learning it. */
  maybeApplied: boolean;
  isSplit: boolean;
  producerId: number;
  producerEpoch: number;
  baseSequence: number;
  sequenceReset: boolean;
}

/** Most bytes that a record's lengths, deltas and attributes take (`DefaultRecord.MAX_RECORD_OVERHEAD`). */
const MAX_RECORD_OVERHEAD = 21;

const sizeOfNullable = (bytes: Bytes | null): number =>
  bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;

/** Room that is surely enough for a batch of this one record (`AbstractRecords.estimateSizeInBytesUpperBound`). */
export function sizeUpperBound(record: ProducerRecord): number {
  let size =
    BATCH_HEADER_SIZE + MAX_RECORD_OVERHEAD + sizeOfNullable(record.key) + sizeOfNullable(record.value);
  const { headers = [] } = record;
  size += sizeOfVarint(headers.length);
  for (const header of headers) size += sizeOfNullable(header.key) + sizeOfNullable(header.value);
  return size;
}

export interface NewBatch {
  readonly id: number;
  readonly createdAt: SimTime;
  readonly room: number;
  readonly reserved: number;
  /** About how many records it will take; columns of this length need not grow. */
  readonly expected: number;
}

export const newBatch = ({ id, createdAt, room, reserved, expected }: NewBatch): ProducerBatch => ({
  id,
  createdAt,
  room,
  reserved,
  size: BATCH_HEADER_SIZE,
  count: 0,
  maxRecordSize: 0,
  baseTimestamp: 0,
  maxTimestamp: 0,
  keys: new Array<Bytes | null>(expected),
  values: new Array<Bytes | null>(expected),
  timestampDeltas: new Array<number>(expected),
  headers: null,
  ordinals: new Array<number>(expected),
  records: null,
  sealed: null,
  attempts: 0,
  lastAttemptAt: createdAt,
  retryWait: 0,
  leaderEpoch: -1,
  attemptsAtLeaderChange: -1,
  maybeApplied: false,
  isSplit: false,
  producerId: NO_PRODUCER_ID,
  producerEpoch: NO_PRODUCER_EPOCH,
  baseSequence: NO_SEQUENCE,
  sequenceReset: false,
});

/** Appends the record if it fits. Returns the bytes by which the batch grew, 0 if it did not fit. */
export function tryAppend(batch: ProducerBatch, record: ProducerRecord, ordinal: number): number {
  if (batch.records !== null) return 0;
  const { key, value, headers } = record;
  const { count } = batch;
  if (count === 0) batch.baseTimestamp = batch.maxTimestamp = record.timestamp;
  const timestampDelta = record.timestamp - batch.baseTimestamp;
  const size =
    headers === undefined || headers.length === 0
      ? sizeOfPlainRecord(
          count,
          timestampDelta,
          key === null ? -1 : key.length,
          value === null ? -1 : value.length,
        )
      : sizeOfRecord({ offsetDelta: count, timestampDelta, key, value, headers });
  if (batch.size + size > batch.room) return 0;
  batch.keys[count] = key;
  batch.values[count] = value;
  batch.timestampDeltas[count] = timestampDelta;
  (batch.ordinals as number[])[count] = ordinal;
  if (headers !== undefined && headers.length > 0) appendHeaders(batch, headers);
  else if (batch.headers !== null) batch.headers.push([]);
  batch.count = count + 1;
  batch.size += size;
  if (size > batch.maxRecordSize) batch.maxRecordSize = size;
  if (record.timestamp > batch.maxTimestamp) batch.maxTimestamp = record.timestamp;
  return size;
}

function appendHeaders(batch: ProducerBatch, headers: readonly RecordHeader[]): void {
  batch.headers ??= Array.from({ length: batch.count }, () => []);
  batch.headers.push(headers);
}

/** Takes no more records, or has no room for one. */
export const isFull = (batch: ProducerBatch): boolean => batch.records !== null || batch.room <= batch.size;

/** Ends appends; from here on the records are immutable. */
export function closeForAppends(batch: ProducerBatch): RecordColumns {
  if (batch.records !== null) return batch.records;
  const { count, keys, values, timestampDeltas, headers } = batch;
  keys.length = values.length = timestampDeltas.length = count;
  (batch.ordinals as number[]).length = count;
  const columns = { count, keys, values, timestampDeltas };
  const records: RecordColumns = Object.freeze(headers === null ? columns : { ...columns, headers });
  batch.records = records;
  batch.keys = batch.values = [];
  batch.timestampDeltas = [];
  batch.headers = null;
  Object.freeze(batch.ordinals);
  return records;
}

export const hasSequence = (batch: ProducerBatch): boolean => batch.baseSequence !== NO_SEQUENCE;

export const batchLastSequence = (batch: ProducerBatch): number =>
  incrementSequence(batch.baseSequence, batch.count - 1);

export interface ProducerState {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

/** Gives the batch its identity; a batch that was sent under another one is written anew. */
export function setProducerState(batch: ProducerBatch, state: ProducerState): void {
  batch.producerId = state.producerId;
  batch.producerEpoch = state.producerEpoch;
  batch.baseSequence = state.baseSequence;
  batch.sealed = null;
}

/** The batch as it travels. Frozen; the same object for every attempt under the same producer state. */
export function sealBatch(batch: ProducerBatch, isTransactional: boolean): RecordBatch {
  batch.sealed ??= Object.freeze({
    baseOffset: 0,
    lastOffsetDelta: batch.count - 1,
    partitionLeaderEpoch: -1,
    timestampType: 'CreateTime',
    baseTimestamp: batch.baseTimestamp,
    maxTimestamp: batch.maxTimestamp,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional,
    sizeInBytes: batch.size,
    records: closeForAppends(batch),
  } satisfies RecordBatch);
  return batch.sealed;
}
