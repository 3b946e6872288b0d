import type { ResponseBody } from '../../protocol/message.ts';
import { NONE } from '../../protocol/errors.ts';
import { ABANDONED, metadataOf, type ClassicGroup, type ClassicGroupMember } from './classic-group.ts';
import type { GroupShard } from './shard-state.ts';

/** A JoinGroup answer that refuses. */
export const joinError = (memberId: string, errorCode: number): ResponseBody<'JoinGroup'> => ({
  throttleTimeMs: 0,
  errorCode,
  generationId: -1,
  protocolType: null,
  protocolName: null,
  leader: '',
  skipAssignment: false,
  memberId,
  members: [],
});

/** A JoinGroup answer with the group's present generation; only its leader is told the members. */
export const joinAnswer = (group: ClassicGroup, memberId: string): ResponseBody<'JoinGroup'> => ({
  throttleTimeMs: 0,
  errorCode: NONE,
  generationId: group.generation,
  protocolType: group.protocolType,
  protocolName: group.protocolName,
  leader: group.leader ?? '',
  skipAssignment: false,
  memberId,
  members: group.leader === memberId ? joinMembers(group) : [],
});

const joinMembers = (group: ClassicGroup): ResponseBody<'JoinGroup'>['members'] =>
  [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    metadata: metadataOf(member, group.protocolName),
  }));

/** A SyncGroup answer that refuses. */
export const syncError = (errorCode: number): ResponseBody<'SyncGroup'> => ({
  throttleTimeMs: 0,
  errorCode,
  protocolType: null,
  protocolName: null,
  assignment: '',
});

export const syncAnswer = (group: ClassicGroup, member: ClassicGroupMember): ResponseBody<'SyncGroup'> => ({
  throttleTimeMs: 0,
  errorCode: NONE,
  protocolType: group.protocolType,
  protocolName: group.protocolName,
  assignment: member.assignment,
});

/** Answers the member's parked JoinGroup, if there is one. */
export function answerJoin(
  shard: GroupShard,
  member: ClassicGroupMember,
  body: ResponseBody<'JoinGroup'>,
): void {
  const token = member.awaitingJoin;
  member.awaitingJoin = null;
  if (token !== null && token !== ABANDONED) shard.host.answer(token, body);
}

/** Answers the member's parked SyncGroup. False if there is none. */
export function answerSync(
  shard: GroupShard,
  member: ClassicGroupMember,
  body: ResponseBody<'SyncGroup'>,
): boolean {
  const token = member.awaitingSync;
  if (token === null) return false;
  member.awaitingSync = null;
  if (token !== ABANDONED) shard.host.answer(token, body);
  return true;
}
