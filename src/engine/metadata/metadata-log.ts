import { utf8Decode, utf8Encode, type Bytes } from '../base/bytes.ts';
import { batchOf, offsetAt, type RecordBatch } from '../protocol/record-batch.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { MetadataRecord } from './metadata-record.ts';

/*
 * How metadata travels. The controller is the leader of partition 0 of the topic __cluster_metadata. Brokers read it
 * with Fetch requests (`replicaState.replicaId` is their own id) and apply each record at its offset. A metadata record
 * is the value of one record of a batch. Simplification: the value is JSON, not Kafka's generated binary schema.
 */

export const METADATA_TOPIC = '__cluster_metadata';

/** The topic's fixed id (`Uuid.METADATA_TOPIC_ID`, one as a 128-bit number). */
export const METADATA_TOPIC_ID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAQ';

export const METADATA_PARTITION = 0;

/** Batches are shared by all who read them, so each is decoded once. Only a memo: it never decides a result. */
const decoded = new WeakMap<RecordBatch, readonly MetadataRecord[]>();

/** Where a batch of metadata goes and when it was written (`timestamp` in ms since 1970). */
export interface MetadataBatchPlace {
  readonly baseOffset: number;
  readonly leaderEpoch: number;
  readonly timestamp: number;
}

/** A frozen batch of at least one record. */
export function encodeMetadata(records: readonly MetadataRecord[], place: MetadataBatchPlace): RecordBatch {
  const { baseOffset, leaderEpoch: partitionLeaderEpoch, timestamp } = place;
  const encoded = records.map((record) => ({ key: null, value: encodeRecord(record), timestamp }));
  return batchOf(encoded, { baseOffset, partitionLeaderEpoch });
}

/** The records of a batch in order; the record at index i has offset `offsetAt(batch, i)`. */
export function decodeMetadata(batch: RecordBatch): readonly MetadataRecord[] {
  let records = decoded.get(batch);
  if (records === undefined) {
    records = Object.freeze(batch.records.values.map((value) => decodeRecord(value ?? '')));
    decoded.set(batch, records);
  }
  return records;
}

/** Visits the records of batches whose offset is `from` or more, in order. */
export function visitMetadata(
  batches: readonly RecordBatch[],
  from: number,
  visit: (record: MetadataRecord, offset: number) => void,
): void {
  for (const batch of batches)
    decodeMetadata(batch).forEach((record, index) => {
      const offset = offsetAt(batch, index);
      if (offset >= from) visit(record, offset);
    });
}

const encodeRecord = (record: MetadataRecord): Bytes => utf8Encode(JSON.stringify(record));

const decodeRecord = (value: Bytes): MetadataRecord =>
  deepFreeze(JSON.parse(utf8Decode(value)) as MetadataRecord);

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
