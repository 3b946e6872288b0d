import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ResponseBody } from '../../protocol/message.ts';
import type { OffsetCommitRequestPartition, OffsetCommitRequestTopic } from '../../protocol/offset-commit.ts';
import type { CoordinatorHost, CoordinatorRequest } from '../coordinator-host.ts';
import { checkCommit } from '../consumer-group/commit-validation.ts';
import type { ConsumerGroup } from '../consumer-group/consumer-group.ts';
import { newGroup, validateMember, type ClassicGroup } from './classic-group.ts';
import type { Decision } from './decision.ts';
import type { OffsetCommitRecord } from './group-record.ts';
import { refreshSession } from './rebalance.ts';
import { consumerGroupOf, groupOf, shareGroupOf, type GroupShard } from './shard-state.ts';
import { topicNameOf, TOPIC_ID_VERSION } from './topic-name.ts';

type CommitRequest = CoordinatorRequest<'OffsetCommit' | 'TxnOffsetCommit'>;

/** From this version on clients understand GROUP_ID_NOT_FOUND. */
const GROUP_ERRORS_VERSION = 9;

/** TxnOffsetCommit says topics by id so many versions before OffsetCommit does. */
const VERSIONS_BEHIND = TOPIC_ID_VERSION - 6;

/** The version of OffsetCommit that names topics as this request does. */
const namingVersion = ({ api, version }: CommitRequest): number =>
  api === 'OffsetCommit' ? version : version + VERSIONS_BEHIND;

/**
 * OffsetCommit: stores the offsets of partitions that exist; answered when they are committed. With TxnOffsetCommit they
 * are part of a transaction, and take effect with its marker.
 */
export function commitOffset(shard: GroupShard, request: CommitRequest): Decision {
  if (!hasValidPartition(shard.host, request))
    return { records: [], response: commitError(shard.host, request, NONE) };
  const { groupId, memberId } = request.body;
  const consumerGroup = consumerGroupOf(shard, groupId);
  if (consumerGroup !== undefined) return commitToConsumerGroup(shard, consumerGroup, request);
  const known = groupOf(shard, groupId);
  if (shareGroupOf(shard, groupId) !== undefined)
    return { records: [], response: commitError(shard.host, request, ERROR_CODES.GROUP_ID_NOT_FOUND) };
  const error = request.api === 'OffsetCommit' ? validate(known, request) : validateTxn(known, request);
  if (error !== NONE) return { records: [], response: commitError(shard.host, request, error) };
  const member = request.api === 'OffsetCommit' ? known?.members.get(memberId) : undefined;
  if (known !== undefined && member !== undefined) refreshSession(shard, known, member);
  const decision = decide(shard, request);
  return known === undefined ? createSimpleGroup(shard, groupId, decision) : decision;
}

/** What is said of no partition that exists is refused for that alone. */
function commitToConsumerGroup(shard: GroupShard, group: ConsumerGroup, request: CommitRequest): Decision {
  const { topics } = shard.host;
  const { memberId, generationIdOrMemberEpoch: memberEpoch } = request.body;
  const partitions = request.body.topics.flatMap((topic) => {
    const name = topicNameOf(topics, namingVersion(request), topic) ?? '';
    const topicId = topics.idOf(name);
    return topic.partitions.flatMap(({ partitionIndex: partition }) =>
      topicId !== undefined && topics.hasPartition(name, partition) ? [{ topicId, partition }] : [],
    );
  });
  const { api, version } = request;
  const claim = { memberId, memberEpoch, partitions, version: api === 'OffsetCommit' ? version : undefined };
  const error = checkCommit(group, { ...claim, instanceId: request.body.groupInstanceId });
  if (error === NONE) return decide(shard, request);
  return { records: [], response: commitError(shard.host, request, error) };
}

/** Offsets without members make a group too, once one of them is stored. */
function createSimpleGroup(shard: GroupShard, groupId: string, decision: Decision): Decision {
  if (decision.records.length === 0) return decision;
  shard.state.groups.set(groupId, newGroup(groupId, shard.host.wallClockMs()));
  return { ...decision, createdGroup: groupId };
}

/** Why the group refuses the whole commit, or NONE. */
function validate(group: ClassicGroup | undefined, { version, body }: CommitRequest): number {
  const { generationIdOrMemberEpoch: generation, memberId, groupInstanceId } = body;
  if (group === undefined) {
    if (generation < 0) return NONE;
    return version >= GROUP_ERRORS_VERSION ? ERROR_CODES.GROUP_ID_NOT_FOUND : ERROR_CODES.ILLEGAL_GENERATION;
  }
  if (generation < 0 && group.state === 'Empty') return NONE;
  if (generation < 0 && memberId === '' && groupInstanceId === null) return ERROR_CODES.UNKNOWN_MEMBER_ID;
  const error = validateMember(group, memberId, groupInstanceId);
  if (error !== NONE) return error;
  if (generation !== group.generation) return ERROR_CODES.ILLEGAL_GENERATION;
  return group.state === 'CompletingRebalance' ? ERROR_CODES.REBALANCE_IN_PROGRESS : NONE;
}

