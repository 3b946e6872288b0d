import type { Bytes } from '../../base/bytes.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import { NONE } from '../../protocol/errors.ts';
import type { ResponseMessage } from '../../protocol/message.ts';
import { randomUuid } from '../../protocol/uuid.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { handleMetadata, maintainMetadata, wantTopic } from '../network/metadata-refresh.ts';
import {
  bodyOf,
  coordinatorOf,
  expireRequests,
  NEVER,
  ownsConnection,
  takeDisconnect,
  takeResponse,
  type Completion,
} from '../network/network-client.ts';
import { maintainClosing } from './closing.ts';
import {
  beginCommit,
  consumedPositions,
  handleCommit,
  maintainAutoCommit,
  maintainCommits,
} from './commits.ts';
import {
  newConsumer,
  type CommitKind,
  type CommitOffset,
  type Consumer,
  type ConsumerNotice,
} from './consumer-state.ts';
import type { ConsumerOptions, ConsumerRequest, MemberShare, RecordSlice } from './consumer-state.ts';
import { handleFindCoordinator } from './coordinator-link.ts';
import { forgetCoordinator } from './lost-coordinator.ts';
import { hasRecords, takeRecords } from './fetched-records.ts';
import { handleFetch, maintainFetches } from './fetcher.ts';
import { finishAssignment } from './group-leader.ts';
import { endGivingUp, isInGroup, maintainGroupInPoll, maintainGroupThread } from './group-protocol.ts';
import { handleHeartbeat } from './heartbeat.ts';
import { handleGroupHeartbeat } from './member/group-heartbeat.ts';
import { closeSilently, leaveAndClose, leaveAndSubscribe } from './leaving.ts';
import { handleJoin, handleSync, requestRejoin } from './membership.ts';
import { followPattern } from './pattern.ts';
import { handleListOffsets, handleOffsetFetch, handleValidation, maintainPositions } from './positions.ts';
import * as subscription from './subscription-state.ts';

const METADATA: ConsumerRequest = Object.freeze({ type: 'metadata' });

/** A consumer without a subscription. */
export const createConsumer = (context: NodeContext, options: Omit<ConsumerOptions, 'memberId'>): Consumer =>
  newConsumer(
    { ...options, memberId: randomUuid(context.prng(`${options.prefix}:member-id`)) },
    context.now(),
  );

/** Reads these topics as a member of the group; it joins at the next poll. */
export function consumerSubscribe(consumer: Consumer, topics: readonly string[]): void {
  subscription.subscribe(consumer.subscriptions, topics);
  for (const topic of topics) wantTopic(consumer.network, topic);
}

/** Reads these partitions by hand, outside of the group protocol. Partitions that stay keep their position. */
export function consumerAssign(consumer: Consumer, partitions: readonly subscription.TopicPartition[]): void {
  subscription.assignManually(consumer.subscriptions, partitions);
  for (const { topic } of partitions) wantTopic(consumer.network, topic);
}

/** What the owner's assignor tells the leader about this member from the next join on. */
export function setSubscriptionUserData(consumer: Consumer, userData: Bytes | null): void {
  consumer.subscriptionUserData = userData;
}

/** Moves the position of an assigned partition. */
export function consumerSeek(consumer: Consumer, name: TopicPartitionName, offset: number): void {
  subscription.seek(subscription.assignedPartition(consumer.subscriptions, name), offset);
}

/** Goes back to what the group has committed, by the coordinator's word (`committed()`, then `seek()`). */
export function consumerSeekToCommitted(consumer: Consumer, name: TopicPartitionName): void {
  subscription.forgetPosition(subscription.assignedPartition(consumer.subscriptions, name));
}

/** Looks the position up anew by this strategy. */
export function consumerSeekTo(
  consumer: Consumer,
  name: TopicPartitionName,
  strategy: 'earliest' | 'latest',
): void {
  subscription.requestOffsetReset(subscription.assignedPartition(consumer.subscriptions, name), strategy);
}

/** A paused partition is not fetched and not returned; it stays assigned. */
export function consumerPause(consumer: Consumer, name: TopicPartitionName, paused: boolean): void {
  subscription.assignedPartition(consumer.subscriptions, name).paused = paused;
}

/**
 * Enters poll(). Returns at most `max.poll.records` records if some are here, and the application's thread has left
 * poll() again. Otherwise the thread stays inside, where rebalances go on and `max.poll.interval.ms` does not tick, until
 * the notice `records-ready` (then poll again) or `consumerLeavePoll`.
 */
