import { ensure } from '../../base/assert.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { LeaveGroupRequestMember } from '../../protocol/leave-group.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import { leaveByClassicRequest } from '../consumer-group/leave-consumer-group.ts';
import { answerJoin, joinError } from './answers.ts';
import { mayRebalance, removeMember, validateMember, type ClassicGroup } from './classic-group.ts';
import { NO_RECORDS, type Decision } from './decision.ts';
import { leaveError } from './error-answers.ts';
import { cancelSession } from './group-timer.ts';
import { completeJoinIfAllJoined, dropMember, prepareRebalance } from './rebalance.ts';
import { consumerGroupOf, groupOf, type GroupShard } from './shard-state.ts';

/** LeaveGroup: each member of the list leaves or is refused by itself; then the rest rebalances. */
export function leaveGroup(shard: GroupShard, request: CoordinatorRequest<'LeaveGroup'>): Decision {
  const { body } = request;
  const consumerGroup = consumerGroupOf(shard, body.groupId);
  if (consumerGroup !== undefined) return leaveByClassicRequest(shard, consumerGroup, request);
  const group = groupOf(shard, body.groupId);
  if (group === undefined) return { records: [], response: leaveError(body, ERROR_CODES.UNKNOWN_MEMBER_ID) };
  const members = body.members.map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    errorCode: leave(shard, group, member),
  }));
  const left = members.filter(({ errorCode }) => errorCode === NONE).map(({ memberId }) => memberId);
  const decision = left.length === 0 ? NO_RECORDS : afterLeaving(shard, group, `${left.join(', ')} left`);
  return { ...decision, response: { throttleTimeMs: 0, errorCode: NONE, members } };
}

function leave(shard: GroupShard, group: ClassicGroup, leaving: LeaveGroupRequestMember): number {
  if (group.pendingJoin.has(leaving.memberId)) {
    removeMember(group, leaving.memberId);
    cancelSession(shard, group.groupId, leaving.memberId);
    return NONE;
  }
  const memberId = leaving.memberId === '' ? staticMemberId(group, leaving) : leaving.memberId;
  const error = validateMember(group, memberId, leaving.groupInstanceId);
  if (error !== NONE) return error;
  const member = ensure(group.members.get(memberId), 'member');
  answerJoin(shard, member, joinError('', ERROR_CODES.UNKNOWN_MEMBER_ID));
  dropMember(shard, group, member, 'left');
  return NONE;
}

/** An operator may remove a static member by its instance id alone. */
const staticMemberId = (group: ClassicGroup, { groupInstanceId }: LeaveGroupRequestMember): string =>
  (groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId)) ?? '';

function afterLeaving(shard: GroupShard, group: ClassicGroup, reason: string): Decision {
  if (group.state === 'Empty') return NO_RECORDS;
  return mayRebalance(group) ? prepareRebalance(shard, group, reason) : completeJoinIfAllJoined(shard, group);
}
