import type { Bytes } from '../base/bytes.ts';
import { assert } from '../base/assert.ts';

/** A record header: a name and bytes. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Bytes | null;
}

/**
 * The records of a batch, column by column. Frozen, and shared by every copy of the batch: on the wire, on all replicas,
 * in checkpoints and forks. Columns cost about 20 bytes a record beyond its key and value.
 */
export interface RecordColumns {
  readonly count: number;
  readonly keys: readonly (Bytes | null)[];
  readonly values: readonly (Bytes | null)[];
  /** ms after the batch's `baseTimestamp`. */
  readonly timestampDeltas: readonly number[];
  /** Absent when no record has headers. */
  readonly headers?: readonly (readonly RecordHeader[])[];
  /** Offsets after `baseOffset`; absent when they are 0, 1, 2 … (compaction leaves gaps). */
  readonly offsetDeltas?: readonly number[];
}

/** What a control batch says (`EndTransactionMarker`). */
export interface ControlMarker {
  readonly type: 'COMMIT' | 'ABORT';
  readonly coordinatorEpoch: number;
}

/** How a batch is compressed. Nothing here compresses: sizes are those of the plain batch. */
export type CompressionType = 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** The first record of a leader of a metadata quorum (`LeaderChangeMessage`). */
export interface LeaderChange {
  readonly leaderId: number;
  readonly voters: readonly number[];
  readonly grantingVoters: readonly number[];
}

/** What is wrong with the bytes of a batch that no client of this engine makes. Such a batch never gets into a log. */
export interface BatchDefects {
  /** The format version in its header, if it is not 2. */
  readonly magic?: number;
  readonly isCrcWrong?: boolean;
  /** The count of records in its header, if it is not theirs. */
  readonly recordCount?: number;
}

/** A batch of format version 2, as it travels and as it lies in the log. Frozen. */
export interface RecordBatch {
  readonly baseOffset: number;
  readonly lastOffsetDelta: number;
  /** −1 until a leader appends it. */
  readonly partitionLeaderEpoch: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  /** ms since 1970. */
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  /** −1 without idempotence. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly isTransactional: boolean;
  readonly control?: ControlMarker;
  /** Only in the log of a quorum: a control batch too. */
  readonly leaderChange?: LeaderChange;
  /** Absent when it is not compressed. */
  readonly compression?: CompressionType | undefined;
  /** Set by the cleaner (KIP-534). */
  readonly deleteHorizonMs?: number;
  readonly defects?: BatchDefects;
  /** Bytes of header and records on the wire and on disk, uncompressed. */
  readonly sizeInBytes: number;
  readonly records: RecordColumns;
}

/** Bytes of a version 2 batch without records. */
export const BATCH_HEADER_SIZE = 61;

export const NO_PRODUCER_ID = -1;
export const NO_PRODUCER_EPOCH = -1;
/** Epochs are 16 bits wide. */
export const MAX_PRODUCER_EPOCH = 0x7fff;
export const NO_SEQUENCE = -1;
/** Of a record that its producer did not stamp, ms since 1970. */
export const NO_TIMESTAMP = -1;

export const lastOffset = (batch: RecordBatch): number => batch.baseOffset + batch.lastOffsetDelta;
export const nextOffset = (batch: RecordBatch): number => batch.baseOffset + batch.lastOffsetDelta + 1;

/** Offset of the record at this index. */
export const offsetAt = (batch: RecordBatch, index: number): number =>
  batch.baseOffset + (batch.records.offsetDeltas?.[index] ?? index);

/** ms since 1970 of the record at this index. */
export const timestampAt = (batch: RecordBatch, index: number): number =>
  batch.timestampType === 'LogAppendTime'
    ? batch.maxTimestamp
    : batch.baseTimestamp + (batch.records.timestampDeltas[index] ?? 0);

/** The sequence number `by` after `sequence`; sequences wrap from 2^31 − 1 to 0. */
export function incrementSequence(sequence: number, by: number): number {
  return sequence > 0x7fffffff - by ? by - (0x7fffffff - sequence) - 1 : sequence + by;
}

/** Sequence of the last record, −1 without idempotence. */
export const lastSequence = (batch: RecordBatch): number =>
  batch.baseSequence === NO_SEQUENCE
    ? NO_SEQUENCE
    : incrementSequence(batch.baseSequence, batch.lastOffsetDelta);

/** Bytes of a zig-zag varint of a safe integer. */
export function sizeOfVarint(value: number): number {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  if (rest < 0x80) return 1;
  if (rest < 0x4000) return 2;
  let size = 1;
  while (rest >= 128) {
    rest = Math.floor(rest / 128);
    size += 1;
  }
  return size;
}

export interface RecordSizing {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly headers?: readonly RecordHeader[];
}

const sizeOfBytes = (length: number): number => (length < 0 ? 1 : sizeOfVarint(length) + length);

/** Bytes of one record without headers; a length of −1 stands for null. The hot path of {@link sizeOfRecord}. */
export function sizeOfPlainRecord(
  offsetDelta: number,
  timestampDelta: number,
  keyLength: number,
  valueLength: number,
): number {
  const body =
    2 +
    sizeOfVarint(timestampDelta) +
    sizeOfVarint(offsetDelta) +
    sizeOfBytes(keyLength) +
    sizeOfBytes(valueLength);
  return sizeOfVarint(body) + body;
}

