import { millis } from '../../../base/time.ts';
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../../protocol/consumer-group-heartbeat.ts';
import { ERROR_CODES, NONE } from '../../../protocol/errors.ts';
import type { NodeContext } from '../../../sim/node-context.ts';
import { jitteredBackoff } from '../../backoff.ts';
import type { Consumer, ConsumerRequest } from '../consumer-state.ts';
import { failConsumer, sendToCoordinator } from '../coordinator-link.ts';
import { forgetCoordinator } from '../lost-coordinator.ts';
import { ensureCoordinator, losesCoordinator } from '../find-coordinator.ts';
import { isDue } from '../wake.ts';
import { forgetHeartbeat, isReconciled, type ConsumerMember, type SentFields } from './member-state.ts';
import { receiveTarget } from './reconciliation.ts';

const LEAVE = -1;
const LEAVE_STATIC = -2;

/** Sends a heartbeat if one is due: at the coordinator's pace, or at once if there is something to say. */
export function maintainGroupHeartbeat(
  consumer: Consumer,
  context: NodeContext,
  member: ConsumerMember,
): void {
  const { state, heartbeats } = member;
  if (state === 'unsubscribed' || state === 'fenced' || state === 'stale' || state === 'leaving') return;
  if (!ensureCoordinator(consumer, context) || heartbeats.inFlight) return;
  if (!isDue(consumer, context, heartbeats.notBefore)) return;
  const isNews = state === 'joining' || state === 'acknowledging';
  if (isNews || isDue(consumer, context, heartbeats.dueAt)) sendHeartbeat(consumer, context, member);
}

function sendHeartbeat(consumer: Consumer, context: NodeContext, member: ConsumerMember): void {
  const { heartbeats, memberEpoch } = member;
  const mark: ConsumerRequest = Object.freeze({ type: 'group-heartbeat', memberEpoch });
  const sent = Object.freeze({ topics: consumer.subscriptions.topics, assignment: member.current });
  const body = bodyOf(consumer, member, member.state === 'joining' ? null : member.sent);
  if (!sendToCoordinator(consumer, context, { api: 'ConsumerGroupHeartbeat', body, context: mark })) return;
  member.sent = sent;
  heartbeats.inFlight = true;
  heartbeats.dueAt = context.now() + millis(heartbeats.intervalMs);
  if (heartbeats.intervalMs > 0) isDue(consumer, context, heartbeats.dueAt);
  if (member.state === 'acknowledging') member.state = isReconciled(member) ? 'stable' : 'reconciling';
}

/** Only what the coordinator does not know yet. */
function bodyOf(
  { groupId, groupInstanceId, config, subscriptions }: Consumer,
  { memberId, memberEpoch, current }: ConsumerMember,
  sent: SentFields | null,
): ConsumerGroupHeartbeatRequest {
  return {
    groupId,
    memberId,
    memberEpoch,
    instanceId: groupInstanceId,
    rackId: sent === null && config['client.rack'] !== '' ? config['client.rack'] : null,
    rebalanceTimeoutMs: sent === null ? config['max.poll.interval.ms'] : -1,
    subscribedTopicNames: sent?.topics === subscriptions.topics ? null : subscriptions.topics,
    subscribedTopicRegex: sent === null ? subscriptions.pattern : null,
    serverAssignor: sent === null ? config['group.remote.assignor'] : null,
    topicPartitions: sent?.assignment.localEpoch === current.localEpoch ? null : current.topicPartitions,
  };
}

/** The last heartbeat: a static member says that it may come back. Returns whether it was sent. */
export function sendLeave(consumer: Consumer, context: NodeContext, { memberId }: ConsumerMember): boolean {
  const { groupId, groupInstanceId: instanceId } = consumer;
  const memberEpoch = instanceId === null ? LEAVE : LEAVE_STATIC;
  const silent = { rackId: null, subscribedTopicNames: null, subscribedTopicRegex: null };
  const rest = { rebalanceTimeoutMs: -1, serverAssignor: null, topicPartitions: null };
  const body = { groupId, memberId, memberEpoch, instanceId, ...silent, ...rest };
  const mark: ConsumerRequest = Object.freeze({ type: 'leave' });
  return sendToCoordinator(consumer, context, { api: 'ConsumerGroupHeartbeat', body, context: mark });
}

/** The answer to a heartbeat, or the error by which it was lost. */
export function handleGroupHeartbeat(
  consumer: Consumer,
  context: NodeContext,
  sent: Extract<ConsumerRequest, { type: 'group-heartbeat' }>,
  answer: { readonly response: ConsumerGroupHeartbeatResponse | undefined; readonly error: number },
): void {
  const { member } = consumer;
  if (member === null || !member.heartbeats.inFlight || sent.memberEpoch !== member.memberEpoch) return;
  member.heartbeats.inFlight = false;
  const { response } = answer;
  const error = response?.errorCode ?? answer.error;
  if (response === undefined || error !== NONE) refused(consumer, context, member, error);
  else welcomed(member, context, response);
}

function welcomed(
  member: ConsumerMember,
  context: NodeContext,
  { memberEpoch, heartbeatIntervalMs, assignment }: ConsumerGroupHeartbeatResponse,
): void {
  const { heartbeats } = member;
  if (heartbeats.intervalMs !== heartbeatIntervalMs) {
    heartbeats.intervalMs = heartbeatIntervalMs;
    heartbeats.dueAt = context.now() + millis(heartbeatIntervalMs);
  }
  heartbeats.failures = 0;
  member.memberEpoch = memberEpoch;
  if (assignment !== null) receiveTarget(member, assignment.topicPartitions);
}

/** Kafka says everything anew after a failure, and tries again by its backoff. */
function refused(consumer: Consumer, context: NodeContext, member: ConsumerMember, error: number): void {
  forgetHeartbeat(member, context.now());
  switch (error) {
    case ERROR_CODES.UNKNOWN_MEMBER_ID:
    case ERROR_CODES.FENCED_MEMBER_EPOCH:
    case ERROR_CODES.GROUP_ID_NOT_FOUND:
      fence(member);
      return;
    default:
      if (losesCoordinator(error)) forgetCoordinator(consumer, context);
      else if (error !== ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS) failConsumer(consumer, error);
      backOff(consumer, context, member);
  }
}

function backOff({ network, config }: Consumer, context: NodeContext, { heartbeats }: ConsumerMember): void {
  const wait = jitteredBackoff(
    context.prng(`${network.prefix}:heartbeat`),
    config['retry.backoff.ms'],
    config['retry.backoff.max.ms'],
    heartbeats.failures,
  );
  heartbeats.failures += 1;
  heartbeats.notBefore = context.now() + millis(wait);
}

/** The coordinator put the member out: it has to give up what it had before it joins again. */
function fence(member: ConsumerMember): void {
  member.state = 'fenced';
  member.memberEpoch = 0;
  member.reconciliation = null;
  member.heartbeats.failures = 0;
}
