import { ensure } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';
import {
  CONSUMER_PROTOCOL_TYPE,
  decodeSubscription,
  type ConsumerSubscription,
} from '../../protocol/consumer-protocol.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ResponseBody } from '../../protocol/message.ts';
import { randomUuid } from '../../protocol/uuid.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import { joinError, syncError } from '../group/answers.ts';
import type { Decision } from '../group/decision.ts';
import { cancel, schedule, scheduleOnce, type MemberTimeout } from '../group/group-timer.ts';
import type { GroupShard } from '../group/shard-state.ts';
import {
  isHeld,
  NEW_METADATA,
  staticMemberOf,
  targetOf,
  usesClassicProtocol,
  type ConsumerGroup,
  type ConsumerGroupMember,
  type MemberMetadata,
} from './consumer-group.ts';
import type { Draft } from './draft.ts';
import { reconcileMember, updateMember } from './member-update.ts';
import { checkStaticMember, replaceMember } from './membership.ts';
import {
  assignmentBytes,
  becomeClassic,
  byId,
  downgradesByReplacing,
  scheduleClassicSession,
} from './migration.ts';
import { updateTarget } from './target-assignment.ts';

type JoinRequest = CoordinatorRequest<'JoinGroup'>;
type SyncRequest = CoordinatorRequest<'SyncGroup'>;

/** From this version on a dynamic member first asks for an id and joins with it. */
const KNOWN_MEMBER_ID_VERSION = 4;

/** JoinGroup to a group of the consumer protocol: answered at once, with the member's epoch for a generation. */
export function joinConsumerGroup(shard: GroupShard, group: ConsumerGroup, request: JoinRequest): Decision {
  const { body } = request;
  const isUnknown = body.memberId === '';
  const memberId = isUnknown ? randomUuid(shard.host.prng('group-member-ids')) : body.memberId;
  const refusal = checkJoin(shard, group, request);
  if (refusal !== NONE) return refuse(refusal);
  if (isUnknown && body.groupInstanceId === null && request.version >= KNOWN_MEMBER_ID_VERSION)
    return { records: [], response: joinError(memberId, ERROR_CODES.MEMBER_ID_REQUIRED) };
  const subscription = decodeSubscription(body.protocols[0]?.metadata ?? '');
  if (subscription === undefined) return refuse(ERROR_CODES.UNKNOWN_SERVER_ERROR);
  const admitted = admit(group, memberId, body);
  if (!admitted.ok) return refuse(admitted.error);
  return join(shard, admitted.value, { request, memberId, subscription });
}

const refuse = (error: number): Decision => ({ records: [], response: joinError('', error) });

/** Why the group does not take a classic member, or NONE. */
function checkJoin({ host }: GroupShard, group: ConsumerGroup, { body }: JoinRequest): number {
  const isFull = group.members.size >= host.config['group.consumer.max.size'];
  if (isFull && !group.members.has(body.memberId)) return ERROR_CODES.GROUP_MAX_SIZE_REACHED;
  const classic = [...group.members.values()].flatMap(({ metadata }) => metadata.classic ?? []);
  const common = body.protocols.some(({ name }) =>
    classic.every(({ protocols }) => protocols.some((protocol) => protocol.name === name)),
  );
  return body.protocolType === CONSUMER_PROTOCOL_TYPE && common
    ? NONE
    : ERROR_CODES.INCONSISTENT_GROUP_PROTOCOL;
}

interface Admitted {
  readonly draft: Draft;
  /** The static member of the consumer protocol in whose place the member comes. */
  readonly replaced: ConsumerGroupMember | undefined;
}

function admit(group: ConsumerGroup, memberId: string, body: JoinRequest['body']): Result<Admitted, number> {
  const draft: Draft = { group, records: [] };
  const { groupInstanceId: instanceId } = body;
  if (instanceId === null) return ok({ draft, replaced: undefined });
  if (body.memberId !== '') {
    const error = checkStaticMember(group, { memberId, instanceId });
    return error === NONE ? ok({ draft, replaced: undefined }) : err(error);
  }
  const known = staticMemberOf(group, instanceId);
  if (known !== undefined) replaceMember(draft, known, memberId);
  return ok({ draft, replaced: known });
}

interface Joining {
  readonly request: JoinRequest;
  readonly memberId: string;
  readonly subscription: ConsumerSubscription;
}

function join(shard: GroupShard, { draft, replaced }: Admitted, joining: Joining): Decision {
  const { request, memberId, subscription } = joining;
  const original = shard.state.stored.consumerGroups.get(draft.group.groupId) ?? draft.group;
  const metadata = metadataFrom(joining, draft.group.members.get(memberId)?.metadata ?? NEW_METADATA);
  const { subscriptionChanged } = updateMember(shard, draft, memberId, metadata);
  const owned = byId(shard.host.topics, subscription.ownedPartitions);
  if (replaced !== undefined && downgradesByReplacing(shard, original, replaced))
    return joinAndDowngrade(shard, { draft, original, memberId, subscriptionChanged, owned });
  updateTarget(draft, shard.host);
  reconcileMember(shard, draft, memberId, { owned, subscriptionChanged });
  const { groupId, rebalanceTimeoutMs } = request.body;
  cancel(shard, timer('join', groupId, memberId));
  scheduleClassicSession(shard, groupId, memberId, metadata);
  schedule(shard, timer('sync', groupId, memberId), rebalanceTimeoutMs);
  return { records: draft.records, response: joined(draft, memberId) };
}

const timer = (timeout: MemberTimeout, groupId: string, memberId: string) =>
  ({ kind: 'consumer-member', timeout, groupId, memberId, memberEpoch: -1 }) as const;

