import type { Bytes } from '../../base/bytes.ts';
import { millis } from '../../base/time.ts';
import {
  CONSUMER_PROTOCOL_TYPE,
  decodeAssignment,
  encodeSubscription,
} from '../../protocol/consumer-protocol.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { JoinGroupRequestProtocol, JoinGroupResponse } from '../../protocol/join-group.ts';
import type { SyncGroupResponse, SyncGroupRequestAssignment } from '../../protocol/sync-group.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { byTopic, partitionsOf } from './assignor/sticky-user-data.ts';
import { isCooperative, strategyOf } from './assignor/strategy.ts';
import type { Consumer, ConsumerRequest, Membership } from './consumer-state.ts';
import { failConsumer, sendToCoordinator } from './coordinator-link.ts';
import { forgetCoordinator } from './lost-coordinator.ts';
import { losesCoordinator } from './find-coordinator.ts';
import { dropRevoked, ownedPartitions, revoke, takeOver, without } from './ownership.ts';
import { refuseSync } from './refusals.ts';
import { changeTopics, isSubscribed, type TopicPartition } from './subscription-state.ts';
import { armConsumer, isDue } from './wake.ts';

const JOIN: ConsumerRequest = Object.freeze({ type: 'join' });

/** The answer to JoinGroup may take the rebalance timeout and this (`JOIN_GROUP_TIMEOUT_LAPSE`). */
const JOIN_LAPSE_MS = 5_000;

/** Next time poll() is called, the member joins again. */
export function requestRejoin(consumer: Consumer): void {
  consumer.membership.rejoinNeeded = true;
}

/** Membership was lost: what the member owned may already be another's. Unless the id is gone too, it is kept. */
export function loseGeneration(consumer: Consumer, keepMemberId: boolean): void {
  const { membership } = consumer;
  membership.generationId = -1;
  membership.protocolName = '';
  if (!keepMemberId) membership.memberId = '';
  membership.state = 'unjoined';
  membership.rejoinNeeded = true;
  membership.pendingMembers = null;
  membership.received = null;
  // What it kept while it joined is lost before it joins again.
  if (membership.preparation === 'done' && consumer.subscriptions.assigned.size > 0)
    membership.preparation = 'needed';
}

/** Whether the coordinator does not count on the member any more: what it owns may be another's. */
export const isOut = ({ generationId, memberId }: Membership): boolean => generationId < 0 || memberId === '';

/** The owner is done with what was revoked: before the member joins again, or before it takes its assignment. */
export function endRevocation(consumer: Consumer, context: NodeContext): void {
  const { membership, subscriptions } = consumer;
  if (membership.preparation !== 'revoking') return;
  dropRevoked(consumer);
  if (membership.received !== null) {
    takeAssignment(consumer, context, membership.received);
    requestRejoin(consumer);
  } else {
    membership.preparation = isOut(membership) && subscriptions.assigned.size > 0 ? 'needed' : 'done';
  }
}

/** Asks to become a member of the next generation. */
export function sendJoin(consumer: Consumer, context: NodeContext): void {
  const { membership, subscriptions, config } = consumer;
  if (!isDue(consumer, context, membership.joinNotBefore)) return;
  const rebalanceTimeoutMs = config['max.poll.interval.ms'];
  const body = {
    groupId: consumer.groupId,
    sessionTimeoutMs: config['session.timeout.ms'],
    rebalanceTimeoutMs,
    memberId: membership.memberId,
    groupInstanceId: consumer.groupInstanceId,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    protocols: protocolsOf(consumer),
    reason: null,
  };
  const timeout = millis(Math.max(config['request.timeout.ms'], rebalanceTimeoutMs + JOIN_LAPSE_MS));
  if (!sendToCoordinator(consumer, context, { api: 'JoinGroup', body, context: JOIN, timeout })) return;
  membership.state = 'joining';
  membership.joinedTopics = subscriptions.topics;
}

/** Where the member runs, if it says so (KIP-881). */
const rackOf = ({ config }: Consumer): string | null =>
  config['client.rack'] === '' ? null : config['client.rack'];

/** The member as each of its assignors presents it to the leader. */
function protocolsOf(consumer: Consumer): JoinGroupRequestProtocol[] {
  const { membership, subscriptions, lastGiven } = consumer;
  const owned = byTopic(ownedPartitions(consumer));
  return consumer.assignors.map((name) => {
    const strategy = strategyOf(name);
    const userData =
      strategy === undefined ? consumer.subscriptionUserData : strategy.userData(lastGiven.get(name));
    const { generationId } = membership;
    const { topics } = subscriptions;
    const rackId = rackOf(consumer);
    return {
      name,
      metadata: encodeSubscription({ topics, userData, ownedPartitions: owned, generationId, rackId }),
    };
  });
}

export function joinLater(consumer: Consumer, context: NodeContext): void {
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
    membership.state = 'stable';
    membership.rejoinNeeded = false;
    membership.received = response.assignment;
    return;
  }
  membership.state = 'unjoined';
  membership.rejoinNeeded = true;
  refuseSync(consumer, context, error);
}

/**
 * What poll() does with an assignment that has arrived (`ConsumerCoordinator.onJoinComplete`). Who kept its partitions
 * until then gives up those that are not its any more, and joins once more so that others get them (KIP-429).
 */
export function maintainAssigned(consumer: Consumer, context: NodeContext): void {
  const { membership, assignors } = consumer;
  if (membership.received === null || membership.preparation === 'revoking') return;
  const partitions = partitionsIn(membership.received);
  const revoked = isCooperative(assignors) ? without(ownedPartitions(consumer), partitions) : [];
  if (revoked.length === 0) {
    takeAssignment(consumer, context, membership.received);
    return;
  }
  membership.preparation = 'revoking';
  revoke(consumer, context, { partitions: revoked, lost: false });
}

const partitionsIn = (received: Bytes): TopicPartition[] =>
  (decodeAssignment(received)?.partitions ?? []).flatMap(partitionsOf);

function takeAssignment(consumer: Consumer, context: NodeContext, received: Bytes): void {
  const { membership, subscriptions, lastGiven } = consumer;
  const partitions = partitionsIn(received);
  membership.received = null;
  membership.preparation = 'needed';
  if (!partitions.every(({ topic }) => isSubscribed(subscriptions, topic))) {
    requestRejoin(consumer);
    return;
  }
  if (subscriptions.pattern !== null) {
    // The leader knows of topics that this member has not found yet.
    changeTopics(subscriptions, [...subscriptions.topics, ...partitions.map(({ topic }) => topic)]);
    membership.joinedTopics = subscriptions.topics;
  }
  if (strategyOf(membership.protocolName) !== undefined)
    lastGiven.set(
      membership.protocolName,
      Object.freeze({ partitions, generation: membership.generationId }),
    );
  const userData = decodeAssignment(received)?.userData ?? null;
  takeOver(consumer, context, { partitions, userData });
}
