import type { Bytes } from '../../../base/bytes.ts';
import {
  array,
  cursorOf,
  int32,
  readArray,
  readInt32,
  readString,
  string,
} from '../../../protocol/byte-codec.ts';
import type { TopicPartitions } from '../../../protocol/consumer-protocol.ts';
import type { TopicPartition } from '../subscription-state.ts';
import { NO_CLAIM, type Claim } from './assignor.ts';

/** What the sticky assignor has its members tell the leader (`STICKY_ASSIGNOR_USER_DATA_V1`). */
export const encodeClaim = ({ partitions, generation }: Claim): Bytes =>
  array(byTopic(partitions), ({ topic, partitions: numbers }) => string(topic) + array(numbers, int32)) +
  int32(generation);

/** No claim if there are no bytes, or others than a sticky assignor writes. */
export function decodeClaim(bytes: Bytes | null): Claim {
  if (bytes === null) return NO_CLAIM;
  const cursor = cursorOf(bytes);
  const topics = readArray(cursor, () => ({
    topic: readString(cursor),
    partitions: readArray(cursor, readInt32),
  }));
  const generation = readInt32(cursor);
  return cursor.overrun ? NO_CLAIM : { partitions: topics.flatMap(partitionsOf), generation };
}

/** Topics in order of name, their partitions ascending. */
export function byTopic(partitions: readonly TopicPartition[]): TopicPartitions[] {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return [...topics]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, numbers]) => ({ topic, partitions: numbers.sort((a, b) => a - b) }));
}

export const partitionsOf = ({ topic, partitions }: TopicPartitions): TopicPartition[] =>
  partitions.map((partition) => ({ topic, partition }));