export function consumerPoll(consumer: Consumer, context: NodeContext): readonly RecordSlice[] {
  if (consumer.closing !== 'no' || consumer.fatalError !== NONE) return [];
  consumer.lastPollAt = context.now();
  consumer.inPoll = true;
  consumer.toldRecords = true;
  maintain(consumer, context);
  const slices = takeRecords(consumer, consumer.config['max.poll.records']);
  consumer.toldRecords = false;
  // Also without records the position may have moved: over a marker, or over what was aborted.
  maintainFetches(consumer, context);
  if (slices.length > 0) {
    consumer.inPoll = false;
    maintainGroupThread(consumer, context);
  }
  return slices;
}

/** The application's thread leaves poll() without records, as after its timeout. */
export function consumerLeavePoll(consumer: Consumer, context: NodeContext): void {
  if (consumer.inPoll) consumer.lastPollAt = context.now();
  consumer.inPoll = false;
  maintainGroupThread(consumer, context);
}

/** Joins its group again at the next poll (`enforceRebalance()`). */
export function consumerRejoin(consumer: Consumer): void {
  requestRejoin(consumer);
}

/** The owner has lost all that it had: leaves the group, and joins it anew at the next poll. */
export function consumerResubscribe(consumer: Consumer, context: NodeContext): void {
  leaveAndSubscribe(consumer, context);
}

/** The group has this member's JoinGroup, and it has not taken up what that brought. */
export const isInRebalance = ({ membership: { state, received } }: Consumer): boolean =>
  (state !== 'stable' && state !== 'unjoined') || received !== null;

/** The owner's thread ends by an error: leaves the group, a static member too, and closes at once. */
export function consumerAbandon(consumer: Consumer, context: NodeContext): void {
  leaveAndClose(consumer, context, 'the consumer is being closed');
}

/** The owner's thread ends in order and remains in its group (`CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP`). */
export function consumerDetach(consumer: Consumer, context: NodeContext): void {
  closeSilently(consumer, context);
}

/** A rebalance has begun for this member, or it is out of the group; and it has not taken up what it brought. */
export const isRebalancing = ({ membership: { state, received } }: Consumer): boolean =>
  state !== 'stable' || received !== null;

/** The owner has done what it has to with revoked partitions; the rebalance goes on. */
export function consumerRevoked(consumer: Consumer, context: NodeContext): void {
  endGivingUp(consumer, context);
  maintain(consumer, context);
}

/** The owner's assignor has decided; for members in `assignment-needed`. */
export function consumerShare(
  consumer: Consumer,
  context: NodeContext,
  shares: readonly MemberShare[],
): void {
  finishAssignment(consumer, context, shares);
  maintain(consumer, context);
}

/** Commits these offsets, or else the present positions. Returns the token that `commit-completed` will name. */
export function consumerCommit(
  consumer: Consumer,
  context: NodeContext,
  kind: Exclude<CommitKind, 'auto'>,
  offsets: readonly CommitOffset[] = consumedPositions(consumer),
): number {
  const token = beginCommit(consumer, context, kind, offsets);
  maintain(consumer, context);
  return token;
}

/**
 * Leaves in order: commits positions if that is automatic, gives up the partitions, tells the coordinator (a dynamic
 * member only). The notice `closed` follows.
 */
export function consumerClose(consumer: Consumer, context: NodeContext): void {
  if (consumer.closing !== 'no') return;
  consumer.closing = 'committing';
  consumer.inPoll = false;
  const commits = consumer.config['enable.auto.commit'] && consumer.groupId !== '';
  if (commits && isInGroup(consumer)) beginCommit(consumer, context, 'sync', consumedPositions(consumer));
  maintain(consumer, context);
}

export const consumerOwns = (consumer: Consumer, connection: ConnectionId): boolean =>
  ownsConnection(consumer.network, connection);

/** An answer. Returns false if the connection is not this consumer's. */
export function onConsumerMessage(
  consumer: Consumer,
  context: NodeContext,
  connection: ConnectionId,
  message: object,
): boolean {
  if (!consumerOwns(consumer, connection)) return false;
  const completion = takeResponse(consumer.network, context, connection, message as ResponseMessage);
  if (completion !== undefined) handle(consumer, context, completion);
  maintain(consumer, context);
  return true;
}