const metadataFrom = ({ request, subscription }: Joining, old: MemberMetadata): MemberMetadata =>
  Object.freeze({
    ...old,
    instanceId: request.body.groupInstanceId ?? old.instanceId,
    rackId: subscription.rackId ?? old.rackId,
    clientId: request.clientId,
    clientHost: request.clientHost,
    topicNames: Object.freeze([...new Set(subscription.topics)].sort()),
    topicRegex: '',
    rebalanceTimeoutMs: request.body.rebalanceTimeoutMs,
    classic: Object.freeze({
      sessionTimeoutMs: request.body.sessionTimeoutMs,
      protocols: request.body.protocols,
    }),
  });

function joined({ group }: Draft, memberId: string): ResponseBody<'JoinGroup'> {
  const { current, metadata } = ensure(group.members.get(memberId), 'member that joined');
  return {
    ...joinError(memberId, NONE),
    generationId: current.memberEpoch,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    protocolName: metadata.classic?.protocols[0]?.name ?? null,
  };
}

interface LastReplacement {
  readonly draft: Draft;
  /** The group before the request. */
  readonly original: ConsumerGroup;
  readonly memberId: string;
  readonly subscriptionChanged: boolean;
  readonly owned: ReturnType<typeof byId>;
}

/** The last member of the consumer protocol came back as a classic one: the group becomes a classic group. */
function joinAndDowngrade(shard: GroupShard, last: LastReplacement): Decision {
  const { draft, original, memberId, subscriptionChanged, owned } = last;
  if (!subscriptionChanged) reconcileMember(shard, draft, memberId, { owned, subscriptionChanged });
  const members = [...draft.group.members.values()].map((member) => ({
    member,
    target: targetOf(draft.group, member.memberId),
  }));
  const rebalance = subscriptionChanged ? 'a static member came back with another subscription' : null;
  return { ...becomeClassic(shard, original, { members, rebalance }), response: joined(draft, memberId) };
}

/** NONE if the request is of a classic member in this epoch: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION. */
function checkClassicMember(
  group: ConsumerGroup,
  body: SyncRequest['body'] | CoordinatorRequest<'Heartbeat'>['body'],
): number {
  const { memberId, groupInstanceId: instanceId } = body;
  const error = instanceId === null ? NONE : checkStaticMember(group, { memberId, instanceId });
  if (error !== NONE) return error;
  const member = group.members.get(memberId);
  if (member === undefined || !usesClassicProtocol(member)) return ERROR_CODES.UNKNOWN_MEMBER_ID;
  return member.current.memberEpoch === body.generationId ? NONE : ERROR_CODES.ILLEGAL_GENERATION;
}

/** SyncGroup of a classic member: its assignment, unless it has to rejoin first. */
export function syncInConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  { body }: SyncRequest,
): Decision {
  const { groupId, memberId } = body;
  const error = checkSync(shard, group, body);
  if (error !== NONE) return { records: [], response: syncError(error) };
  const { metadata, current } = ensure(group.members.get(memberId), 'member');
  cancel(shard, timer('sync', groupId, memberId));
  scheduleClassicSession(shard, groupId, memberId, metadata);
  const assigned = new Map([...current.assigned].map(([topicId, epochs]) => [topicId, [...epochs.keys()]]));
  const response: ResponseBody<'SyncGroup'> = {
    throttleTimeMs: 0,
    errorCode: NONE,
    protocolType: body.protocolType,
    protocolName: body.protocolName,
    assignment: assignmentBytes(shard.host.topics, assigned, metadata),
  };
  return { records: [], response };
}

function checkSync(shard: GroupShard, group: ConsumerGroup, body: SyncRequest['body']): number {
  const error = checkClassicMember(group, body);
  if (error !== NONE) return error;
  const { memberId, metadata, current } = ensure(group.members.get(body.memberId), 'member');
  const protocol = metadata.classic?.protocols[0]?.name;
  const differs =
    (body.protocolType !== null && body.protocolType !== CONSUMER_PROTOCOL_TYPE) ||
    (body.protocolName !== null && body.protocolName !== protocol);
  if (differs) return ERROR_CODES.INCONSISTENT_GROUP_PROTOCOL;
  if (group.assignmentEpoch <= current.memberEpoch || current.state === 'UNREVOKED_PARTITIONS') return NONE;
  scheduleOnce(shard, timer('join', group.groupId, memberId), metadata.rebalanceTimeoutMs);
  return ERROR_CODES.REBALANCE_IN_PROGRESS;
}

/**
 * Heartbeat of a classic member. It has to rejoin when there is a newer assignment, to say that it gave up what it had
 * to, and to get what others gave up for it.
 */
export function beatInConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  { body }: CoordinatorRequest<'Heartbeat'>,
): Decision {
  const { groupId, memberId } = body;
  let errorCode = checkClassicMember(group, body);
  if (errorCode === NONE) {
    const member = ensure(group.members.get(memberId), 'member');
    scheduleClassicSession(shard, groupId, memberId, member.metadata);
    if (hasToRejoin(group, member)) {
      errorCode = ERROR_CODES.REBALANCE_IN_PROGRESS;
      scheduleOnce(shard, timer('join', groupId, memberId), member.metadata.rebalanceTimeoutMs);
    }
  }
  return { records: [], response: { throttleTimeMs: 0, errorCode } };
}

function hasToRejoin(group: ConsumerGroup, { memberId, current }: ConsumerGroupMember): boolean {
  if (current.memberEpoch < group.assignmentEpoch || current.state === 'UNREVOKED_PARTITIONS') return true;
  if (current.state === 'STABLE') return false;
  return ![...targetOf(group, memberId)].some(([topicId, partitions]) =>
    partitions.some(
      (partition) =>
        current.assigned.get(topicId)?.has(partition) !== true && isHeld(group, topicId, partition),
    ),
  );
}