/** Bytes of one record of format version 2 (`DefaultRecord.sizeInBytes`). */
export function sizeOfRecord(record: RecordSizing): number {
  const { offsetDelta, timestampDelta, headers = [] } = record;
  let body = 1 + sizeOfVarint(timestampDelta) + sizeOfVarint(offsetDelta) + sizeOfVarint(headers.length);
  body += sizeOfBytes(record.key?.length ?? -1) + sizeOfBytes(record.value?.length ?? -1);
  for (const header of headers)
    body += sizeOfBytes(header.key.length) + sizeOfBytes(header.value?.length ?? -1);
  return sizeOfVarint(body) + body;
}

/** One record before it is in a batch. `timestamp` in ms since 1970. */
export interface SimpleRecord {
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly timestamp: number;
  readonly headers?: readonly RecordHeader[];
}

export interface BatchOptions {
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
}

/** A frozen batch of at least one record, with exact size. */
export function batchOf(records: readonly SimpleRecord[], options: BatchOptions = {}): RecordBatch {
  const first = records[0];
  assert(first !== undefined, 'a batch has a record');
  return batchFrom(records, first.timestamp, options);
}

/** What a leader writes into the header of a batch. */
export type LeaderHeader = Pick<
  RecordBatch,
  'baseOffset' | 'partitionLeaderEpoch' | 'timestampType' | 'maxTimestamp'
>;

/**
 * The batch with another header. Plain ones are most of all batches: they are written field by field, so that all have
 * one form for the compiled code, which is quicker to make and to read than what spreading gives.
 */
export function withHeader(batch: RecordBatch, header: LeaderHeader): RecordBatch {
  const isPlain =
    batch.control === undefined &&
    batch.leaderChange === undefined &&
    batch.compression === undefined &&
    batch.deleteHorizonMs === undefined &&
    batch.defects === undefined;
  if (!isPlain) return Object.freeze({ ...batch, ...header });
  return Object.freeze({
    baseOffset: header.baseOffset,
    lastOffsetDelta: batch.lastOffsetDelta,
    partitionLeaderEpoch: header.partitionLeaderEpoch,
    timestampType: header.timestampType,
    baseTimestamp: batch.baseTimestamp,
    maxTimestamp: header.maxTimestamp,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    sizeInBytes: batch.sizeInBytes,
    records: batch.records,
  });
}

/** A header and no records (`DefaultRecordBatch.writeEmptyHeader`): compaction leaves them, a client may not send one. */
export const emptyBatch = (options: BatchOptions): RecordBatch => batchFrom([], -1, options);

function batchFrom(
  records: readonly SimpleRecord[],
  baseTimestamp: number,
  options: BatchOptions,
): RecordBatch {
  let sizeInBytes = BATCH_HEADER_SIZE;
  let maxTimestamp = baseTimestamp;
  records.forEach((record, offsetDelta) => {
    const timestampDelta = record.timestamp - baseTimestamp;
    maxTimestamp = Math.max(maxTimestamp, record.timestamp);
    const { key, value, headers = [] } = record;
    sizeInBytes += sizeOfRecord({ offsetDelta, timestampDelta, key, value, headers });
  });
  return Object.freeze({
    baseOffset: options.baseOffset ?? 0,
    lastOffsetDelta: records.length - 1,
    partitionLeaderEpoch: options.partitionLeaderEpoch ?? -1,
    timestampType: 'CreateTime',
    baseTimestamp,
    maxTimestamp,
    producerId: options.producerId ?? NO_PRODUCER_ID,
    producerEpoch: options.producerEpoch ?? NO_PRODUCER_EPOCH,
    baseSequence: options.baseSequence ?? NO_SEQUENCE,
    isTransactional: options.isTransactional ?? false,
    sizeInBytes,
    records: columnsOf(records, baseTimestamp),
  });
}

/** Bytes of a marker's record: its key has a version and a type, its value a version and the coordinator's epoch. */
const MARKER_RECORD_SIZE = 17;

/** A frozen control batch that ends a transaction (`MemoryRecords.withEndTransactionMarker`). */
export function endTransactionMarker(
  control: ControlMarker,
  {
    producerId,
    producerEpoch,
    timestamp,
  }: { readonly producerId: number; readonly producerEpoch: number; readonly timestamp: number },
): RecordBatch {
  const options = { producerId, producerEpoch, isTransactional: true };
  return Object.freeze({
    ...batchOf([{ key: null, value: null, timestamp }], options),
    control: Object.freeze(control),
    sizeInBytes: BATCH_HEADER_SIZE + MARKER_RECORD_SIZE,
  });
}

function columnsOf(records: readonly SimpleRecord[], baseTimestamp: number): RecordColumns {
  const headers = records.some((record) => record.headers !== undefined && record.headers.length > 0)
    ? { headers: Object.freeze(records.map((record) => record.headers ?? [])) }
    : {};
  return Object.freeze({
    count: records.length,
    keys: Object.freeze(records.map((record) => record.key)),
    values: Object.freeze(records.map((record) => record.value)),
    timestampDeltas: Object.freeze(records.map((record) => record.timestamp - baseTimestamp)),
    ...headers,
  });
}
