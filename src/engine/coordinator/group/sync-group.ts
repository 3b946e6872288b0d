import { ensure } from '../../base/assert.ts';
import type { Bytes } from '../../base/bytes.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import { syncInConsumerGroup } from '../consumer-group/classic-member.ts';
import { syncAnswer, syncError } from './answers.ts';
import { transitionTo, validateMember, type ClassicGroup } from './classic-group.ts';
import { NO_RECORDS, type AssignmentStored, type Decision } from './decision.ts';
import { groupMetadata, groupMetadataRecord } from './group-metadata.ts';
import { cancelSync } from './group-timer.ts';
import { dropAssignments, propagateAssignments, rebalanceOrCompleteJoin } from './rebalance.ts';
import { consumerGroupOf, groupOf, type GroupShard } from './shard-state.ts';

type SyncRequest = CoordinatorRequest<'SyncGroup'>;

/** SyncGroup: parks until the leader's assignment is stored. */
export function syncGroup(shard: GroupShard, request: SyncRequest): Decision {
  const consumerGroup = consumerGroupOf(shard, request.body.groupId);
  if (consumerGroup !== undefined) return syncInConsumerGroup(shard, consumerGroup, request);
  const group = groupOf(shard, request.body.groupId);
  const error = validate(group, request);
  if (group === undefined || error !== NONE) return refuse(shard, request, error);
  const member = ensure(group.members.get(request.body.memberId), 'member');
  if (group.state === 'Stable') {
    removePendingSync(shard, group, member.memberId);
    shard.host.answer(request.token, syncAnswer(group, member));
    return NO_RECORDS;
  }
  member.awaitingSync = request.token;
  removePendingSync(shard, group, member.memberId);
  return group.leader === member.memberId ? storeAssignment(group, request) : NO_RECORDS;
}

function refuse(shard: GroupShard, request: SyncRequest, errorCode: number): Decision {
  shard.host.answer(request.token, syncError(errorCode));
  return NO_RECORDS;
}

function validate(group: ClassicGroup | undefined, { body }: SyncRequest): number {
  if (group === undefined || group.state === 'Empty') return ERROR_CODES.UNKNOWN_MEMBER_ID;
  const error = validateMember(group, body.memberId, body.groupInstanceId);
  if (error !== NONE) return error;
  if (body.generationId !== group.generation) return ERROR_CODES.ILLEGAL_GENERATION;
  if (differs(body.protocolType, group.protocolType) || differs(body.protocolName, group.protocolName))
    return ERROR_CODES.INCONSISTENT_GROUP_PROTOCOL;
  return group.state === 'PreparingRebalance' ? ERROR_CODES.REBALANCE_IN_PROGRESS : NONE;
}

const differs = (said: string | null, is: string | null): boolean =>
  said !== null && is !== null && said !== is;

function removePendingSync(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  group.pendingSync.delete(memberId);
  if (group.pendingSync.size === 0) cancelSync(shard, group.groupId);
}

function storeAssignment(group: ClassicGroup, { body }: SyncRequest): Decision {
  const assignments = new Map<string, Bytes>();
  for (const { memberId, assignment } of body.assignments) assignments.set(memberId, assignment);
  const value = groupMetadata(group, assignments);
  return {
    records: [groupMetadataRecord(group.groupId, value)],
    effect: { kind: 'assignment-stored', groupId: group.groupId, leaderId: body.memberId, value },
  };
}

/** The assignment is stored, or could not be: unless another rebalance came between, everybody gets a share. */
export function settleAssignment(shard: GroupShard, effect: AssignmentStored, errorCode: number): Decision {
  const group = groupOf(shard, effect.groupId);
  const current = group?.state === 'CompletingRebalance' && group.generation === effect.value.generation;
  if (group === undefined || !current) return NO_RECORDS;
  if (errorCode !== NONE) {
    dropAssignments(shard, group, errorCode);
    return rebalanceOrCompleteJoin(shard, group, `assignment by ${effect.leaderId} could not be stored`);
  }
  for (const { memberId, assignment } of effect.value.members) {
    const member = group.members.get(memberId);
    if (member !== undefined) member.assignment = assignment;
  }
  propagateAssignments(shard, group, NONE);
  transitionTo(group, 'Stable', shard.host.wallClockMs());
  return NO_RECORDS;
}
