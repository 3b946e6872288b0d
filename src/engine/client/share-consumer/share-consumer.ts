import { ERROR_CODES, isRetriable, NONE } from '../../protocol/errors.ts';
import type { FindCoordinatorResponse } from '../../protocol/find-coordinator.ts';
import type { ResponseMessage } from '../../protocol/message.ts';
import { randomUuid } from '../../protocol/uuid.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { retryFinding, takeCoordinator } from '../consumer/find-coordinator.ts';
import { handleMetadata, maintainMetadata, wantTopic } from '../network/metadata-refresh.ts';
import {
  bodyOf,
  closeNetwork,
  coordinatorOf,
  expireRequests,
  NEVER,
  ownsConnection,
  takeDisconnect,
  takeResponse,
  type Completion,
} from '../network/network-client.ts';
import { takeAcquired } from './acquired-records.ts';
import { acceptDelivered, acknowledgeDelivered } from './share-acknowledgements.ts';
import {
  newShareConsumer,
  type Acknowledgement,
  type ShareConsumer,
  type ShareConsumerOptions,
  type ShareNotice,
  type ShareRequest,
  type ShareSlice,
} from './share-consumer-state.ts';
import {
  handleShareAcknowledged,
  handleShareFetched,
  maintainShareAcknowledgements,
  maintainShareFetches,
} from './share-fetcher.ts';
import {
  failShareConsumer,
  handleShareHeartbeat,
  joinShareGroup,
  leaveShareGroup,
  loseShareCoordinator,
  maintainShareMember,
} from './share-heartbeat.ts';

const METADATA: ShareRequest = Object.freeze({ type: 'metadata' });
const COMMIT = { isLast: false, isRenewal: false };
const RENEWAL = { isLast: false, isRenewal: true };
const LAST = { isLast: true, isRenewal: false };

/** A consumer of a share group (`KafkaShareConsumer`, KIP-932); it joins at the first poll. */
export function createShareConsumer(
  context: NodeContext,
  options: Omit<ShareConsumerOptions, 'memberId'>,
): ShareConsumer {
  const memberId = randomUuid(context.prng(`${options.prefix}:member-id`));
  const consumer = newShareConsumer({ ...options, memberId }, context.now());
  for (const topic of options.topics) wantTopic(consumer.network, topic);
  return consumer;
}

const isImplicit = ({ config }: ShareConsumer): boolean =>
  config['share.acknowledgement.mode'] === 'implicit';

/**
 * Enters poll(). What the last one returned counts as accepted unless acknowledgements are explicit. Returns acquired
 * records if some are here, and the application's thread has left poll() again; otherwise it stays inside until the notice
 * `records-ready`.
 */
export function sharePoll(consumer: ShareConsumer, context: NodeContext): readonly ShareSlice[] {
  if (consumer.closing !== 'no' || consumer.fatalError !== NONE) return [];
  if (isImplicit(consumer)) acceptDelivered(consumer);
  consumer.delivered = takeAcquired(consumer);
  consumer.lastPollAt = context.now();
  consumer.inPoll = consumer.delivered.length === 0;
  consumer.toldRecords = false;
  joinShareGroup(consumer);
  // With records at hand there is no fetch to carry the acknowledgements.
  if (!consumer.inPoll) maintainShareAcknowledgements(consumer, context, COMMIT);
  maintain(consumer, context);
  return consumer.delivered;
}

/** Says something of records of the last poll(); with `share.acknowledgement.mode` explicit. It travels with the next poll(). */
export const shareAcknowledge = (
  consumer: ShareConsumer,
  acknowledgement: Acknowledgement & { readonly name: string },
): void => acknowledgeDelivered(consumer, acknowledgement);

/** Sends at once what was said: locks of renewed records begin anew (KIP-1222). */
export const shareRenew = (consumer: ShareConsumer, context: NodeContext): void =>
  void maintainShareAcknowledgements(consumer, context, RENEWAL);

/** Says what it has to, ends its sessions, leaves the group. The notice `closed` follows. */
export function shareClose(consumer: ShareConsumer, context: NodeContext): void {
  if (consumer.closing !== 'no') return;
  if (isImplicit(consumer)) acceptDelivered(consumer);
  consumer.delivered = [];
  consumer.closing = 'acknowledging';
  consumer.inPoll = false;
  maintain(consumer, context);
}

