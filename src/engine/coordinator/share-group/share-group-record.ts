import { int32ToBytes, int64ToBytes, type Bytes } from '../../base/bytes.ts';
import type { Assignment } from '../consumer-group/assignor/assignor.ts';
import type { CompactReader } from '../group/compact-bytes.ts';
import { compactArray, compactNullableString, compactString, taggedFields } from '../group/compact-bytes.ts';
import { int16, type RecordReader, string } from '../group/record-bytes.ts';
import { uuidToBytes, type Uuid } from '../../protocol/uuid.ts';
import {
  decodeNumbers,
  decodeAssignment,
  decodeGroupEpoch,
  decodeTargetEpoch,
  decodeWith,
  encodeAssignment,
  encodeGroupEpoch,
  encodeTargetEpoch,
  type GroupEpoch,
  type Keyed,
  type OfMember,
  type TargetEpoch,
  versioned,
} from '../consumer-group/assigned-group-record.ts';
import type {
  InitializingTopic,
  ShareMemberAssignment,
  ShareMemberMetadata,
  ShareStatePartitions,
  StateTopic,
} from './share-group.ts';

/** What a coordinator remembers of a share group. */
export type ShareGroupRecord =
  | Keyed<'ShareGroupMetadata', GroupEpoch>
  | (Keyed<'ShareGroupMemberMetadata', ShareMemberMetadata> & OfMember)
  | Keyed<'ShareGroupTargetAssignmentMetadata', TargetEpoch>
  | (Keyed<'ShareGroupTargetAssignmentMember', Assignment> & OfMember)
  | (Keyed<'ShareGroupCurrentMemberAssignment', ShareMemberAssignment> & OfMember)
  | Keyed<'ShareGroupStatePartitionMetadata', ShareStatePartitions>;

type RecordType = ShareGroupRecord['type'];

/** The version of a key says what kind of record it is. */
const KEY_VERSIONS: Readonly<Record<RecordType, number>> = {
  ShareGroupMemberMetadata: 10,
  ShareGroupMetadata: 11,
  ShareGroupTargetAssignmentMetadata: 12,
  ShareGroupTargetAssignmentMember: 13,
  ShareGroupCurrentMemberAssignment: 14,
  ShareGroupStatePartitionMetadata: 15,
};
/** `MemberState.STABLE`, the only one in which members of share groups are. */
const STABLE = '\0';

/** Whether a key of this version is one of a share group. */
export const isShareKeyVersion = (version: number): boolean => Object.values(KEY_VERSIONS).includes(version);

export const isShareRecord = (record: { readonly type: string }): record is ShareGroupRecord =>
  record.type in KEY_VERSIONS;

export const encodeShareGroupKey = (record: ShareGroupRecord): Bytes =>
  int16(KEY_VERSIONS[record.type]) + string(record.group) + ('member' in record ? string(record.member) : '');

export const encodeShareGroupValue = (record: ShareGroupRecord): Bytes | null =>
  record.value === null ? null : versioned(encodeValue(record));

function encodeValue(record: ShareGroupRecord): Bytes {
  if (record.value === null) return '';
  switch (record.type) {
    case 'ShareGroupMetadata':
      return encodeGroupEpoch(record.value);
    case 'ShareGroupMemberMetadata':
      return encodeMember(record.value);
    case 'ShareGroupTargetAssignmentMetadata':
      return encodeTargetEpoch(record.value);
    case 'ShareGroupTargetAssignmentMember':
      return encodeAssignment(record.value) + taggedFields([]);
    case 'ShareGroupCurrentMemberAssignment':
      return encodeCurrent(record.value);
    case 'ShareGroupStatePartitionMetadata':
      return encodePartitions(record.value);
  }
}

const encodeMember = (member: ShareMemberMetadata): Bytes =>
  compactNullableString(member.rackId) +
  compactString(member.clientId) +
  compactString(member.clientHost) +
  compactArray(member.topicNames, compactString) +
  taggedFields([]);

const encodeCurrent = ({ memberEpoch, previousMemberEpoch, assigned }: ShareMemberAssignment): Bytes =>
  int32ToBytes(memberEpoch) +
  int32ToBytes(previousMemberEpoch) +
  STABLE +
  encodeAssignment(assigned) +
  taggedFields([]);

/** When each topic was begun with is ours: Kafka takes the time at which a coordinator reads the record. */
const encodePartitions = ({ initializing, initialized }: ShareStatePartitions): Bytes =>
  compactArray([...initializing], ([topicId, topic]) =>
    encodeTopic(topicId, topic, [int64ToBytes(topic.since)]),
  ) +
  compactArray([...initialized], ([topicId, topic]) => encodeTopic(topicId, topic, [])) +
  compactArray([], () => '') +
  taggedFields([]);

const encodeTopic = (topicId: Uuid, { name, partitions }: StateTopic, tags: readonly Bytes[]): Bytes =>
  uuidToBytes(topicId) + compactString(name) + compactArray(partitions, int32ToBytes) + taggedFields(tags);

/** Reads a record whose key has this version and goes on with `key`; undefined for other kinds of records. */
export function decodeShareGroupRecord(
  version: number,
  key: RecordReader,
  value: Bytes | null,
): ShareGroupRecord | undefined {
  const types = Object.keys(KEY_VERSIONS) as RecordType[];
  const type = types.find((name) => KEY_VERSIONS[name] === version);
  if (type === undefined) return undefined;
  const group = key.string();
  switch (type) {
    case 'ShareGroupMetadata':
      return { type, group, value: decodeWith(decodeGroupEpoch, value) };
    case 'ShareGroupMemberMetadata':
      return { type, group, member: key.string(), value: decodeWith(decodeMember, value) };
    case 'ShareGroupTargetAssignmentMetadata':
      return { type, group, value: decodeWith(decodeTargetEpoch, value) };
    case 'ShareGroupTargetAssignmentMember':
      return { type, group, member: key.string(), value: decodeWith(decodeAssignment, value) };
    case 'ShareGroupCurrentMemberAssignment':
      return { type, group, member: key.string(), value: decodeWith(decodeCurrent, value) };
    case 'ShareGroupStatePartitionMetadata':
      return { type, group, value: decodeWith(decodePartitions, value) };
  }
}

const decodeMember = (reader: CompactReader): ShareMemberMetadata =>
  Object.freeze({
    rackId: reader.compactNullableString(),
    clientId: reader.compactString(),
    clientHost: reader.compactString(),
    topicNames: Object.freeze(reader.compactArray((item) => item.compactString())),
  });

function decodeCurrent(reader: CompactReader): ShareMemberAssignment {
  const epochs = { memberEpoch: reader.int32(), previousMemberEpoch: reader.int32() };
  reader.int8();
  return Object.freeze({ ...epochs, assigned: decodeAssignment(reader) });
}

function decodePartitions(reader: CompactReader): ShareStatePartitions {
  const initializing = reader.compactArray((item): [Uuid, InitializingTopic] => {
    const [topicId, topic] = decodeTopic(item);
    return [topicId, Object.freeze({ ...topic, since: item.tagged((tag) => tag.int64()) ?? 0 })];
  });
  const initialized = reader.compactArray((item): [Uuid, StateTopic] => {
    const [topicId, topic] = decodeTopic(item);
    item.tagged();
    return [topicId, Object.freeze(topic)];
  });
  return Object.freeze({ initializing: new Map(initializing), initialized: new Map(initialized) });
}

const decodeTopic = (reader: CompactReader): [Uuid, StateTopic] => [
  reader.uuid(),
  { name: reader.compactString(), partitions: decodeNumbers(reader) },
];
