import { err, ok, type Result } from '../../base/result.ts';
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
  TopicIdPartitions,
} from '../../protocol/consumer-group-heartbeat.ts';
import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import { randomUuid, type Uuid } from '../../protocol/uuid.ts';
import type { CoordinatorHost, CoordinatorRequest } from '../coordinator-host.ts';
import type { Decision } from '../group/decision.ts';
import { schedule } from '../group/group-timer.ts';
import { consumerGroupOf, type GroupShard } from '../group/shard-state.ts';
import type { Assignment } from './assignor/assignor.ts';
import { NEW_METADATA, type ConsumerGroupMember, type MemberMetadata } from './consumer-group.ts';
import { memberOf, type Draft } from './draft.ts';
import { clamped, settingsOf } from '../group/group-config.ts';
import { leaveConsumerGroup } from './leave-consumer-group.ts';
import { reconcileMember, updateMember } from './member-update.ts';
import { admitDynamicMember, admitStaticMember } from './membership.ts';
import { openToJoin } from './migration.ts';
import type { AssignedPartitions } from './reconciliation.ts';
import { updateTarget } from './target-assignment.ts';

type HeartbeatRequest = CoordinatorRequest<'ConsumerGroupHeartbeat'>;

/** Member epochs with a meaning of their own. */
const JOIN = 0;
const LEAVE = -1;
export const LEAVE_STATIC = -2;
/** From this version on clients make up their member ids (KIP-1082). */
const OWN_MEMBER_ID_VERSION = 1;

export const heartbeatError = (errorCode: number): ConsumerGroupHeartbeatResponse => ({
  throttleTimeMs: 0,
  errorCode,
  errorMessage: errorName(errorCode),
  memberId: null,
  memberEpoch: 0,
  heartbeatIntervalMs: 0,
  assignment: null,
});

/** Why any coordinator refuses a ConsumerGroupHeartbeat, or NONE. */
export function checkConsumerGroupHeartbeat(
  { config }: CoordinatorHost,
  { version, body }: HeartbeatRequest,
): number {
  if (!config['group.coordinator.rebalance.protocols'].includes('consumer'))
    return ERROR_CODES.UNSUPPORTED_VERSION;
  const { memberEpoch, serverAssignor } = body;
  const named = version < OWN_MEMBER_ID_VERSION && memberEpoch === JOIN;
  const blanks = [named ? null : body.memberId, body.groupId, body.instanceId, body.rackId];
  if (blanks.some((text) => text?.trim() === '')) return ERROR_CODES.INVALID_REQUEST;
  if (memberEpoch < LEAVE_STATIC || (memberEpoch === JOIN && !isFullJoin(body)))
    return ERROR_CODES.INVALID_REQUEST;
  if (memberEpoch === LEAVE_STATIC && body.instanceId === null) return ERROR_CODES.INVALID_REQUEST;
  const known = serverAssignor === null || config['group.consumer.assignors'].includes(serverAssignor);
  return known ? NONE : ERROR_CODES.UNSUPPORTED_ASSIGNOR;
}

/** Who joins owns nothing and says all of itself. */
const isFullJoin = (body: ConsumerGroupHeartbeatRequest): boolean =>
  body.rebalanceTimeoutMs !== -1 &&
  body.topicPartitions?.length === 0 &&
  (body.subscribedTopicNames !== null || body.subscribedTopicRegex !== null);

/**
 * ConsumerGroupHeartbeat (KIP-848): by it a member joins, leaves, shows that it lives, says what it owns and learns what
 * it should.
 */
export function consumerGroupHeartbeat(shard: GroupShard, request: HeartbeatRequest): Decision {
  const { body } = request;
  if (body.memberEpoch === LEAVE || body.memberEpoch === LEAVE_STATIC) return leaveConsumerGroup(shard, body);
  const admitted = admit(shard, request);
  if (!admitted.ok) return refuse(admitted.error);
  const { draft, memberId } = admitted.value;
  const before = draft.group.members.get(memberId);
  const metadata = metadataFrom(request, before?.metadata ?? NEW_METADATA);
  const { error, subscriptionChanged } = updateMember(shard, draft, memberId, metadata);
  if (error !== NONE) return refuse(error);
  updateTarget(draft, shard.host);
  reconcileMember(shard, draft, memberId, {
    owned: assignmentFrom(body.topicPartitions),
    subscriptionChanged,
  });
  scheduleSession(shard, body.groupId, memberId);
  return { records: draft.records, response: answer(shard, body, memberOf(draft, memberId), before) };
}

