import { millis } from '../../base/time.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { topicPartition } from '../../api/ids.ts';
import {
  CONSUMER_PROTOCOL_TYPE,
  decodeAssignment,
  encodeSubscription,
} from '../../protocol/consumer-protocol.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { JoinGroupResponse } from '../../protocol/join-group.ts';
import type { SyncGroupResponse, SyncGroupRequestAssignment } from '../../protocol/sync-group.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { wantTopic } from '../network/metadata-refresh.ts';
import type { Consumer, ConsumerRequest } from './consumer-state.ts';
import { failConsumer, forgetCoordinator, losesCoordinator, sendToCoordinator } from './coordinator-link.ts';
import { dropRevokedRecords } from './fetched-records.ts';
import { assignFromSubscribed, unsubscribe, type TopicPartition } from './subscription-state.ts';
import { armConsumer, isDue } from './wake.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);
const JOIN: ConsumerRequest = Object.freeze({ type: 'join' });

/** The answer to JoinGroup may take the rebalance timeout and this (`JOIN_GROUP_TIMEOUT_LAPSE`). */
const JOIN_LAPSE_MS = 5_000;

/** Next time poll() is called, the member joins again. */
export function requestRejoin(consumer: Consumer): void {
  consumer.membership.rejoinNeeded = true;
}

const assignedList = (consumer: Consumer): TopicPartition[] =>
  [...consumer.subscriptions.assigned.values()].map(({ topic, partition }) => ({ topic, partition }));

const namesOf = (partitions: readonly TopicPartition[]): string[] =>
  partitions.map(({ topic, partition }) => topicPartition(topic, partition));

/** Membership was lost: what the member owned may already be another's. Unless the id is gone too, it is kept. */
export function loseGeneration(consumer: Consumer, keepMemberId: boolean): void {
  const { membership } = consumer;
  membership.generationId = -1;
  membership.protocolName = '';
  if (!keepMemberId) membership.memberId = '';
  membership.state = 'unjoined';
  membership.rejoinNeeded = true;
  membership.pendingMembers = null;
}

/** Takes the member's partitions away from the owner and tells it (`onPartitionsRevoked`, `onPartitionsLost`). */
export function revokeAll(consumer: Consumer, context: NodeContext): void {
  const { membership, groupId } = consumer;
  const partitions = Object.freeze(assignedList(consumer));
  const lost = membership.generationId < 0 || membership.memberId === '';
  if (partitions.length > 0)
    tell(context, { type: 'partitions-revoked', group: groupId, partitions: namesOf(partitions), lost });
  consumer.notices.push(Object.freeze({ type: 'partitions-revoked', partitions, lost }));
}

/** The owner is done with what was revoked. */
export function endRevocation(consumer: Consumer): void {
  const { membership, subscriptions } = consumer;
  if (membership.preparation !== 'revoking') return;
  membership.preparation = 'done';
  if (subscriptions.type === 'topics') assignFromSubscribed(subscriptions, []);
  dropRevokedRecords(consumer);
}

/** Asks to become a member of the next generation. */
export function sendJoin(consumer: Consumer, context: NodeContext): void {
  const { membership, subscriptions, config } = consumer;
  if (!isDue(consumer, context, membership.joinNotBefore)) return;
  const metadata = encodeSubscription({
    topics: subscriptions.topics,
    userData: consumer.subscriptionUserData,
    ownedPartitions: [],
    generationId: membership.generationId,
    rackId: null,
  });
  const rebalanceTimeoutMs = config['max.poll.interval.ms'];
  const body = {
    groupId: consumer.groupId,
    sessionTimeoutMs: config['session.timeout.ms'],
    rebalanceTimeoutMs,
    memberId: membership.memberId,
    groupInstanceId: consumer.groupInstanceId,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    protocols: [{ name: consumer.assignor, metadata }],
    reason: null,
  };
  const timeout = millis(Math.max(config['request.timeout.ms'], rebalanceTimeoutMs + JOIN_LAPSE_MS));
  if (!sendToCoordinator(consumer, context, { api: 'JoinGroup', body, context: JOIN, timeout })) return;
  membership.state = 'joining';
  membership.joinedTopics = subscriptions.topics;
}

function joinLater(consumer: Consumer, context: NodeContext): void {
  const { membership } = consumer;
  membership.state = 'unjoined';
  membership.rejoinNeeded = true;
  membership.joinNotBefore = context.now() + millis(consumer.config['retry.backoff.ms']);
  armConsumer(consumer, context, membership.joinNotBefore);
}

/** The answer to JoinGroup, or the error by which it was lost. */
export function handleJoin(
  consumer: Consumer,
  context: NodeContext,
  response: JoinGroupResponse | undefined,
  lostBy: number,
): void {
  const { membership } = consumer;
  if (membership.state !== 'joining') return;
  const error = response?.errorCode ?? lostBy;
  if (response !== undefined && error === NONE) {
    becomeMember(consumer, context, response);
    return;
  }
  membership.state = 'unjoined';
  if (losesCoordinator(error)) forgetCoordinator(consumer, context);
  switch (error) {
    case ERROR_CODES.MEMBER_ID_REQUIRED:
      membership.memberId = response?.memberId ?? '';
      return;
    case ERROR_CODES.UNKNOWN_MEMBER_ID:
    case ERROR_CODES.ILLEGAL_GENERATION:
      loseGeneration(consumer, error === ERROR_CODES.ILLEGAL_GENERATION);
      return;
    case ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS:
    case ERROR_CODES.REBALANCE_IN_PROGRESS:
      joinLater(consumer, context);
      return;
    default:
      if (!losesCoordinator(error)) failConsumer(consumer, error);
  }
}

