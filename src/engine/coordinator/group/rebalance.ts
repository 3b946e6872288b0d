import { assert } from '../../base/assert.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { answerJoin, answerSync, joinAnswer, syncAnswer, syncError } from './answers.ts';
import {
  beginGeneration,
  electJoinedLeader,
  hasAllMembersJoined,
  mayRebalance,
  rebalanceTimeoutMs,
  removeMember,
  transitionTo,
  type ClassicGroup,
  type ClassicGroupMember,
} from './classic-group.ts';
import { NO_RECORDS, type Decision } from './decision.ts';
import { groupMetadata, groupMetadataRecord } from './group-metadata.ts';
import { cancelJoin, cancelSession, cancelSync, schedule, type GroupTimerPurpose } from './group-timer.ts';
import type { GroupShard } from './shard-state.ts';

type InitialDelay = Extract<GroupTimerPurpose, { kind: 'initial-delay' }>;

/** Begins a rebalance if the group is not in one; otherwise sees whether everybody has joined by now. */
export const rebalanceOrCompleteJoin = (shard: GroupShard, group: ClassicGroup, reason: string): Decision =>
  mayRebalance(group) ? prepareRebalance(shard, group, reason) : completeJoinIfAllJoined(shard, group);

/** PreparingRebalance: everybody has to join again. An empty group waits a while for more members. */
export function prepareRebalance(shard: GroupShard, group: ClassicGroup, reason: string): Decision {
  if (group.state === 'CompletingRebalance') dropAssignments(shard, group, ERROR_CODES.REBALANCE_IN_PROGRESS);
  group.pendingSync.clear();
  cancelSync(shard, group.groupId);
  const initial = group.state === 'Empty';
  transitionTo(group, 'PreparingRebalance', shard.host.wallClockMs());
  const { groupId, generation } = group;
  shard.host.trace({ type: 'rebalance-begun', group: groupId, generation, reason });
  if (initial) return scheduleInitialDelay(shard, group);
  if (hasAllMembersJoined(group)) return completeJoin(shard, group);
  schedule(shard, { kind: 'join', groupId }, rebalanceTimeoutMs(group));
  return NO_RECORDS;
}

function scheduleInitialDelay(shard: GroupShard, group: ClassicGroup): Decision {
  const delayMs = shard.host.config['group.initial.rebalance.delay.ms'];
  const remainingMs = Math.max(rebalanceTimeoutMs(group) - delayMs, 0);
  schedule(shard, { kind: 'initial-delay', groupId: group.groupId, delayMs, remainingMs }, delayMs);
  return NO_RECORDS;
}

/** The initial delay is over: it is extended if somebody came meanwhile, at most up to the rebalance timeout. */
export function endInitialDelay(shard: GroupShard, group: ClassicGroup, timer: InitialDelay): Decision {
  if (!group.newMemberAdded || timer.remainingMs === 0) return completeJoin(shard, group);
  group.newMemberAdded = false;
  const delayMs = Math.min(shard.host.config['group.initial.rebalance.delay.ms'], timer.remainingMs);
  const remainingMs = Math.max(timer.remainingMs - timer.delayMs, 0);
  schedule(shard, { ...timer, delayMs, remainingMs }, delayMs);
  return NO_RECORDS;
}

/** Completes the join of a rebalance as soon as all members are back; the initial delay is always waited for. */
export function completeJoinIfAllJoined(shard: GroupShard, group: ClassicGroup): Decision {
  const waits = group.state === 'PreparingRebalance' && group.previousState !== 'Empty';
  return waits && hasAllMembersJoined(group) ? completeJoin(shard, group) : NO_RECORDS;
}

/** Ends the join phase: who did not come is out (static members stay), and a generation begins. */
export function completeJoin(shard: GroupShard, group: ClassicGroup): Decision {
  assert(group.state === 'PreparingRebalance', 'a join phase outside of a rebalance', { state: group.state });
  cancelJoin(shard, group.groupId);
  for (const member of [...group.members.values()])
    if (member.awaitingJoin === null && member.groupInstanceId === null)
      dropMember(shard, group, member, 'did not rejoin');
  if (!electJoinedLeader(group) && group.members.size > 0) {
    // Only static members are left and none of them came: wait until they do, or until their sessions end.
    schedule(shard, { kind: 'join', groupId: group.groupId }, rebalanceTimeoutMs(group));
    return NO_RECORDS;
  }
  beginGeneration(group, shard.host.wallClockMs());
  return group.members.size === 0 ? becomeEmpty(shard, group) : answerJoins(shard, group);
}

function becomeEmpty(shard: GroupShard, group: ClassicGroup): Decision {
  shard.host.trace({ type: 'group-empty', group: group.groupId });
  return { records: [groupMetadataRecord(group.groupId, groupMetadata(group, new Map()))] };
}

function answerJoins(shard: GroupShard, group: ClassicGroup): Decision {
  const { groupId, generation, members } = group;
  shard.host.trace({ type: 'generation-began', group: groupId, generation, members: members.size });
  for (const member of members.values()) {
    answerJoin(shard, member, joinAnswer(group, member.memberId));
    refreshSession(shard, group, member);
    member.isNew = false;
    group.pendingSync.add(member.memberId);
  }
  schedule(shard, { kind: 'sync', groupId, generation }, rebalanceTimeoutMs(group));
  return NO_RECORDS;
}

/** A member was heard of, or was answered: its session begins anew. */
export const refreshSession = (shard: GroupShard, group: ClassicGroup, member: ClassicGroupMember): void =>
  schedule(
    shard,
    { kind: 'session', groupId: group.groupId, memberId: member.memberId },
    member.sessionTimeoutMs,
  );

/** Takes a member out of the group, for the trace's reason. What it waits for is the caller's concern. */
export function dropMember(
  shard: GroupShard,
  group: ClassicGroup,
  member: ClassicGroupMember,
  reason: 'session expired' | 'left' | 'did not rejoin' | 'did not sync',
): void {
  removeMember(group, member.memberId);
  cancelSession(shard, group.groupId, member.memberId);
  shard.host.trace({ type: 'member-removed', group: group.groupId, member: member.memberId, reason });
}

/** Forgets the assignments and refuses whoever waits for one. */
export function dropAssignments(shard: GroupShard, group: ClassicGroup, errorCode: number): void {
  for (const member of group.members.values()) member.assignment = '';
  propagateAssignments(shard, group, errorCode);
}

/** Answers every parked SyncGroup. */
export function propagateAssignments(shard: GroupShard, group: ClassicGroup, errorCode: number): void {
  assert(group.state === 'CompletingRebalance', 'assignments outside of CompletingRebalance', {
    state: group.state,
  });
  for (const member of group.members.values()) {
    const body = errorCode === NONE ? syncAnswer(group, member) : syncError(errorCode);
    if (answerSync(shard, member, body)) refreshSession(shard, group, member);
  }
}
