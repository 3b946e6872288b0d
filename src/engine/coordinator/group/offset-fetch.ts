import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type {
  OffsetFetchRequestGroup,
  OffsetFetchRequestTopic,
  OffsetFetchResponseGroup,
  OffsetFetchResponsePartition,
  OffsetFetchResponseTopic,
} from '../../protocol/offset-fetch.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import { checkOffsetFetch } from '../consumer-group/commit-validation.ts';
import type { OffsetCommitValue } from './group-record.ts';
import { committedOffset, committedOffsets, latestOffset, latestOffsets } from './offset-view.ts';
import { isPending } from './pending-offsets.ts';
import { committedConsumerGroup, consumerGroupOf, type GroupShard } from './shard-state.ts';
import { topicNameOf, TOPIC_ID_VERSION } from './topic-name.ts';

type FetchRequest = CoordinatorRequest<'OffsetFetch'>;

/**
 * One group of an OffsetFetch. With `requireStable` the newest offsets are read (and the answer has to wait until they
 * are committed), otherwise the committed ones. A group that does not exist has no offsets; that is no error.
 */
export function fetchOffsets(
  shard: GroupShard,
  request: FetchRequest,
  group: OffsetFetchRequestGroup,
): OffsetFetchResponseGroup {
  const { groupId, topics } = group;
  const read = request.body.requireStable ? consumerGroupOf : committedConsumerGroup;
  const consumerGroup = read(shard, groupId);
  const errorCode = consumerGroup === undefined ? NONE : checkOffsetFetch(consumerGroup, group);
  if (errorCode !== NONE) return { groupId, errorCode, topics: [] };
  const found =
    topics === null
      ? fetchAll(shard, request, groupId)
      : topics.map((topic) => fetchTopic(shard, request, groupId, topic));
  return { groupId, errorCode, topics: found };
}

/** Whoever wants stable offsets does not get one that an open transaction may change (KIP-447). */
const isUnstable = (
  { state }: GroupShard,
  { body }: FetchRequest,
  groupId: string,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): boolean => body.requireStable && isPending(state.stored, groupId, topic, partition);

function fetchTopic(
  shard: GroupShard,
  request: FetchRequest,
  groupId: string,
  topic: OffsetFetchRequestTopic,
): OffsetFetchResponseTopic {
  const name = topicNameOf(shard.host.topics, request.version, topic);
  const read = request.body.requireStable ? latestOffset : committedOffset;
  const partitions = topic.partitionIndexes.map((partition) => {
    if (name === undefined) return fetched(partition, undefined, ERROR_CODES.UNKNOWN_TOPIC_ID);
    if (isUnstable(shard, request, groupId, { topic: name, partition }))
      return fetched(partition, undefined, ERROR_CODES.UNSTABLE_OFFSET_COMMIT);
    return fetched(partition, read(shard.state, groupId, name, partition), NONE);
  });
  return { topicId: topic.topicId, ...(topic.name === undefined ? {} : { name: topic.name }), partitions };
}

function fetchAll(shard: GroupShard, request: FetchRequest, groupId: string): OffsetFetchResponseTopic[] {
  const read = request.body.requireStable ? latestOffsets : committedOffsets;
  const byTopic = new Map<string, OffsetFetchResponsePartition[]>();
  for (const { topic, partition, value } of read(shard.state, groupId)) {
    const partitions = byTopic.get(topic) ?? [];
    const unstable = isUnstable(shard, request, groupId, { topic, partition });
    partitions.push(
      unstable
        ? fetched(partition, undefined, ERROR_CODES.UNSTABLE_OFFSET_COMMIT)
        : fetched(partition, value, NONE),
    );
    byTopic.set(topic, partitions);
  }
  return [...byTopic].flatMap(([name, partitions]) => namedTopic(shard, request, name, partitions));
}

/** Topics whose id is asked for and which no longer exist are left out. */
function namedTopic(
  shard: GroupShard,
  request: FetchRequest,
  name: string,
  partitions: readonly OffsetFetchResponsePartition[],
): OffsetFetchResponseTopic[] {
  if (request.version < TOPIC_ID_VERSION) return [{ topicId: ZERO_UUID, name, partitions }];
  const topicId = shard.host.topics.idOf(name);
  return topicId === undefined ? [] : [{ topicId, partitions }];
}

const fetched = (
  partitionIndex: number,
  value: OffsetCommitValue | undefined,
  errorCode: number,
): OffsetFetchResponsePartition => ({
  partitionIndex,
  committedOffset: value?.offset ?? -1,
  committedLeaderEpoch: value?.leaderEpoch ?? -1,
  metadata: value?.metadata ?? '',
  errorCode,
});
