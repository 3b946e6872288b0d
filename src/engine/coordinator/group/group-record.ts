import { assert } from '../../base/assert.ts';
import { int32ToBytes, int64ToBytes, type Bytes } from '../../base/bytes.ts';
import type { SimpleRecord } from '../../protocol/record-batch.ts';
import {
  decodeConsumerGroupRecord,
  encodeConsumerGroupKey,
  encodeConsumerGroupValue,
  type ConsumerGroupRecord,
} from '../consumer-group/consumer-group-record.ts';
import {
  decodeShareGroupRecord,
  encodeShareGroupKey,
  encodeShareGroupValue,
  isShareKeyVersion,
  isShareRecord,
  type ShareGroupRecord,
} from '../share-group/share-group-record.ts';
import { bytes, int16, nullableString, RecordReader, string } from './record-bytes.ts';

/** What a group coordinator remembers, as it lies in `__consumer_offsets`. A null value is a tombstone. */
export type GroupRecord = OffsetCommitRecord | GroupMetadataRecord | ConsumerGroupRecord | ShareGroupRecord;

export interface OffsetCommitRecord {
  readonly type: 'OffsetCommit';
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly value: OffsetCommitValue | null;
}

export interface GroupMetadataRecord {
  readonly type: 'GroupMetadata';
  readonly group: string;
  readonly value: GroupMetadataValue | null;
}

/** A committed offset. Frozen. */
export interface OffsetCommitValue {
  readonly offset: number;
  /** −1 if the client did not say. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  /** ms since 1970. */
  readonly commitTimestamp: number;
}

/** A generation of a classic group. Frozen. */
export interface GroupMetadataValue {
  /** '' for a group that never had members. */
  readonly protocolType: string;
  readonly generation: number;
  readonly protocol: string | null;
  readonly leader: string | null;
  /** ms since 1970. */
  readonly currentStateTimestamp: number;
  readonly members: readonly MemberMetadata[];
}

export interface MemberMetadata {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** ms. */
  readonly rebalanceTimeout: number;
  /** ms. */
  readonly sessionTimeout: number;
  readonly subscription: Bytes;
  readonly assignment: Bytes;
}

const OFFSET_COMMIT_KEY_VERSION = 1;
const GROUP_METADATA_KEY_VERSION = 2;
const VALUE_VERSION = 3;

/** The record as a broker appends it (keys: `OffsetCommitKey` 1 and `GroupMetadataKey` 2, values of version 3). */
export const encodeRecord = (record: GroupRecord, timestamp: number): SimpleRecord => ({
  key: encodeKey(record),
  value: encodeValue(record),
  timestamp,
});

function encodeKey(record: GroupRecord): Bytes {
  switch (record.type) {
    case 'OffsetCommit':
      return (
        int16(OFFSET_COMMIT_KEY_VERSION) +
        string(record.group) +
        string(record.topic) +
        int32ToBytes(record.partition)
      );
    case 'GroupMetadata':
      return int16(GROUP_METADATA_KEY_VERSION) + string(record.group);
    default:
      return isShareRecord(record) ? encodeShareGroupKey(record) : encodeConsumerGroupKey(record);
  }
}

function encodeValue(record: GroupRecord): Bytes | null {
  if (record.value === null) return null;
  switch (record.type) {
    case 'OffsetCommit':
      return int16(VALUE_VERSION) + encodeOffset(record.value);
    case 'GroupMetadata':
      return int16(VALUE_VERSION) + encodeGroup(record.value);
    default:
      return isShareRecord(record) ? encodeShareGroupValue(record) : encodeConsumerGroupValue(record);
  }
}

const encodeOffset = (value: OffsetCommitValue): Bytes =>
  int64ToBytes(value.offset) +
  int32ToBytes(value.leaderEpoch) +
  string(value.metadata) +
  int64ToBytes(value.commitTimestamp);

const encodeGroup = (value: GroupMetadataValue): Bytes =>
  string(value.protocolType) +
  int32ToBytes(value.generation) +
  nullableString(value.protocol) +
  nullableString(value.leader) +
  int64ToBytes(value.currentStateTimestamp) +
  int32ToBytes(value.members.length) +
  value.members.map(encodeMember).join('');

const encodeMember = (member: MemberMetadata): Bytes =>
  string(member.memberId) +
  nullableString(member.groupInstanceId) +
  string(member.clientId) +
  string(member.clientHost) +
  int32ToBytes(member.rebalanceTimeout) +
  int32ToBytes(member.sessionTimeout) +
  bytes(member.subscription) +
  bytes(member.assignment);

/** Reads a record of `__consumer_offsets`. Undefined for keys of a kind that this coordinator does not keep. */
export function decodeRecord(key: Bytes, value: Bytes | null): GroupRecord | undefined {
  const reader = new RecordReader(key);
  const version = reader.int16();
  if (version > GROUP_METADATA_KEY_VERSION)
    return isShareKeyVersion(version)
      ? decodeShareGroupRecord(version, reader, value)
      : decodeConsumerGroupRecord(version, reader, value);
  const group = reader.string();
  if (version === GROUP_METADATA_KEY_VERSION)
    return { type: 'GroupMetadata', group, value: decodeWith(decodeGroup, value) };
  if (version < 0) return undefined;
  const topic = reader.string();
  const partition = reader.int32();
  return { type: 'OffsetCommit', group, topic, partition, value: decodeWith(decodeOffset, value) };
}

function decodeWith<T>(decode: (reader: RecordReader) => T, value: Bytes | null): T | null {
  if (value === null) return null;
  const reader = new RecordReader(value);
  const version = reader.int16();
  assert(version === VALUE_VERSION, 'a value of another version', { version });
  const decoded = decode(reader);
  assert(!reader.overrun, 'a record of __consumer_offsets ends too early');
  return decoded;
}

const decodeOffset = (reader: RecordReader): OffsetCommitValue =>
  Object.freeze({
    offset: reader.int64(),
    leaderEpoch: reader.int32(),
    metadata: reader.string(),
    commitTimestamp: reader.int64(),
  });

function decodeGroup(reader: RecordReader): GroupMetadataValue {
  const head = {
    protocolType: reader.string(),
    generation: reader.int32(),
    protocol: reader.nullableString(),
    leader: reader.nullableString(),
    currentStateTimestamp: reader.int64(),
  };
  const members = Array.from({ length: reader.int32() }, () => decodeMember(reader));
  return Object.freeze({ ...head, members: Object.freeze(members) });
}

const decodeMember = (reader: RecordReader): MemberMetadata =>
  Object.freeze({
    memberId: reader.string(),
    groupInstanceId: reader.nullableString(),
    clientId: reader.string(),
    clientHost: reader.string(),
    rebalanceTimeout: reader.int32(),
    sessionTimeout: reader.int32(),
    subscription: reader.bytes(),
    assignment: reader.bytes(),
  });
