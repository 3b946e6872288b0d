import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ShareGroupHeartbeatRequest } from '../../protocol/share-group-heartbeat.ts';
import { NO_RECORDS, type Decision } from '../group/decision.ts';
import { cancel, type GroupTimerPurpose } from '../group/group-timer.ts';
import { shareGroupOf, type GroupShard } from '../group/shard-state.ts';
import { removeMember, writeTargetEpoch, type ShareDraft } from './draft.ts';
import type { ShareGroup, ShareGroupMember } from './share-group.ts';
import { shareHeartbeatError } from './share-heartbeat-check.ts';
import { bumpShareEpoch } from './share-member-update.ts';

/** A heartbeat with the epoch −1: the member goes. What it had comes to others with the next heartbeat of anybody. */
export function leaveShareGroup(shard: GroupShard, body: ShareGroupHeartbeatRequest): Decision {
  const { groupId, memberId, memberEpoch } = body;
  const group = shareGroupOf(shard, groupId);
  const member = group?.members.get(memberId);
  if (group === undefined)
    return { records: [], response: shareHeartbeatError(ERROR_CODES.GROUP_ID_NOT_FOUND) };
  if (member === undefined)
    return { records: [], response: shareHeartbeatError(ERROR_CODES.UNKNOWN_MEMBER_ID) };
  const response = { ...shareHeartbeatError(NONE, null), memberId, memberEpoch };
  return { ...fenceMember(shard, group, member, 'left'), response };
}

function fenceMember(
  shard: GroupShard,
  group: ShareGroup,
  { memberId, metadata }: ShareGroupMember,
  reason: 'left' | 'session expired',
): Decision {
  const { groupId } = group;
  cancel(shard, { kind: 'share-member', groupId, memberId });
  shard.host.trace({ type: 'member-removed', group: groupId, member: metadata.clientId, reason });
  const draft: ShareDraft = { group, records: [] };
  removeMember(draft, memberId);
  bumpShareEpoch(draft, shard.host.topics);
  if (draft.group.members.size === 0) {
    // Nobody is left who could wait for an assignment.
    writeTargetEpoch(draft, draft.group.groupEpoch, 0);
    shard.host.trace({ type: 'group-empty', group: groupId });
  }
  return { records: draft.records };
}

/** A member was silent too long. */
export function expireShareMember(
  shard: GroupShard,
  { groupId, memberId }: Extract<GroupTimerPurpose, { kind: 'share-member' }>,
): Decision {
  const group = shareGroupOf(shard, groupId);
  const member = group?.members.get(memberId);
  if (group === undefined || member === undefined) return NO_RECORDS;
  return fenceMember(shard, group, member, 'session expired');
}