/** A transaction's offsets may come without a member, and while the group rebalances (KIP-447). */
function validateTxn(group: ClassicGroup | undefined, { body }: CommitRequest): number {
  const { generationIdOrMemberEpoch: generation, memberId, groupInstanceId } = body;
  if (group === undefined) return generation < 0 ? NONE : ERROR_CODES.ILLEGAL_GENERATION;
  if (generation < 0 && (group.state === 'Empty' || (memberId === '' && groupInstanceId === null)))
    return NONE;
  const error = validateMember(group, memberId, groupInstanceId);
  if (error !== NONE) return error;
  return generation === group.generation ? NONE : ERROR_CODES.ILLEGAL_GENERATION;
}

function decide(shard: GroupShard, request: CommitRequest): Decision {
  const { groupId } = request.body;
  const commitTimestamp = shard.host.wallClockMs();
  const records: OffsetCommitRecord[] = [];
  const response = answerEach(request, (topic, { partitionIndex: partition, ...committed }) => {
    const error = rejectionOf(shard.host, request, topic, partition);
    if (error !== NONE) return error;
    const metadata = committed.committedMetadata ?? '';
    if (metadata.length > shard.host.config['offset.metadata.max.bytes'])
      return ERROR_CODES.OFFSET_METADATA_TOO_LARGE;
    const { committedOffset: offset, committedLeaderEpoch: leaderEpoch } = committed;
    const value = Object.freeze({ offset, leaderEpoch, metadata, commitTimestamp });
    const name = topicNameOf(shard.host.topics, namingVersion(request), topic) ?? '';
    records.push({ type: 'OffsetCommit', group: groupId, topic: name, partition, value });
    return NONE;
  });
  if (request.api === 'OffsetCommit') return { records, response };
  const { producerId, producerEpoch } = request.body;
  return { records, response, transaction: { producerId, producerEpoch } };
}

function hasValidPartition(host: CoordinatorHost, request: CommitRequest): boolean {
  return request.body.topics.some((topic) =>
    topic.partitions.some(({ partitionIndex }) => rejectionOf(host, request, topic, partitionIndex) === NONE),
  );
}

/** UNKNOWN_TOPIC_ID or UNKNOWN_TOPIC_OR_PARTITION for what the metadata image does not know, else NONE. */
function rejectionOf(
  host: CoordinatorHost,
  request: CommitRequest,
  topic: OffsetCommitRequestTopic,
  partition: number,
): number {
  const version = namingVersion(request);
  const name = topicNameOf(host.topics, version, topic);
  if (name === undefined)
    return version >= TOPIC_ID_VERSION
      ? ERROR_CODES.UNKNOWN_TOPIC_ID
      : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
  return host.topics.hasPartition(name, partition) ? NONE : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
}

/** The answer when the group refuses: partitions that do not exist keep their own error. */
export const commitError = (
  host: CoordinatorHost,
  request: CommitRequest,
  errorCode: number,
): ResponseBody<'OffsetCommit'> =>
  answerEach(request, (topic, { partitionIndex }) => {
    const rejection = rejectionOf(host, request, topic, partitionIndex);
    return rejection === NONE ? errorCode : rejection;
  });

/** A topic that is named several times is answered once, with all its partitions. */
function answerEach(
  { body }: CommitRequest,
  errorOf: (topic: OffsetCommitRequestTopic, partition: OffsetCommitRequestPartition) => number,
): ResponseBody<'OffsetCommit'> {
  const answered = new Map<string, OffsetCommitRequestTopic[]>();
  for (const topic of body.topics) {
    const key = `${topic.topicId} ${topic.name ?? ''}`;
    if (topic.partitions.length > 0) answered.set(key, [...(answered.get(key) ?? []), topic]);
  }
  const topics = [...answered.values()].flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    const partitions = entries.flatMap((topic) =>
      topic.partitions.map((partition) => ({
        partitionIndex: partition.partitionIndex,
        errorCode: errorOf(topic, partition),
      })),
    );
    const { topicId, name } = first;
    return [{ topicId, ...(name === undefined ? {} : { name }), partitions }];
  });
  return { throttleTimeMs: 0, topics };
}
