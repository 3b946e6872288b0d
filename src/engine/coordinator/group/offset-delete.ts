import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ResponseBody } from '../../protocol/message.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import { subscribedTopics, type ConsumerGroup } from '../consumer-group/consumer-group.ts';
import { CONSUMER_PROTOCOL_TYPE, isSubscribedTo, type ClassicGroup } from './classic-group.ts';
import type { Decision } from './decision.ts';
import type { OffsetCommitRecord } from './group-record.ts';
import { latestOffset } from './offset-view.ts';
import { isPending } from './pending-offsets.ts';
import { consumerGroupOf, groupOf, type GroupShard } from './shard-state.ts';

type DeleteRequest = CoordinatorRequest<'OffsetDelete'>;

/** OffsetDelete: removes offsets of topics that no member needs. */
export function deleteOffsets(shard: GroupShard, { body }: DeleteRequest): Decision {
  const group = consumerGroupOf(shard, body.groupId) ?? groupOf(shard, body.groupId);
  const error = validate(group);
  if (group === undefined || error !== NONE) return { records: [], response: offsetDeleteError(error) };
  const records: OffsetCommitRecord[] = [];
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => {
      const errorCode = errorOf(shard, group, name, partitionIndex);
      if (errorCode === NONE && isKnown(shard, group.groupId, name, partitionIndex))
        records.push(offsetTombstone(group.groupId, name, partitionIndex));
      return { partitionIndex, errorCode };
    }),
  }));
  return { records, response: { errorCode: NONE, throttleTimeMs: 0, topics } };
}

const isKnown = ({ state }: GroupShard, groupId: string, topic: string, partition: number): boolean =>
  latestOffset(state, groupId, topic, partition) !== undefined ||
  isPending(state.stored, groupId, topic, partition);

function validate(group: ClassicGroup | ConsumerGroup | undefined): number {
  if (group === undefined) return ERROR_CODES.GROUP_ID_NOT_FOUND;
  if ('groupEpoch' in group) return NONE;
  const opaque = group.state !== 'Empty' && group.protocolType !== CONSUMER_PROTOCOL_TYPE;
  return opaque ? ERROR_CODES.NON_EMPTY_GROUP : NONE;
}

function errorOf(
  { host }: GroupShard,
  group: ClassicGroup | ConsumerGroup,
  topic: string,
  partition: number,
): number {
  if (!host.topics.hasPartition(topic, partition)) return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
  const subscribed =
    'groupEpoch' in group ? subscribedTopics(group).includes(topic) : isSubscribedTo(group, topic);
  return subscribed ? ERROR_CODES.GROUP_SUBSCRIBED_TO_TOPIC : NONE;
}

export const offsetDeleteError = (errorCode: number): ResponseBody<'OffsetDelete'> => ({
  errorCode,
  throttleTimeMs: 0,
  topics: [],
});

export const offsetTombstone = (group: string, topic: string, partition: number): OffsetCommitRecord => ({
  type: 'OffsetCommit',
  group,
  topic,
  partition,
  value: null,
});
