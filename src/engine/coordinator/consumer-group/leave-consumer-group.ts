import type { ConsumerGroupHeartbeatRequest } from '../../protocol/consumer-group-heartbeat.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ResponseBody } from '../../protocol/message.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import { NO_RECORDS, type Decision } from '../group/decision.ts';
import { cancelConsumerMember, type GroupTimerPurpose, type MemberTimeout } from '../group/group-timer.ts';
import { consumerGroupOf, type GroupShard } from '../group/shard-state.ts';
import { staticMemberOf, type ConsumerGroup, type ConsumerGroupMember } from './consumer-group.ts';
import { heartbeatError, LEAVE_STATIC } from './consumer-group-heartbeat.ts';
import { removeMember, writeCurrent, writeTargetEpoch, type Draft } from './draft.ts';
import { writeGroupEpoch } from './group-epoch.ts';
import { dropRegex } from './member-update.ts';
import { checkStaticMember } from './membership.ts';
import { downgrade, downgradesWithout } from './migration.ts';

type ConsumerMemberTimer = Extract<GroupTimerPurpose, { kind: 'consumer-member' }>;

/** Why members go, for the trace. */
const REASONS = {
  session: 'session expired',
  rebalance: 'did not revoke',
  join: 'did not rejoin',
  sync: 'did not sync',
} as const satisfies Readonly<Record<MemberTimeout, string>>;
type Reason = (typeof REASONS)[MemberTimeout] | 'left';

/** A heartbeat with the epoch −1 or −2: the member goes, or a static one says that it will be back. */
export function leaveConsumerGroup(shard: GroupShard, body: ConsumerGroupHeartbeatRequest): Decision {
  const { groupId, memberId, instanceId, memberEpoch } = body;
  const group = consumerGroupOf(shard, groupId);
  if (group === undefined) return { records: [], response: heartbeatError(ERROR_CODES.GROUP_ID_NOT_FOUND) };
  const fenced = instanceId === null ? NONE : checkStaticMember(group, { memberId, instanceId });
  const member = group.members.get(memberId);
  if (fenced !== NONE || member === undefined)
    return {
      records: [],
      response: heartbeatError(fenced === NONE ? ERROR_CODES.UNKNOWN_MEMBER_ID : fenced),
    };
  const response = { ...heartbeatError(NONE), errorMessage: null, memberId, memberEpoch };
  if (memberEpoch === LEAVE_STATIC) return { ...waitForReturn(group, member), response };
  return { ...fenceMembers(shard, group, [member], 'left'), response };
}

/** The member keeps its partitions until its session ends or its successor comes. */
function waitForReturn(group: ConsumerGroup, { memberId, current }: ConsumerGroupMember): Decision {
  const draft: Draft = { group, records: [] };
  writeCurrent(
    draft,
    memberId,
    Object.freeze({ ...current, memberEpoch: LEAVE_STATIC, pendingRevocation: new Map() }),
  );
  return { records: draft.records };
}

/** Takes members out of the group. If only members of the classic protocol are left, so is the group from then on. */
function fenceMembers(
  shard: GroupShard,
  group: ConsumerGroup,
  members: readonly ConsumerGroupMember[],
  reason: Reason,
): Decision {
  const { groupId } = group;
  for (const { memberId, metadata } of members) {
    cancelConsumerMember(shard, groupId, memberId);
    shard.host.trace({ type: 'member-removed', group: groupId, member: metadata.clientId, reason });
  }
  if (downgradesWithout(shard, group, members)) return downgrade(shard, group, members);
  const draft: Draft = { group, records: [] };
  for (const { memberId } of members) removeMember(draft, memberId);
  for (const { metadata } of members) dropRegex(draft, metadata.topicRegex);
  const epoch = group.groupEpoch + 1;
  writeGroupEpoch(draft, shard.host.topics, epoch);
  if (draft.group.members.size === 0) {
    writeTargetEpoch(draft, epoch, 0);
    shard.host.trace({ type: 'group-empty', group: groupId });
  }
  return { records: draft.records };
}

/** A member did not do in time what it had to. */
export function expireConsumerMember(shard: GroupShard, timer: ConsumerMemberTimer): Decision {
  const group = consumerGroupOf(shard, timer.groupId);
  const member = group?.members.get(timer.memberId);
  if (group === undefined || member === undefined) return NO_RECORDS;
  const movedOn = timer.memberEpoch >= 0 && member.current.memberEpoch !== timer.memberEpoch;
  return movedOn ? NO_RECORDS : fenceMembers(shard, group, [member], REASONS[timer.timeout]);
}

/** LeaveGroup to a group of the consumer protocol: members of both protocols can be sent away so. */
export function leaveByClassicRequest(
  shard: GroupShard,
  group: ConsumerGroup,
  { body }: CoordinatorRequest<'LeaveGroup'>,
): Decision {
  const leaving = new Set<ConsumerGroupMember>();
  const members = body.members.map(({ memberId, groupInstanceId }) => {
    const found = memberToLeave(group, memberId, groupInstanceId);
    if (typeof found !== 'number') leaving.add(found);
    return { memberId, groupInstanceId, errorCode: typeof found === 'number' ? found : NONE };
  });
  const decision = leaving.size === 0 ? NO_RECORDS : fenceMembers(shard, group, [...leaving], 'left');
  const response: ResponseBody<'LeaveGroup'> = { throttleTimeMs: 0, errorCode: NONE, members };
  return { ...decision, response };
}

/** The member, or why it cannot be sent away. An operator may name a static member by its instance id alone. */
function memberToLeave(
  group: ConsumerGroup,
  memberId: string,
  instanceId: string | null,
): ConsumerGroupMember | number {
  const error =
    instanceId === null || memberId === '' ? NONE : checkStaticMember(group, { memberId, instanceId });
  if (error !== NONE) return error;
  const member = instanceId === null ? group.members.get(memberId) : staticMemberOf(group, instanceId);
  return member ?? ERROR_CODES.UNKNOWN_MEMBER_ID;
}
