import { int32ToBytes, int64ToBytes, type Bytes } from '../../base/bytes.ts';
import type { CompactReader } from '../group/compact-bytes.ts';
import {
  compactArray,
  compactBytes,
  compactNullableString,
  compactString,
  taggedFields,
} from '../group/compact-bytes.ts';
import { int16, type RecordReader, string } from '../group/record-bytes.ts';
import { uuidToBytes } from '../../protocol/uuid.ts';
import {
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
} from './assigned-group-record.ts';
import type { Assignment } from './assignor/assignor.ts';
import type { ClassicMemberMetadata, MemberMetadata, ResolvedRegex } from './consumer-group.ts';
import {
  assignedPartitions,
  type AssignedEntry,
  type AssignedPartitions,
  type CurrentAssignment,
  type MemberState,
} from './reconciliation.ts';

/** What a coordinator remembers of a group of the consumer protocol. */
export type ConsumerGroupRecord =
  | Keyed<'ConsumerGroupMetadata', GroupEpoch>
  | (Keyed<'ConsumerGroupMemberMetadata', MemberMetadata> & OfMember)
  | Keyed<'ConsumerGroupTargetAssignmentMetadata', TargetEpoch>
  | (Keyed<'ConsumerGroupTargetAssignmentMember', Assignment> & OfMember)
  | (Keyed<'ConsumerGroupCurrentMemberAssignment', CurrentAssignment> & OfMember)
  | (Keyed<'ConsumerGroupRegularExpression', ResolvedRegex> & { readonly regex: string });

type RecordType = ConsumerGroupRecord['type'];

/** The version of a key says what kind of record it is. */
const KEY_VERSIONS: Readonly<Record<RecordType, number>> = {
  ConsumerGroupMetadata: 3,
  ConsumerGroupMemberMetadata: 5,
  ConsumerGroupTargetAssignmentMetadata: 6,
  ConsumerGroupTargetAssignmentMember: 7,
  ConsumerGroupCurrentMemberAssignment: 8,
  ConsumerGroupRegularExpression: 16,
};
const MEMBER_STATES: readonly MemberState[] = ['STABLE', 'UNREVOKED_PARTITIONS', 'UNRELEASED_PARTITIONS'];

export const encodeConsumerGroupKey = (record: ConsumerGroupRecord): Bytes =>
  int16(KEY_VERSIONS[record.type]) + string(record.group) + secondKeyOf(record);

function secondKeyOf(record: ConsumerGroupRecord): Bytes {
  if ('member' in record) return string(record.member);
  return 'regex' in record ? string(record.regex) : '';
}

export const encodeConsumerGroupValue = (record: ConsumerGroupRecord): Bytes | null =>
  record.value === null ? null : versioned(encodeValue(record));

function encodeValue(record: ConsumerGroupRecord): Bytes {
  if (record.value === null) return '';
  switch (record.type) {
    case 'ConsumerGroupMetadata':
      return encodeGroupEpoch(record.value);
    case 'ConsumerGroupMemberMetadata':
      return encodeMember(record.value);
    case 'ConsumerGroupTargetAssignmentMetadata':
      return encodeTargetEpoch(record.value);
    case 'ConsumerGroupTargetAssignmentMember':
      return encodeAssignment(record.value) + taggedFields([]);
    case 'ConsumerGroupCurrentMemberAssignment':
      return encodeCurrent(record.value);
    case 'ConsumerGroupRegularExpression':
      return (
        compactArray(record.value.topics, compactString) +
        int64ToBytes(0) +
        int64ToBytes(record.value.timestamp) +
        taggedFields([])
      );
  }
}

const encodeMember = (member: MemberMetadata): Bytes =>
  compactNullableString(member.instanceId) +
  compactNullableString(member.rackId) +
  compactString(member.clientId) +
  compactString(member.clientHost) +
  compactArray(member.topicNames, compactString) +
  compactNullableString(member.topicRegex) +
  int32ToBytes(member.rebalanceTimeoutMs) +
  compactNullableString(member.serverAssignor) +
  taggedFields(member.classic === null ? [] : [encodeClassic(member.classic)]);

