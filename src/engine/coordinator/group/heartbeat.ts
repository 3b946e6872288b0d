import { ensure } from '../../base/assert.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import { beatInConsumerGroup } from '../consumer-group/classic-member.ts';
import { validateMember, type ClassicGroup } from './classic-group.ts';
import type { Decision } from './decision.ts';
import { refreshSession } from './rebalance.ts';
import { consumerGroupOf, groupOf, type GroupShard } from './shard-state.ts';

type HeartbeatRequest = CoordinatorRequest<'Heartbeat'>;

/** Heartbeat: keeps the session, and tells a member that it has to rejoin. */
export function heartbeat(shard: GroupShard, request: HeartbeatRequest): Decision {
  const consumerGroup = consumerGroupOf(shard, request.body.groupId);
  if (consumerGroup !== undefined) return beatInConsumerGroup(shard, consumerGroup, request);
  const group = groupOf(shard, request.body.groupId);
  return { records: [], response: { throttleTimeMs: 0, errorCode: beat(shard, group, request) } };
}

function beat(shard: GroupShard, group: ClassicGroup | undefined, { body }: HeartbeatRequest): number {
  if (group === undefined) return ERROR_CODES.UNKNOWN_MEMBER_ID;
  const error = validateMember(group, body.memberId, body.groupInstanceId);
  if (error !== NONE) return error;
  if (body.generationId !== group.generation) return ERROR_CODES.ILLEGAL_GENERATION;
  refreshSession(shard, group, ensure(group.members.get(body.memberId), 'member'));
  return group.state === 'PreparingRebalance' ? ERROR_CODES.REBALANCE_IN_PROGRESS : NONE;
}
