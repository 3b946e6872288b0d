import { NO_OPERATIONS } from '../../protocol/authorized-operations.ts';
import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import type {
  ShareGroupDescribeResponseGroup,
  ShareGroupDescribeResponseMember,
} from '../../protocol/share-group-describe.ts';
import { committedShareGroup, type GroupShard } from '../group/shard-state.ts';
import { stateOfShareGroup, type ShareGroupMember } from './share-group.ts';

/** The only assignor of share groups that there is. */
export const SHARE_ASSIGNOR = 'simple';

/** One group of a ShareGroupDescribe: INVALID_GROUP_ID, or GROUP_ID_NOT_FOUND if it is no share group. */
export function describeShareGroup(shard: GroupShard, groupId: string): ShareGroupDescribeResponseGroup {
  if (groupId === '')
    return { ...describeShareGroupError(groupId, ERROR_CODES.INVALID_GROUP_ID), errorMessage: null };
  const group = committedShareGroup(shard, groupId);
  if (group === undefined) return describeShareGroupError(groupId, ERROR_CODES.GROUP_ID_NOT_FOUND);
  return {
    ...describeShareGroupError(groupId, NONE),
    errorMessage: null,
    groupState: stateOfShareGroup(group),
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: SHARE_ASSIGNOR,
    members: [...group.members.values()].map((member) => describeMember(shard, member)),
  };
}

export const describeShareGroupError = (
  groupId: string,
  errorCode: number,
): ShareGroupDescribeResponseGroup => ({
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

/** Topics that no longer exist are left out. */
const describeMember = (
  { host }: GroupShard,
  { memberId, metadata, current }: ShareGroupMember,
): ShareGroupDescribeResponseMember => ({
  memberId,
  rackId: metadata.rackId,
  memberEpoch: current.memberEpoch,
  clientId: metadata.clientId,
  clientHost: metadata.clientHost,
  subscribedTopicNames: metadata.topicNames,
  assignment: {
    topicPartitions: [...current.assigned].flatMap(([topicId, partitions]) => {
      const topicName = host.topics.nameOf(topicId);
      return topicName === undefined ? [] : [{ topicId, topicName, partitions }];
    }),
  },
});
