import { fromHex, utf8Decode, utf8Encode, type Bytes } from '../../../base/bytes.ts';
import {
  batchOf,
  emptyBatch,
  lastOffset,
  offsetAt,
  timestampAt,
  type BatchDefects,
  type RecordBatch,
  type RecordHeader,
  type SimpleRecord,
} from '../../../protocol/record-batch.ts';
import { isObject, listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';

const BATCH_FIELDS = [
  'baseOffset',
  'partitionLeaderEpoch',
  'producerId',
  'producerEpoch',
  'baseSequence',
  'isTransactional',
  'isControlBatch',
  'timestampType',
  'compression',
  'records',
  'lastOffsetDelta',
  'crc',
  'magic',
  'magicByte',
  'recordCount',
];

/** The batches of a request. Batches that no producer could make by this engine's types are not supported. */
export const batchesFrom = (written: Json): RecordBatch[] =>
  listOf(written, 'records').map((batch) => batchFrom(objectOf(batch, 'batch')));

function batchFrom(written: JsonObject): RecordBatch {
  onlyFields(written, BATCH_FIELDS, 'batch');
  const records = listOf(written.records, 'records').map((record) => recordFrom(objectOf(record, 'record')));
  const options = {
    baseOffset: numberOf(written.baseOffset, 'baseOffset'),
    partitionLeaderEpoch: numberOf(written.partitionLeaderEpoch, 'partitionLeaderEpoch'),
    producerId: numberOf(written.producerId, 'producerId'),
    producerEpoch: numberOf(written.producerEpoch, 'producerEpoch'),
    baseSequence: numberOf(written.baseSequence, 'baseSequence'),
    isTransactional: written.isTransactional === true,
  };
  const batch = records.length === 0 ? emptyBatch(options) : batchOf(records, options);
  const first = options.baseOffset;
  const last = objectOf(listOf(written.records, 'records').at(-1) ?? { offset: first }, 'record').offset;
  const lastOffsetDelta =
    written.lastOffsetDelta === undefined
      ? numberOf(last, 'offset') - first
      : numberOf(written.lastOffsetDelta, 'lastOffsetDelta');
  const header = { lastOffsetDelta, timestampType: timestampTypeOf(written), defects: defectsOf(written) };
  return { ...batch, ...controlOf(written), ...compressionOf(written), ...header };
}

/** `magic` is an old format from head to foot, `magicByte` a wrong byte in the header of a new one. */
function defectsOf({ crc, recordCount, ...written }: JsonObject): BatchDefects {
  const magic = written.magicByte ?? written.magic;
  return {
    ...(magic === undefined ? {} : { magic: numberOf(magic, 'magic') }),
    ...(recordCount === undefined ? {} : { recordCount: numberOf(recordCount, 'recordCount') }),
    isCrcWrong: crc === 'bad',
  };
}

/** What a control batch says; a client may try to send one. */
function controlOf(written: JsonObject): Pick<RecordBatch, 'control'> {
  const [first] = listOf(written.records, 'records');
  if (written.isControlBatch !== true || first === undefined) return {};
  const record = objectOf(first, 'record');
  const type = textOf(record.control, 'control') === 'COMMIT' ? 'COMMIT' : 'ABORT';
  return { control: { type, coordinatorEpoch: numberOf(record.coordinatorEpoch, 'coordinatorEpoch') } };
}

const COMPRESSIONS = ['gzip', 'snappy', 'lz4', 'zstd'] as const;

function compressionOf({ compression }: JsonObject): Pick<RecordBatch, 'compression'> {
  if (compression === undefined) return {};
  const known = COMPRESSIONS.find((type) => type === compression);
  if (known === undefined) throw new UnsupportedError('compression of a batch');
  return { compression: known };
}

function timestampTypeOf(written: JsonObject): RecordBatch['timestampType'] {
  const type = textOf(written.timestampType, 'timestampType');
  if (type === 'CreateTime' || type === 'LogAppendTime') return type;
  throw new UnsupportedError(`timestamp type ${type}`);
}

const recordFrom = (written: JsonObject): SimpleRecord => ({
  key: bytesFrom(written.key),
  value: bytesFrom(written.value),
  timestamp: numberOf(written.timestamp, 'timestamp'),
  headers: written.headers === undefined ? [] : listOf(written.headers, 'headers').map(headerFrom),
});

function headerFrom(written: Json): RecordHeader {
  const { key, value } = objectOf(written, 'header');
  return { key: textOf(key, 'header key'), value: bytesFrom(value) };
}

function bytesFrom(written: Json | undefined): Bytes | null {
  if (written === null || written === undefined) return null;
  if (typeof written === 'string') return utf8Encode(written);
  if (isObject(written) && typeof written.hex === 'string') return fromHex(written.hex);
  if (isObject(written) && typeof written.zeros === 'number') return '\0'.repeat(written.zeros);
  if (isObject(written) && typeof written.utf8 === 'string') return utf8Encode(written.utf8);
  throw new UnsupportedError('bytes of a record');
}

/** Batches as an answer is written down. */
export const batchesToJson = (batches: readonly RecordBatch[]): Json => batches.map(batchToJson);

function batchToJson(batch: RecordBatch): Json {
  return {
    baseOffset: batch.baseOffset,
    lastOffset: lastOffset(batch),
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    isControlBatch: batch.control !== undefined,
    timestampType: batch.timestampType,
    ...(batch.compression === undefined ? {} : { compression: batch.compression }),
    records:
      batch.control === undefined
        ? batch.records.keys.map((_, i) => recordToJson(batch, i))
        : [{ offset: batch.baseOffset, timestamp: batch.maxTimestamp, control: batch.control.type, coordinatorEpoch: batch.control.coordinatorEpoch }],
  };
}

function recordToJson(batch: RecordBatch, i: number): Json {
  const { keys, values, headers } = batch.records;
  const ofRecord = headers?.[i] ?? [];
  return {
    offset: offsetAt(batch, i),
    timestamp: timestampAt(batch, i),
    key: bytesToJson(keys[i] ?? null),
    value: bytesToJson(values[i] ?? null),
    ...(ofRecord.length === 0
      ? {}
      : { headers: ofRecord.map(({ key, value }) => ({ key, value: bytesToJson(value) })) }),
  };
}

function bytesToJson(bytes: Bytes | null): Json {
  if (bytes === null) return null;
  if (bytes.length > 0 && /^\0+$/.test(bytes)) return { zeros: bytes.length };
  return utf8Decode(bytes);
}
