import { NONE, ERROR_CODES } from '../../protocol/errors.ts';
import { answerJoin, answerSync, joinAnswer, joinError, syncError } from './answers.ts';
import { renameMember, selectProtocol, type ClassicGroup } from './classic-group.ts';
import { NO_RECORDS, type Decision, type StaticMemberStored } from './decision.ts';
import { groupMetadata, groupMetadataRecord } from './group-metadata.ts';
import { cancelSession } from './group-timer.ts';
import { updateMember, type JoinRequest } from './joining-member.ts';
import {
  completeJoinIfAllJoined,
  prepareRebalance,
  rebalanceOrCompleteJoin,
  refreshSession,
} from './rebalance.ts';
import { groupOf, type GroupShard } from './shard-state.ts';

/** From this version on the answer may tell a leader that its assignment stands (KIP-814). */
const SKIP_ASSIGNMENT_VERSION = 9;

export interface Renaming {
  readonly oldId: string;
  readonly newId: string;
}

/**
 * A static member comes back without its member id (KIP-345): it gets a new one and its place. The old id is fenced.
 * In a Stable group nothing else happens as long as the protocol stays the same.
 */
export function replaceStaticMember(
  shard: GroupShard,
  group: ClassicGroup,
  request: JoinRequest,
  renaming: Renaming,
): Decision {
  const { oldId, newId } = renaming;
  const oldLeader = group.leader;
  fence(shard, group, oldId);
  const member = renameMember(group, oldId, newId);
  const { protocols, rebalanceTimeoutMs, sessionTimeoutMs } = member;
  refreshSession(shard, group, member);
  updateMember(member, request);
  const reason = `static member ${newId} comes back`;
  if (group.state === 'CompletingRebalance') return prepareRebalance(shard, group, reason);
  if (group.state !== 'Stable') return completeJoinIfAllJoined(shard, group);
  if (selectProtocol(group) !== group.protocolName) return rebalanceOrCompleteJoin(shard, group, reason);
  return {
    records: [groupMetadataRecord(group.groupId, groupMetadata(group, currentAssignments(group)))],
    effect: {
      kind: 'static-member-stored',
      groupId: group.groupId,
      oldMemberId: oldId,
      newMemberId: newId,
      oldProtocols: protocols,
      oldRebalanceTimeoutMs: rebalanceTimeoutMs,
      oldSessionTimeoutMs: sessionTimeoutMs,
      oldLeader,
      version: request.version,
    },
  };
}

const currentAssignments = (group: ClassicGroup): ReadonlyMap<string, string> =>
  new Map([...group.members.values()].map((member) => [member.memberId, member.assignment]));

/** Whoever waits under the old id learns that somebody else has its instance id now. */
function fence(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  const member = group.members.get(memberId);
  if (member === undefined) return;
  answerJoin(shard, member, joinError(memberId, ERROR_CODES.FENCED_INSTANCE_ID));
  answerSync(shard, member, syncError(ERROR_CODES.FENCED_INSTANCE_ID));
  cancelSession(shard, group.groupId, memberId);
}

/** The new id is stored, or could not be: answers the member's join. */
export function settleStaticMember(
  shard: GroupShard,
  effect: StaticMemberStored,
  errorCode: number,
): Decision {
  const group = groupOf(shard, effect.groupId);
  const member = group?.members.get(effect.newMemberId);
  if (group === undefined || member === undefined) return NO_RECORDS;
  if (errorCode !== NONE) {
    answerJoin(shard, member, refusalOf(group, effect, errorCode));
    revert(shard, group, effect);
  } else if (effect.version >= SKIP_ASSIGNMENT_VERSION)
    answerJoin(shard, member, {
      ...joinAnswer(group, member.memberId),
      skipAssignment: group.leader === member.memberId,
    });
  else
    answerJoin(shard, member, {
      ...joinAnswer(group, member.memberId),
      leader: effect.oldLeader ?? '',
      members: [],
    });
  return NO_RECORDS;
}

const refusalOf = (
  group: ClassicGroup,
  effect: StaticMemberStored,
  errorCode: number,
): ReturnType<typeof joinError> => ({
  ...joinAnswer(group, ''),
  leader: effect.oldLeader ?? '',
  errorCode,
});

function revert(shard: GroupShard, group: ClassicGroup, effect: StaticMemberStored): void {
  const member = renameMember(group, effect.newMemberId, effect.oldMemberId);
  member.protocols = effect.oldProtocols;
  member.rebalanceTimeoutMs = effect.oldRebalanceTimeoutMs;
  member.sessionTimeoutMs = effect.oldSessionTimeoutMs;
  cancelSession(shard, group.groupId, effect.newMemberId);
  refreshSession(shard, group, member);
}
