import { isAlive, isOnline, type MetadataImage, type TopicImage } from '../metadata/metadata-image.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import { topicNameProblem } from '../metadata/topic-name.ts';
import type {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
  DescribeTopicPartitionsResponsePartition,
  DescribeTopicPartitionsResponseTopic,
} from '../protocol/describe-topic-partitions.ts';
import { NO_OPERATIONS, TOPIC_OPERATIONS } from '../protocol/authorized-operations.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { isInternalTopic } from './coordinator-topic.ts';
import { respond, type Incoming } from './requests.ts';

/**
 * Topics in order of their names, with the eligible and last known leaders of each partition (KIP-966), as many
 * partitions as fit; the cursor says where to go on (`DescribeTopicPartitionsRequestHandler`).
 */
export function handleDescribeTopicPartitions(
  broker: Broker,
  { token, body }: Incoming<'DescribeTopicPartitions'>,
): void {
  const { image, config } = broker.memory;
  const names = topicsFromCursor(image, body);
  const limit = Math.max(
    Math.min(config['max.request.partition.size.limit'], body.responsePartitionLimit),
    1,
  );
  const response =
    names === undefined
      ? refusal(body)
      : describeFrom(image, names, { ...body, responsePartitionLimit: limit });
  respond<'DescribeTopicPartitions'>(broker, token, response);
}

/** What is asked for and not before the cursor; undefined if the cursor makes no sense. */
function topicsFromCursor(
  image: MetadataImage,
  { topics, cursor }: DescribeTopicPartitionsRequest,
): string[] | undefined {
  const asked = topics.length === 0 ? [...image.topics.keys()] : topics.map(({ name }) => name);
  const from = cursor?.topicName ?? '';
  const names = [...new Set(asked)].filter((name) => name >= from).sort();
  if (cursor !== null && cursor.partitionIndex < 0) return undefined;
  return cursor !== null && topics.length > 0 && !names.includes(from) ? undefined : names;
}

const refusal = ({ topics }: DescribeTopicPartitionsRequest): DescribeTopicPartitionsResponse => ({
  throttleTimeMs: 0,
  topics: topics.map(({ name }) => ({
    ...problemTopic(name, ERROR_CODES.INVALID_REQUEST),
    topicAuthorizedOperations: NO_OPERATIONS,
  })),
  nextCursor: null,
});

function describeFrom(
  image: MetadataImage,
  names: readonly string[],
  { topics: asked, cursor, responsePartitionLimit }: DescribeTopicPartitionsRequest,
): DescribeTopicPartitionsResponse {
  const topics: DescribeTopicPartitionsResponseTopic[] = [];
  let room = responsePartitionLimit;
  for (const name of names) {
    if (room === 0) return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: 0 } };
    const topic = image.topics.get(name);
    if (topic === undefined) {
      if (asked.length > 0) topics.push(problemTopic(name, missingError(name)));
      continue;
    }
    const first = cursor?.topicName === name ? cursor.partitionIndex : 0;
    const end = Math.min(topic.partitions.length, first + room);
    topics.push(describeTopic(image, topic, first, end));
    if (end < topic.partitions.length)
      return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: end } };
    room -= Math.max(end - first, 0);
  }
  return { throttleTimeMs: 0, topics, nextCursor: null };
}

const missingError = (name: string): number =>
  topicNameProblem(name) === undefined
    ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
    : ERROR_CODES.INVALID_TOPIC_EXCEPTION;

const problemTopic = (name: string, errorCode: number): DescribeTopicPartitionsResponseTopic => ({
  errorCode,
  name,
  topicId: ZERO_UUID,
  isInternal: false,
  partitions: [],
  topicAuthorizedOperations: TOPIC_OPERATIONS,
});

const describeTopic = (
  image: MetadataImage,
  { name, topicId, partitions }: TopicImage,
  first: number,
  end: number,
): DescribeTopicPartitionsResponseTopic => ({
  errorCode: NONE,
  name,
  topicId,
  isInternal: isInternalTopic(name),
  partitions: partitions
    .slice(first, Math.max(end, first))
    .map((partition, i) => describePartition(image, partition, first + i)),
  topicAuthorizedOperations: TOPIC_OPERATIONS,
});

const describePartition = (
  image: MetadataImage,
  partition: PartitionRegistration,
  partitionIndex: number,
): DescribeTopicPartitionsResponsePartition => ({
  errorCode: NONE,
  partitionIndex,
  leaderId: isAlive(image, partition.leader) ? partition.leader : -1,
  leaderEpoch: partition.leaderEpoch,
  replicaNodes: partition.replicas,
  isrNodes: partition.isr,
  eligibleLeaderReplicas: partition.elr,
  lastKnownElr: partition.lastKnownElr,
  offlineReplicas: partition.replicas.filter((id) => !isOnline(image, partition, id)),
});