/** Returns false if the connection is not this consumer's. */
export function onConsumerDisconnect(
  consumer: Consumer,
  context: NodeContext,
  connection: ConnectionId,
): boolean {
  if (!consumerOwns(consumer, connection)) return false;
  const destination = consumer.network.destinations.get(connection);
  const lost = takeDisconnect(consumer.network, context, connection);
  const { broker } = consumer.coordinator;
  if (broker >= 0 && destination === coordinatorOf(broker)) forgetCoordinator(consumer, context);
  for (const completion of lost) handle(consumer, context, completion);
  maintain(consumer, context);
  return true;
}

/** Returns false if the timer is not this consumer's. */
export function onConsumerTimer(consumer: Consumer, context: NodeContext, name: string): boolean {
  const { prefix } = consumer.network;
  if (!name.startsWith(`${prefix}:`)) return false;
  if (name === `${prefix}:consumer`) consumer.wakeAt = NEVER;
  for (const completion of expireRequests(consumer.network, context)) handle(consumer, context, completion);
  maintain(consumer, context);
  return true;
}

/** Does all that is due: the heartbeat thread's part always, the application thread's part while it is in poll(). */
function maintain(consumer: Consumer, context: NodeContext): void {
  if (consumer.closing === 'done') return;
  if (consumer.fatalError === NONE || consumer.closing !== 'no') {
    maintainGroupThread(consumer, context);
    if (consumer.inPoll) {
      maintainGroupInPoll(consumer, context);
      maintainAutoCommit(consumer, context);
      maintainPositions(consumer, context);
      maintainFetches(consumer, context);
    }
    maintainCommits(consumer, context);
    // What poll() and commits have brought about is told at once.
    if (consumer.member !== null) maintainGroupThread(consumer, context);
  }
  if (consumer.closing !== 'no' && maintainClosing(consumer, context)) return;
  maintainMetadata(consumer.network, context, METADATA);
  if (!consumer.inPoll || consumer.toldRecords || !hasRecords(consumer)) return;
  consumer.toldRecords = true;
  consumer.notices.push({ type: 'records-ready' });
}

function handle(consumer: Consumer, context: NodeContext, completion: Completion<ConsumerRequest>): void {
  const { error, destination } = completion;
  const request = completion.request.context;
  switch (request.type) {
    case 'metadata': {
      const response = bodyOf(completion, 'Metadata');
      const { pattern } = consumer.subscriptions;
      if (response !== undefined && pattern !== null) followPattern(consumer, pattern, response);
      handleMetadata(consumer.network, context, response);
      return;
    }
    case 'fetch': {
      const sent = { broker: destination, asked: request.asked };
      handleFetch(consumer, context, sent, bodyOf(completion, 'Fetch'));
      return;
    }
    case 'list-offsets':
      handleListOffsets(consumer, context, request.asked, bodyOf(completion, 'ListOffsets'));
      return;
    case 'validate':
      handleValidation(consumer, context, request.asked, bodyOf(completion, 'OffsetForLeaderEpoch'));
      return;
    case 'offset-fetch': {
      const response = bodyOf(completion, 'OffsetFetch');
      handleOffsetFetch(consumer, context, request.partitions, { response, error });
      return;
    }
    default:
      handleGroup(consumer, context, completion);
  }
}

function handleGroup(
  consumer: Consumer,
  context: NodeContext,
  completion: Completion<ConsumerRequest>,
): void {
  const { error } = completion;
  const request = completion.request.context;
  switch (request.type) {
    case 'find-coordinator':
      handleFindCoordinator(consumer, context, bodyOf(completion, 'FindCoordinator'));
      return;
    case 'join':
      handleJoin(consumer, context, bodyOf(completion, 'JoinGroup'), error);
      return;
    case 'sync':
      handleSync(consumer, context, bodyOf(completion, 'SyncGroup'), error);
      return;
    case 'heartbeat':
      handleHeartbeat(consumer, context, request, bodyOf(completion, 'Heartbeat')?.errorCode ?? error);
      return;
    case 'group-heartbeat': {
      const response = bodyOf(completion, 'ConsumerGroupHeartbeat');
      handleGroupHeartbeat(consumer, context, request, { response, error });
      return;
    }
    case 'commit':
      handleCommit(consumer, context, request, { response: bodyOf(completion, 'OffsetCommit'), error });
      return;
    case 'leave':
      if (consumer.closing === 'leaving') consumer.closing = 'left';
      return;
    default:
  }
}

/** Takes what the consumer has to tell since the last time. */
export function takeConsumerNotices(consumer: Consumer): readonly ConsumerNotice[] {
  const { notices } = consumer;
  if (notices.length > 0) consumer.notices = [];
  return notices;
}
