import { millis } from '../../base/time.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ShareGroupHeartbeatResponse } from '../../protocol/share-group-heartbeat.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { jitteredBackoff } from '../backoff.ts';
import { coordinatorOf, isReady, sendRequest } from '../network/network-client.ts';
import { ensureCoordinator, losesCoordinator } from '../consumer/find-coordinator.ts';
import { loseCoordinator } from '../consumer/lost-coordinator.ts';
import { isDue } from '../consumer/wake.ts';
import type { ShareConsumer, ShareRequest } from './share-consumer-state.ts';

const LEAVE = -1;

/** The consumer cannot go on. */
export function failShareConsumer(consumer: ShareConsumer, error: number): void {
  if (consumer.fatalError !== NONE) return;
  consumer.fatalError = error;
  consumer.notices.push({ type: 'fatal', error });
}

/** The application polls: it wants to be a member. */
export function joinShareGroup({ member }: ShareConsumer): void {
  if (member.state === 'out') forgetMembership(member);
}

function forgetMembership(member: ShareConsumer['member']): void {
  member.state = 'joining';
  member.memberEpoch = 0;
  member.toldTopics = false;
  member.assigned = Object.freeze([]);
  member.dueAt = 0;
}

/**
 * What goes on whether or not the application polls (`ShareHeartbeatRequestManager`): heartbeats at the coordinator's pace,
 * and the last one when the application has not polled for `max.poll.interval.ms`.
 */
export function maintainShareMember(consumer: ShareConsumer, context: NodeContext): void {
  const { member } = consumer;
  if (member.state === 'out' || member.state === 'left') return;
  const pollDeadline = consumer.lastPollAt + millis(consumer.config['max.poll.interval.ms']);
  const isSilent = !consumer.inPoll && consumer.closing === 'no' && isDue(consumer, context, pollDeadline);
  if (isSilent && leaveShareGroup(consumer, context)) member.state = 'out';
  else sendHeartbeatIfDue(consumer, context);
}

function sendHeartbeatIfDue(consumer: ShareConsumer, context: NodeContext): void {
  const { member } = consumer;
  if (!ensureCoordinator(consumer, context) || member.inFlight) return;
  if (!isDue(consumer, context, member.notBefore) || !isDue(consumer, context, member.dueAt)) return;
  if (!beat(consumer, context, member.memberEpoch)) return;
  member.toldTopics = true;
  member.inFlight = true;
  member.dueAt = context.now() + millis(member.intervalMs);
  if (member.intervalMs > 0) isDue(consumer, context, member.dueAt);
}

/** Sends a heartbeat if the coordinator can be reached. Returns whether it was sent. */
function beat(consumer: ShareConsumer, context: NodeContext, memberEpoch: number): boolean {
  const { coordinator, network, groupId, member, topics, config } = consumer;
  if (coordinator.broker < 0) return false;
  const destination = coordinatorOf(coordinator.broker);
  if (!isReady(network, context, destination)) {
    loseShareCoordinator(consumer, context);
    return false;
  }
  const isNews = memberEpoch !== LEAVE && !member.toldTopics;
  const rackId = isNews && config['client.rack'] !== '' ? config['client.rack'] : null;
  const subscribedTopicNames = isNews ? topics : null;
  const body = { groupId, memberId: member.memberId, memberEpoch, rackId, subscribedTopicNames };
  const mark: ShareRequest =
    memberEpoch === LEAVE ? { type: 'leave' } : { type: 'heartbeat', memberEpoch: member.memberEpoch };
  sendRequest(network, context, {
    destination,
    api: 'ShareGroupHeartbeat',
    body,
    context: Object.freeze(mark),
  });
  return true;
}

/** Takes leave of the group. Returns whether an answer is to be waited for. */
export function leaveShareGroup(consumer: ShareConsumer, context: NodeContext): boolean {
  const { member } = consumer;
  const isMember = member.state === 'joining' || member.state === 'stable';
  const sent = isMember && beat(consumer, context, LEAVE);
  member.state = 'left';
  member.assigned = Object.freeze([]);
  return sent;
}

/** The broker is not the coordinator, or does not answer. */
export function loseShareCoordinator(consumer: ShareConsumer, context: NodeContext): void {
  consumer.member.inFlight = false;
  consumer.member.dueAt = context.now();
  consumer.member.toldTopics = false;
  loseCoordinator(consumer, context);
}

/** The answer to a heartbeat, or the error by which it was lost. */
export function handleShareHeartbeat(
  consumer: ShareConsumer,
  context: NodeContext,
  sent: Extract<ShareRequest, { type: 'heartbeat' }>,
  answer: { readonly response: ShareGroupHeartbeatResponse | undefined; readonly error: number },
): void {
  const { member } = consumer;
  if (!member.inFlight || sent.memberEpoch !== member.memberEpoch) return;
  member.inFlight = false;
  const { response } = answer;
  const error = response?.errorCode ?? answer.error;
  if (response === undefined || error !== NONE) refused(consumer, context, error);
  else welcomed(consumer, context, response);
}

function welcomed(
  { member }: ShareConsumer,
  context: NodeContext,
  { memberEpoch, heartbeatIntervalMs, assignment }: ShareGroupHeartbeatResponse,
): void {
  if (member.intervalMs !== heartbeatIntervalMs) {
    member.intervalMs = heartbeatIntervalMs;
    member.dueAt = context.now() + millis(heartbeatIntervalMs);
  }
  member.failures = 0;
  member.memberEpoch = memberEpoch;
  member.state = 'stable';
  if (assignment === null) return;
  member.assigned = assignment.topicPartitions;
  // An assignment is acknowledged at once (`MemberState.ACKNOWLEDGING`).
  member.dueAt = context.now();
}

/** Says everything anew after a failure; who was put out joins again at once, as there is nothing to give up. */
function refused(consumer: ShareConsumer, context: NodeContext, error: number): void {
  const { member, network, config } = consumer;
  member.toldTopics = false;
  member.dueAt = context.now();
  switch (error) {
    case ERROR_CODES.UNKNOWN_MEMBER_ID:
    case ERROR_CODES.FENCED_MEMBER_EPOCH:
    case ERROR_CODES.GROUP_ID_NOT_FOUND:
      forgetMembership(member);
      return;
    default:
      if (losesCoordinator(error)) loseShareCoordinator(consumer, context);
      else if (error !== ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS) failShareConsumer(consumer, error);
  }
  const prng = context.prng(`${network.prefix}:heartbeat`);
  const { 'retry.backoff.ms': least, 'retry.backoff.max.ms': most } = config;
  member.notBefore = context.now() + millis(jitteredBackoff(prng, least, most, member.failures));
  member.failures += 1;
}
