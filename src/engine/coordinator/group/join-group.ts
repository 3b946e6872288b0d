import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { joinConsumerGroup } from '../consumer-group/classic-member.ts';
import { groupTombstones } from '../consumer-group/draft.ts';
import { joinAnswer, joinError } from './answers.ts';
import {
  addMember,
  joiningCount,
  newGroup,
  removeMember,
  sameProtocols,
  supportsProtocols,
  validateMember,
  type ClassicGroup,
} from './classic-group.ts';
import { NO_RECORDS, type Decision } from './decision.ts';
import { emptyGroupMetadataRecord } from './group-metadata.ts';
import { schedule } from './group-timer.ts';
import { newMember, updateMember, type JoinRequest } from './joining-member.ts';
import { newMemberId } from './member-id.ts';
import { rebalanceOrCompleteJoin } from './rebalance.ts';
import { consumerGroupOf, groupOf, shareGroupOf, type GroupShard } from './shard-state.ts';
import { replaceStaticMember } from './static-member.ts';

/** How long a new member's parked join keeps it in the group, whatever its session timeout, in ms. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;
/** From this version on a dynamic member first asks for an id and joins with it. */
const KNOWN_MEMBER_ID_VERSION = 4;

/** JoinGroup that passed `checkRequest`: the answer goes out at once, or when the join phase ends. */
export function joinGroup(shard: GroupShard, request: JoinRequest): Decision {
  const { groupId, memberId } = request.body;
  const known = groupOf(shard, groupId);
  if (known !== undefined) return join(shard, known, request);
  const consumerGroup = consumerGroupOf(shard, groupId);
  if (consumerGroup !== undefined && consumerGroup.members.size > 0)
    return joinConsumerGroup(shard, consumerGroup, request);
  if (shareGroupOf(shard, groupId) !== undefined)
    return refuse(shard, request, '', ERROR_CODES.INCONSISTENT_GROUP_PROTOCOL);
  if (memberId !== '') return refuse(shard, request, memberId, ERROR_CODES.UNKNOWN_MEMBER_ID);
  return joinCreating(shard, request);
}

function refuse(shard: GroupShard, request: JoinRequest, memberId: string, errorCode: number): Decision {
  shard.host.answer(request.token, joinError(memberId, errorCode));
  return NO_RECORDS;
}

/**
 * A group comes to be with the first who asks to join it, even if that one is turned away. An empty group of the
 * consumer protocol gives way.
 */
function joinCreating(shard: GroupShard, request: JoinRequest): Decision {
  const group = newGroup(request.body.groupId, shard.host.wallClockMs());
  shard.state.groups.set(group.groupId, group);
  const decision = join(shard, group, request);
  const emptied = consumerGroupOf(shard, group.groupId);
  const tombstones = emptied === undefined ? [] : groupTombstones(emptied);
  const records = decision.records.length > 0 ? decision.records : [emptyGroupMetadataRecord(group)];
  return { ...decision, records: [...tombstones, ...records], createdGroup: group.groupId };
}

function join(shard: GroupShard, group: ClassicGroup, request: JoinRequest): Decision {
  const { memberId, protocolType, protocols } = request.body;
  if (!hasRoomFor(shard, group, memberId)) {
    removeMember(group, memberId);
    return refuse(shard, request, '', ERROR_CODES.GROUP_MAX_SIZE_REACHED);
  }
  if (!supportsProtocols(group, protocolType, protocols))
    return refuse(shard, request, memberId, ERROR_CODES.INCONSISTENT_GROUP_PROTOCOL);
  if (memberId === '') return joinAsNew(shard, group, request);
  if (group.pendingJoin.has(memberId)) return joinWithGivenId(shard, group, request);
  const error = validateMember(group, memberId, request.body.groupInstanceId);
  return error === NONE ? rejoin(shard, group, request) : refuse(shard, request, memberId, error);
}

/** The second step of a dynamic member. Only a broken client names an instance here; Kafka stumbles over it. */
function joinWithGivenId(shard: GroupShard, group: ClassicGroup, request: JoinRequest): Decision {
  if (request.body.groupInstanceId !== null)
    return refuse(shard, request, '', ERROR_CODES.UNKNOWN_SERVER_ERROR);
  return addThenRebalance(shard, group, request, request.body.memberId);
}

/** Whether `group.max.size` leaves room; members that were accepted before stay. */
function hasRoomFor(shard: GroupShard, group: ClassicGroup, memberId: string): boolean {
  const max = shard.host.config['group.max.size'];
  const member = group.members.get(memberId);
  if (group.state === 'Empty') return true;
  if (group.state === 'PreparingRebalance')
    return (member !== undefined && member.awaitingJoin !== null) || joiningCount(group) < max;
  return member !== undefined || group.members.size < max;
}

function joinAsNew(shard: GroupShard, group: ClassicGroup, request: JoinRequest): Decision {
  const { groupInstanceId, sessionTimeoutMs } = request.body;
  const memberId = newMemberId(shard.host.prng('group-member-ids'), request.clientId, groupInstanceId);
  if (groupInstanceId !== null) {
    const oldId = group.staticMembers.get(groupInstanceId);
    if (oldId !== undefined) return replaceStaticMember(shard, group, request, { oldId, newId: memberId });
    return addThenRebalance(shard, group, request, memberId);
  }
  if (request.version < KNOWN_MEMBER_ID_VERSION) return addThenRebalance(shard, group, request, memberId);
  group.pendingJoin.add(memberId);
  schedule(shard, { kind: 'session', groupId: group.groupId, memberId }, sessionTimeoutMs);
  return refuse(shard, request, memberId, ERROR_CODES.MEMBER_ID_REQUIRED);
}

function addThenRebalance(
  shard: GroupShard,
  group: ClassicGroup,
  request: JoinRequest,
  memberId: string,
): Decision {
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.newMemberAdded = true;
  addMember(group, newMember(request, memberId));
  schedule(shard, { kind: 'session', groupId: group.groupId, memberId }, NEW_MEMBER_JOIN_TIMEOUT_MS);
  return rebalanceOrCompleteJoin(shard, group, `new member ${memberId}${clientReason(request)}`);
}

const clientReason = ({ body }: JoinRequest): string =>
  body.reason === null || body.reason === '' ? '' : `; ${body.reason}`;

/** A member of the group joins again. */
function rejoin(shard: GroupShard, group: ClassicGroup, request: JoinRequest): Decision {
  const { memberId, protocols } = request.body;
  const member = group.members.get(memberId);
  if (member === undefined || group.state === 'Empty')
    return refuse(shard, request, memberId, ERROR_CODES.UNKNOWN_MEMBER_ID);
  const changed = !sameProtocols(member.protocols, protocols);
  const leaderAgain = group.state === 'Stable' && group.leader === memberId;
  if (group.state === 'PreparingRebalance' || changed || leaderAgain) {
    updateMember(member, request);
    const what = leaderAgain ? 'leader' : changed ? 'new metadata of' : 'member';
    return rebalanceOrCompleteJoin(shard, group, `${what} ${memberId} rejoins${clientReason(request)}`);
  }
  shard.host.answer(request.token, joinAnswer(group, memberId));
  return NO_RECORDS;
}