/** An answer. Returns false if the connection is not this consumer's. */
export function onShareMessage(
  consumer: ShareConsumer,
  context: NodeContext,
  connection: ConnectionId,
  message: object,
): boolean {
  if (!ownsConnection(consumer.network, connection)) return false;
  const completion = takeResponse(consumer.network, context, connection, message as ResponseMessage);
  if (completion !== undefined) handle(consumer, context, completion);
  maintain(consumer, context);
  return true;
}

/** Returns false if the connection is not this consumer's. */
export function onShareDisconnect(
  consumer: ShareConsumer,
  context: NodeContext,
  connection: ConnectionId,
): boolean {
  if (!ownsConnection(consumer.network, connection)) return false;
  const destination = consumer.network.destinations.get(connection);
  const lost = takeDisconnect(consumer.network, context, connection);
  const { broker } = consumer.coordinator;
  if (broker >= 0 && destination === coordinatorOf(broker)) loseShareCoordinator(consumer, context);
  for (const completion of lost) handle(consumer, context, completion);
  maintain(consumer, context);
  return true;
}

/** Returns false if the timer is not this consumer's. */
export function onShareClientTimer(consumer: ShareConsumer, context: NodeContext, name: string): boolean {
  const { prefix } = consumer.network;
  if (!name.startsWith(`${prefix}:`)) return false;
  if (name === `${prefix}:consumer`) consumer.wakeAt = NEVER;
  for (const completion of expireRequests(consumer.network, context)) handle(consumer, context, completion);
  maintain(consumer, context);
  return true;
}

/** Takes what the consumer has to tell since the last time. */
export function takeShareNotices(consumer: ShareConsumer): readonly ShareNotice[] {
  const { notices } = consumer;
  if (notices.length > 0) consumer.notices = [];
  return notices;
}

function maintain(consumer: ShareConsumer, context: NodeContext): void {
  if (consumer.closing === 'done') return;
  if (consumer.closing !== 'no') {
    maintainClosing(consumer, context);
    return;
  }
  if (consumer.fatalError !== NONE) return;
  maintainShareMember(consumer, context);
  if (consumer.inPoll) maintainShareFetches(consumer, context);
  maintainMetadata(consumer.network, context, METADATA);
  if (!consumer.inPoll || consumer.toldRecords || consumer.buffered.length === 0) return;
  consumer.toldRecords = true;
  consumer.notices.push({ type: 'records-ready' });
}

function maintainClosing(consumer: ShareConsumer, context: NodeContext): void {
  if (consumer.closing === 'acknowledging' && maintainShareAcknowledgements(consumer, context, LAST))
    consumer.closing = leaveShareGroup(consumer, context) ? 'leaving' : 'done';
  if (consumer.closing === 'leaving' && consumer.coordinator.broker < 0) consumer.closing = 'done';
  if (consumer.closing !== 'done') return;
  closeNetwork(consumer.network, context);
  context.cancelTimer(`${consumer.network.prefix}:consumer`);
  consumer.notices.push({ type: 'closed' });
}

function handle(consumer: ShareConsumer, context: NodeContext, completion: Completion<ShareRequest>): void {
  const { error, destination: broker } = completion;
  const request = completion.request.context;
  switch (request.type) {
    case 'metadata':
      handleMetadata(consumer.network, context, bodyOf(completion, 'Metadata'));
      return;
    case 'find-coordinator':
      handleFound(consumer, context, bodyOf(completion, 'FindCoordinator'));
      return;
    case 'heartbeat':
      handleShareHeartbeat(consumer, context, request, {
        response: bodyOf(completion, 'ShareGroupHeartbeat'),
        error,
      });
      return;
    case 'leave':
      if (consumer.closing === 'leaving') consumer.closing = 'done';
      if (consumer.closing === 'done') maintainClosing(consumer, context);
      return;
    case 'fetch':
      handleShareFetched(
        consumer,
        context,
        { broker, said: request.said },
        { response: bodyOf(completion, 'ShareFetch'), error },
      );
      return;
    case 'acknowledge':
      handleShareAcknowledged(
        consumer,
        context,
        { broker, said: request.said },
        { response: bodyOf(completion, 'ShareAcknowledge'), error },
      );
  }
}

function handleFound(
  consumer: ShareConsumer,
  context: NodeContext,
  response: FindCoordinatorResponse | undefined,
): void {
  const error = takeCoordinator(consumer, response);
  if (error === NONE) return;
  if (isRetriable(error) || error === ERROR_CODES.NETWORK_EXCEPTION) retryFinding(consumer, context);
  else failShareConsumer(consumer, error);
}
