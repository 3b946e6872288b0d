import { ERROR_CODES } from '../../protocol/errors.ts';
import { answerJoin, joinError } from './answers.ts';
import {
  hasAllMembersJoined,
  removeMember,
  type ClassicGroup,
  type ClassicGroupMember,
} from './classic-group.ts';
import { NO_RECORDS, type Decision } from './decision.ts';
import { completeJoin, dropMember, prepareRebalance, rebalanceOrCompleteJoin } from './rebalance.ts';
import type { GroupShard } from './shard-state.ts';

/** A member, or a member id that was handed out, was silent for its session timeout. */
export function expireSession(shard: GroupShard, group: ClassicGroup, memberId: string): Decision {
  if (group.pendingJoin.has(memberId)) {
    removeMember(group, memberId);
    return completeJoinOfTheOthers(shard, group);
  }
  const member = group.members.get(memberId);
  if (member === undefined || isHeardOf(member)) return NO_RECORDS;
  answerJoin(shard, member, joinError('', ERROR_CODES.UNKNOWN_MEMBER_ID));
  dropMember(shard, group, member, 'session expired');
  if (group.state === 'PreparingRebalance') return completeJoinOfTheOthers(shard, group);
  return rebalanceOrCompleteJoin(shard, group, `session of ${memberId} expired`);
}

/** A member whose request is parked need not send heartbeats, unless this is its first join. */
const isHeardOf = (member: ClassicGroupMember): boolean =>
  !member.isNew && (member.awaitingJoin !== null || member.awaitingSync !== null);

const completeJoinOfTheOthers = (shard: GroupShard, group: ClassicGroup): Decision =>
  group.state === 'PreparingRebalance' && hasAllMembersJoined(group)
    ? completeJoin(shard, group)
    : NO_RECORDS;

/** Members that joined this generation and did not sync within the rebalance timeout are out. */
export function expirePendingSync(shard: GroupShard, group: ClassicGroup, generation: number): Decision {
  const syncing = group.state === 'CompletingRebalance' || group.state === 'Stable';
  if (!syncing || generation !== group.generation || group.pendingSync.size === 0) return NO_RECORDS;
  const late = [...group.pendingSync];
  for (const memberId of late) {
    const member = group.members.get(memberId);
    if (member !== undefined) dropMember(shard, group, member, 'did not sync');
  }
  return prepareRebalance(shard, group, `${late.join(', ')} did not sync in time`);
}