const encodeClassic = ({ sessionTimeoutMs, protocols }: ClassicMemberMetadata): Bytes =>
  int32ToBytes(sessionTimeoutMs) +
  compactArray(
    protocols,
    ({ name, metadata }) => compactString(name) + compactBytes(metadata) + taggedFields([]),
  ) +
  taggedFields([]);

const encodeCurrent = (current: CurrentAssignment): Bytes =>
  int32ToBytes(current.memberEpoch) +
  int32ToBytes(current.previousMemberEpoch) +
  String.fromCharCode(MEMBER_STATES.indexOf(current.state)) +
  compactArray([...current.assigned], encodeAssigned) +
  compactArray([...current.pendingRevocation], encodeAssigned) +
  taggedFields([]);

const encodeAssigned = ([topicId, epochs]: readonly [string, ReadonlyMap<number, number>]): Bytes =>
  uuidToBytes(topicId) +
  compactArray([...epochs.keys()], int32ToBytes) +
  taggedFields([compactArray([...epochs.values()], int32ToBytes)]);

/** Reads a record whose key has this version and goes on with `key`; undefined for other kinds of records. */
export function decodeConsumerGroupRecord(
  version: number,
  key: RecordReader,
  value: Bytes | null,
): ConsumerGroupRecord | undefined {
  const types = Object.keys(KEY_VERSIONS) as RecordType[];
  const type = types.find((name) => KEY_VERSIONS[name] === version);
  if (type === undefined) return undefined;
  const group = key.string();
  switch (type) {
    case 'ConsumerGroupMetadata':
      return { type, group, value: decodeWith(decodeGroupEpoch, value) };
    case 'ConsumerGroupMemberMetadata':
      return { type, group, member: key.string(), value: decodeWith(decodeMember, value) };
    case 'ConsumerGroupTargetAssignmentMetadata':
      return { type, group, value: decodeWith(decodeTargetEpoch, value) };
    case 'ConsumerGroupTargetAssignmentMember':
      return { type, group, member: key.string(), value: decodeWith(decodeAssignment, value) };
    case 'ConsumerGroupCurrentMemberAssignment':
      return { type, group, member: key.string(), value: decodeWith(decodeCurrent, value) };
    case 'ConsumerGroupRegularExpression':
      return { type, group, regex: key.string(), value: decodeWith(decodeRegex, value) };
  }
}

const decodeMember = (reader: CompactReader): MemberMetadata =>
  Object.freeze({
    instanceId: reader.compactNullableString(),
    rackId: reader.compactNullableString(),
    clientId: reader.compactString(),
    clientHost: reader.compactString(),
    topicNames: Object.freeze(reader.compactArray((item) => item.compactString())),
    topicRegex: reader.compactString(),
    rebalanceTimeoutMs: reader.int32(),
    serverAssignor: reader.compactNullableString(),
    classic: reader.tagged(decodeClassic) ?? null,
  });

function decodeClassic(reader: CompactReader): ClassicMemberMetadata {
  const sessionTimeoutMs = reader.int32();
  const protocols = reader.compactArray((item) => {
    const protocol = { name: item.compactString(), metadata: item.compactBytes() };
    item.tagged();
    return Object.freeze(protocol);
  });
  reader.tagged();
  return Object.freeze({ sessionTimeoutMs, protocols: Object.freeze(protocols) });
}

const decodeCurrent = (reader: CompactReader): CurrentAssignment =>
  Object.freeze({
    memberEpoch: reader.int32(),
    previousMemberEpoch: reader.int32(),
    state: MEMBER_STATES[reader.int8()] ?? 'STABLE',
    assigned: decodeAssigned(reader),
    pendingRevocation: decodeAssigned(reader),
  });

function decodeAssigned(reader: CompactReader): AssignedPartitions {
  const entries = reader.compactArray((item): AssignedEntry[] => {
    const topicId = item.uuid();
    const partitions = item.compactArray((number) => number.int32());
    const epochs = item.tagged((tag) => tag.compactArray((number) => number.int32())) ?? [];
    return partitions.map((partition, i) => ({ topicId, partition, epoch: epochs[i] ?? 0 }));
  });
  return assignedPartitions(entries.flat());
}

function decodeRegex(reader: CompactReader): ResolvedRegex {
  const topics = Object.freeze(reader.compactArray((item) => item.compactString()));
  reader.int64();
  return Object.freeze({ topics, timestamp: reader.int64() });
}