function becomeMember(consumer: Consumer, context: NodeContext, response: JoinGroupResponse): void {
  const { membership, config } = consumer;
  membership.generationId = response.generationId;
  membership.memberId = response.memberId;
  membership.protocolName = response.protocolName ?? '';
  membership.heardAt = context.now();
  membership.nextHeartbeatAt = context.now() + millis(config['heartbeat.interval.ms']);
  membership.sharedCounts = null;
  const leads = response.leader === response.memberId;
  if (!leads || response.skipAssignment) {
    sendSync(consumer, context, []);
    return;
  }
  membership.state = 'assigning';
  membership.pendingMembers = response.members;
}

/** Asks for the member's assignment; the leader brings everybody's. */
export function sendSync(
  consumer: Consumer,
  context: NodeContext,
  assignments: readonly SyncGroupRequestAssignment[],
): void {
  const { membership, config } = consumer;
  const { generationId, memberId, protocolName } = membership;
  const body = {
    groupId: consumer.groupId,
    generationId,
    memberId,
    groupInstanceId: consumer.groupInstanceId,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    protocolName,
    assignments,
  };
  membership.state = 'syncing';
  const timeout = millis(
    Math.max(config['request.timeout.ms'], config['max.poll.interval.ms'] + JOIN_LAPSE_MS),
  );
  const mark: ConsumerRequest = Object.freeze({ type: 'sync', generationId });
  if (!sendToCoordinator(consumer, context, { api: 'SyncGroup', body, context: mark, timeout }))
    joinLater(consumer, context);
}

/** The answer to SyncGroup, or the error by which it was lost. */
export function handleSync(
  consumer: Consumer,
  context: NodeContext,
  response: SyncGroupResponse | undefined,
  lostBy: number,
): void {
  const { membership } = consumer;
  if (membership.state !== 'syncing') return;
  const error = response?.errorCode ?? lostBy;
  if (response !== undefined && error === NONE) {
    takeAssignment(consumer, context, response);
    return;
  }
  membership.state = 'unjoined';
  membership.rejoinNeeded = true;
  switch (error) {
    case ERROR_CODES.REBALANCE_IN_PROGRESS:
      return;
    case ERROR_CODES.UNKNOWN_MEMBER_ID:
    case ERROR_CODES.ILLEGAL_GENERATION:
      loseGeneration(consumer, error === ERROR_CODES.ILLEGAL_GENERATION);
      return;
    case ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS:
      joinLater(consumer, context);
      return;
    default:
      if (losesCoordinator(error)) forgetCoordinator(consumer, context);
      else failConsumer(consumer, error);
  }
}

function takeAssignment(consumer: Consumer, context: NodeContext, response: SyncGroupResponse): void {
  const { membership, subscriptions, groupId, config } = consumer;
  const assignment = decodeAssignment(response.assignment);
  const partitions = (assignment?.partitions ?? []).flatMap(({ topic, partitions: numbers }) =>
    numbers.map((partition) => Object.freeze({ topic, partition })),
  );
  membership.state = 'stable';
  membership.preparation = 'needed';
  membership.rejoinNeeded = !assignFromSubscribed(subscriptions, partitions);
  if (membership.rejoinNeeded) return;
  for (const { topic } of partitions) wantTopic(consumer.network, topic);
  consumer.nextAutoCommitAt = context.now() + millis(config['auto.commit.interval.ms']);
  tell(context, { type: 'partitions-assigned', group: groupId, partitions: namesOf(partitions) });
  const userData = assignment?.userData ?? null;
  consumer.notices.push(
    Object.freeze({ type: 'partitions-assigned', partitions: Object.freeze(partitions), userData }),
  );
}

/** Tells the coordinator that a dynamic member goes. Returns whether an answer is to be waited for. */
export function leaveGroup(consumer: Consumer, context: NodeContext, reason: string): boolean {
  const { membership, groupInstanceId, groupId } = consumer;
  const { memberId, state } = membership;
  const leaves = groupInstanceId === null && memberId !== '' && state !== 'unjoined';
  const body = { groupId, members: [{ memberId, groupInstanceId, reason }] };
  const mark: ConsumerRequest = Object.freeze({ type: 'leave' });
  const sent = leaves && sendToCoordinator(consumer, context, { api: 'LeaveGroup', body, context: mark });
  loseGeneration(consumer, false);
  return sent;
}

/** Gives up the subscription without a word to the coordinator. */
export function forgetSubscription(consumer: Consumer): void {
  unsubscribe(consumer.subscriptions);
  dropRevokedRecords(consumer);
}
