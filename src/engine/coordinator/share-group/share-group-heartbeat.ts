import { err, ok, type Result } from '../../base/result.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ShareGroupHeartbeatResponse } from '../../protocol/share-group-heartbeat.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import type { Decision } from '../group/decision.ts';
import { schedule } from '../group/group-timer.ts';
import { consumerGroupOf, groupOf, shareGroupOf, type GroupShard } from '../group/shard-state.ts';
import { memberOf, type ShareDraft } from './draft.ts';
import { clampedForShares, settingsOf } from '../group/group-config.ts';
import { leaveShareGroup } from './leave-share-group.ts';
import { newShareGroup, type ShareGroup, type ShareGroupMember } from './share-group.ts';
import { checkShareEpoch, JOIN, LEAVE, shareHeartbeatError } from './share-heartbeat-check.ts';
import { reconcileShareMember, updateShareMember } from './share-member-update.ts';
import { beginInitialization } from './share-initialization.ts';
import { updateShareTarget } from './share-target.ts';

type HeartbeatRequest = CoordinatorRequest<'ShareGroupHeartbeat'>;

/**
 * ShareGroupHeartbeat (KIP-932): by it a member joins, leaves, shows that it lives and learns which partitions it shares.
 * Nobody has to give anything up first: members may have the same partition.
 */
export function shareGroupHeartbeat(shard: GroupShard, request: HeartbeatRequest): Decision {
  const { body } = request;
  if (body.memberEpoch === LEAVE) return leaveShareGroup(shard, body);
  const admitted = admit(shard, request);
  if (!admitted.ok) return { records: [], response: shareHeartbeatError(admitted.error) };
  const draft = admitted.value;
  const before = draft.group.members.get(body.memberId);
  updateShareMember(shard, draft, request);
  updateShareTarget(draft, shard.host);
  reconcileShareMember(shard, draft, body.memberId);
  const effect = beginInitialization(draft, shard.host);
  scheduleShareSession(shard, body.groupId, body.memberId);
  const response = answer(shard, request, memberOf(draft, body.memberId), before);
  return { records: draft.records, response, ...(effect === null ? {} : { effect }) };
}

/** The group as the member finds it; an error is a code. An empty classic group does not give way. */
function admit(shard: GroupShard, { body }: HeartbeatRequest): Result<ShareDraft, number> {
  const { groupId, memberId, memberEpoch } = body;
  const group = shareGroupOf(shard, groupId) ?? (memberEpoch === JOIN ? created(shard, groupId) : undefined);
  if (group === undefined) return err(ERROR_CODES.GROUP_ID_NOT_FOUND);
  const member = group.members.get(memberId);
  const isFull = group.members.size >= shard.host.config['group.share.max.size'];
  if (isFull && member === undefined) return err(ERROR_CODES.GROUP_MAX_SIZE_REACHED);
  if (member === undefined && memberEpoch !== JOIN) return err(ERROR_CODES.UNKNOWN_MEMBER_ID);
  const error = member === undefined ? NONE : checkShareEpoch(member.current, memberEpoch);
  return error === NONE ? ok({ group, records: [] }) : err(error);
}

const created = (shard: GroupShard, groupId: string): ShareGroup | undefined =>
  groupOf(shard, groupId) === undefined && consumerGroupOf(shard, groupId) === undefined
    ? newShareGroup(groupId)
    : undefined;

/** A member was heard of. */
export function scheduleShareSession(shard: GroupShard, groupId: string, memberId: string): void {
  const timeoutMs = clampedForShares(settingsOf(shard.host, groupId), 'session.timeout.ms');
  schedule(shard, { kind: 'share-member', groupId, memberId }, timeoutMs);
}

/** A new coordinator has read the group from the log: members begin new sessions. */
export function resumeShareGroup(shard: GroupShard, { groupId, members }: ShareGroup): void {
  for (const memberId of members.keys()) scheduleShareSession(shard, groupId, memberId);
}

/** The assignment is told to whoever says all of itself, and when it changed. */
function answer(
  { host }: GroupShard,
  { body }: HeartbeatRequest,
  { memberId, current }: ShareGroupMember,
  before: ShareGroupMember | undefined,
): ShareGroupHeartbeatResponse {
  const topicPartitions = [...current.assigned].map(([topicId, partitions]) => ({ topicId, partitions }));
  const changed =
    JSON.stringify([...current.assigned]) !== JSON.stringify([...(before?.current.assigned ?? [])]);
  const isTold = body.memberEpoch === JOIN || body.subscribedTopicNames !== null || changed;
  return {
    ...shareHeartbeatError(NONE, null),
    memberId,
    memberEpoch: current.memberEpoch,
    heartbeatIntervalMs: clampedForShares(settingsOf(host, body.groupId), 'heartbeat.interval.ms'),
    assignment: isTold ? { topicPartitions } : null,
  };
}