const refuse = (error: number): Decision => ({ records: [], response: heartbeatError(error) });

interface Admitted {
  readonly draft: Draft;
  readonly memberId: string;
}

function admit(shard: GroupShard, { body }: HeartbeatRequest): Result<Admitted, number> {
  const opened = body.memberEpoch === JOIN ? openToJoin(shard, body.groupId) : open(shard, body.groupId);
  if (!opened.ok) return opened;
  const draft = opened.value;
  const isFull = draft.group.members.size >= shard.host.config['group.consumer.max.size'];
  if (isFull && !draft.group.members.has(body.memberId)) return err(ERROR_CODES.GROUP_MAX_SIZE_REACHED);
  const memberId = body.memberId === '' ? randomUuid(shard.host.prng('group-member-ids')) : body.memberId;
  const claim = { memberEpoch: body.memberEpoch, owned: assignmentFrom(body.topicPartitions) };
  const error =
    body.instanceId === null
      ? admitDynamicMember(draft, memberId, claim)
      : admitStaticMember(draft, { memberId, instanceId: body.instanceId }, claim);
  return error === NONE ? ok({ draft, memberId }) : err(error);
}

function open(shard: GroupShard, groupId: string): Result<Draft, number> {
  const group = consumerGroupOf(shard, groupId);
  return group === undefined ? err(ERROR_CODES.GROUP_ID_NOT_FOUND) : ok({ group, records: [] });
}

/** What the request leaves out stays as it was. */
const metadataFrom = (
  { body, clientId, clientHost }: HeartbeatRequest,
  old: MemberMetadata,
): MemberMetadata =>
  Object.freeze({
    instanceId: body.instanceId ?? old.instanceId,
    rackId: body.rackId ?? old.rackId,
    clientId,
    clientHost,
    topicNames:
      body.subscribedTopicNames === null
        ? old.topicNames
        : Object.freeze([...new Set(body.subscribedTopicNames)].sort()),
    topicRegex: body.subscribedTopicRegex ?? old.topicRegex,
    rebalanceTimeoutMs: body.rebalanceTimeoutMs === -1 ? old.rebalanceTimeoutMs : body.rebalanceTimeoutMs,
    serverAssignor: body.serverAssignor ?? old.serverAssignor,
    classic: null,
  });

function assignmentFrom(partitions: readonly TopicIdPartitions[] | null): Assignment | null {
  if (partitions === null) return null;
  const byTopic = new Map<Uuid, readonly number[]>();
  for (const { topicId, partitions: numbers } of partitions)
    byTopic.set(topicId, [...(byTopic.get(topicId) ?? []), ...numbers]);
  return byTopic;
}

/** A member of the consumer protocol was heard of. */
export function scheduleSession(shard: GroupShard, groupId: string, memberId: string): void {
  const purpose = {
    kind: 'consumer-member',
    timeout: 'session',
    groupId,
    memberId,
    memberEpoch: -1,
  } as const;
  schedule(shard, purpose, clamped(settingsOf(shard.host, groupId), 'session.timeout.ms'));
}

/** The assignment is told to whoever asks by a full request, and when it changed. */
function answer(
  { host }: GroupShard,
  body: ConsumerGroupHeartbeatRequest,
  member: ConsumerGroupMember,
  before: ConsumerGroupMember | undefined,
): ConsumerGroupHeartbeatResponse {
  const { current, memberId } = member;
  const subscribes = body.subscribedTopicNames !== null || body.subscribedTopicRegex !== null;
  const isFull = body.rebalanceTimeoutMs !== -1 && subscribes && body.topicPartitions !== null;
  const assigned = partitionsOf(current.assigned);
  const changed =
    JSON.stringify(assigned) !== JSON.stringify(partitionsOf(before?.current.assigned ?? new Map()));
  return {
    throttleTimeMs: 0,
    errorCode: NONE,
    errorMessage: null,
    memberId,
    memberEpoch: current.memberEpoch,
    heartbeatIntervalMs: clamped(settingsOf(host, body.groupId), 'heartbeat.interval.ms'),
    assignment: body.memberEpoch === JOIN || isFull || changed ? { topicPartitions: assigned } : null,
  };
}

const partitionsOf = (assigned: AssignedPartitions): TopicIdPartitions[] =>
  [...assigned].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions.keys()] }));
