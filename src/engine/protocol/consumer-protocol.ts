import type { Bytes } from '../base/bytes.ts';
import {
  array,
  cursorOf,
  int16,
  int32,
  nullableBytes,
  nullableString,
  readArray,
  readInt16,
  readInt32,
  readNullableBytes,
  readNullableString,
  readString,
  string,
  type ByteCursor,
} from './byte-codec.ts';

/** `protocolType` of groups whose members are consumers. */
export const CONSUMER_PROTOCOL_TYPE = 'consumer';

/** Version in which subscriptions and assignments are written (`ConsumerProtocolSubscription`, highest version). */
const VERSION = 3;

/** Partitions of one topic, ascending. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** What a member tells its group's leader in JoinGroup. */
export interface ConsumerSubscription {
  readonly topics: readonly string[];
  /** What the assignor adds, or null. */
  readonly userData: Bytes | null;
  readonly ownedPartitions: readonly TopicPartitions[];
  /** Generation in which the member owned them, −1 for none. */
  readonly generationId: number;
  readonly rackId: string | null;
}

/** What the leader gives a member in SyncGroup. */
export interface ConsumerAssignment {
  readonly partitions: readonly TopicPartitions[];
  readonly userData: Bytes | null;
}

const topicPartitions = ({ topic, partitions }: TopicPartitions): Bytes =>
  string(topic) + array(partitions, int32);

function readTopicPartitions(cursor: ByteCursor): TopicPartitions {
  const topic = readString(cursor);
  return { topic, partitions: readArray(cursor, readInt32) };
}

export const encodeSubscription = (subscription: ConsumerSubscription): Bytes =>
  int16(VERSION) +
  array(subscription.topics, string) +
  nullableBytes(subscription.userData) +
  array(subscription.ownedPartitions, topicPartitions) +
  int32(subscription.generationId) +
  nullableString(subscription.rackId);

/** Reads any version from 0; what a version does not have is absent. Undefined if the bytes are not a subscription. */
export function decodeSubscription(bytes: Bytes): ConsumerSubscription | undefined {
  const cursor = cursorOf(bytes);
  const version = readInt16(cursor);
  const topics = readArray(cursor, readString);
  const userData = readNullableBytes(cursor);
  const ownedPartitions = version >= 1 ? readArray(cursor, readTopicPartitions) : [];
  const generationId = version >= 2 ? readInt32(cursor) : -1;
  const rackId = version >= 3 ? readNullableString(cursor) : null;
  if (cursor.overrun || version < 0) return undefined;
  return { topics, userData, ownedPartitions, generationId, rackId };
}

/** The version of a subscription; the bytes of an assignment for its member have the same. */
export const subscriptionVersion = (bytes: Bytes): number => readInt16(cursorOf(bytes));

export const encodeAssignment = (assignment: ConsumerAssignment, version = VERSION): Bytes =>
  int16(version) + array(assignment.partitions, topicPartitions) + nullableBytes(assignment.userData);

/** Undefined if the bytes are not an assignment. No bytes at all are an empty one: the leader did not name the member. */
export function decodeAssignment(bytes: Bytes): ConsumerAssignment | undefined {
  if (bytes === '') return { partitions: [], userData: null };
  const cursor = cursorOf(bytes);
  const version = readInt16(cursor);
  const partitions = readArray(cursor, readTopicPartitions);
  const userData = readNullableBytes(cursor);
  return cursor.overrun || version < 0 ? undefined : { partitions, userData };
}
