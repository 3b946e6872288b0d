import { NO_OPERATIONS } from '../../protocol/authorized-operations.ts';
import type {
  ConsumerGroupDescribeResponseGroup,
  ConsumerGroupDescribeResponseMember,
  DescribedAssignment,
} from '../../protocol/consumer-group-describe.ts';
import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import { committedConsumerGroup, type GroupShard } from '../group/shard-state.ts';
import {
  preferredAssignor,
  stateOf,
  targetOf,
  usesClassicProtocol,
  type ConsumerGroup,
  type ConsumerGroupMember,
} from './consumer-group.ts';
import { assignedPartitions, entriesOf } from './reconciliation.ts';
import { defaultAssignor } from './target-assignment.ts';

const MEMBER_TYPE = { classic: 0, consumer: 1 } as const;

/** One group of a ConsumerGroupDescribe: INVALID_GROUP_ID, or GROUP_ID_NOT_FOUND if it is no group of this protocol. */
export function describeConsumerGroup(
  shard: GroupShard,
  groupId: string,
): ConsumerGroupDescribeResponseGroup {
  if (groupId === '')
    return { ...describeConsumerGroupError(groupId, ERROR_CODES.INVALID_GROUP_ID), errorMessage: null };
  const group = committedConsumerGroup(shard, groupId);
  if (group === undefined) return describeConsumerGroupError(groupId, ERROR_CODES.GROUP_ID_NOT_FOUND);
  return {
    ...describeConsumerGroupError(groupId, NONE),
    errorMessage: null,
    groupState: stateOf(group),
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: preferredAssignor(group, defaultAssignor(shard.host)),
    members: [...group.members.values()].map((member) => describeMember(shard, group, member)),
  };
}

export const describeConsumerGroupError = (
  groupId: string,
  errorCode: number,
): ConsumerGroupDescribeResponseGroup => ({
  errorCode,
  errorMessage: errorName(errorCode),
  groupId,
  groupState: '',
  groupEpoch: 0,
  assignmentEpoch: 0,
  assignorName: '',
  members: [],
  authorizedOperations: NO_OPERATIONS,
});

/** What a member has yet to give up is still told as its own. */
function describeMember(
  shard: GroupShard,
  group: ConsumerGroup,
  member: ConsumerGroupMember,
): ConsumerGroupDescribeResponseMember {
  const { memberId, metadata, current } = member;
  const owned = assignedPartitions([...entriesOf(current.assigned), ...entriesOf(current.pendingRevocation)]);
  const partitions = [...owned].map(([topicId, epochs]) => [topicId, [...epochs.keys()]] as const);
  return {
    memberId,
    instanceId: metadata.instanceId,
    rackId: metadata.rackId,
    memberEpoch: current.memberEpoch,
    clientId: metadata.clientId,
    clientHost: metadata.clientHost,
    subscribedTopicNames: metadata.topicNames,
    subscribedTopicRegex: metadata.topicRegex,
    assignment: describeAssignment(shard, partitions),
    targetAssignment: describeAssignment(shard, targetOf(group, memberId)),
    memberType: usesClassicProtocol(member) ? MEMBER_TYPE.classic : MEMBER_TYPE.consumer,
  };
}

/** Topics that no longer exist are left out. */
const describeAssignment = (
  { host }: GroupShard,
  assignment: Iterable<readonly [Uuid, readonly number[]]>,
): DescribedAssignment => ({
  topicPartitions: [...assignment].flatMap(([topicId, partitions]) => {
    const topicName = host.topics.nameOf(topicId);
    return topicName === undefined ? [] : [{ topicId, topicName, partitions }];
  }),
});
