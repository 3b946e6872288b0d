import type { NodeContext } from '../../sim/node-context.ts';
import { closeNetwork } from '../network/network-client.ts';
import type { Consumer, ConsumerRequest } from './consumer-state.ts';
import { sendToCoordinator } from './coordinator-link.ts';
import { dropRevokedRecords } from './fetched-records.ts';
import { loseGeneration } from './membership.ts';
import { abandon } from './ownership.ts';
import { unsubscribe } from './subscription-state.ts';

/**
 * Tells the coordinator that a dynamic member goes, or `any` member. Returns whether an answer is to be waited for
 * (`GroupMembershipOperation`, KIP-1092).
 */
export function leaveGroup(
  consumer: Consumer,
  context: NodeContext,
  reason: string,
  who: 'dynamic' | 'any' = 'dynamic',
): boolean {
  const { membership, groupInstanceId, groupId } = consumer;
  const { memberId, state } = membership;
  const leaves = (groupInstanceId === null || who === 'any') && memberId !== '' && state !== 'unjoined';
  const body = { groupId, members: [{ memberId, groupInstanceId, reason }] };
  const mark: ConsumerRequest = Object.freeze({ type: 'leave' });
  const sent = leaves && sendToCoordinator(consumer, context, { api: 'LeaveGroup', body, context: mark });
  loseGeneration(consumer, false);
  return sent;
}

/** Gives up all that it owns and leaves; the next poll joins anew (`unsubscribe()`, then `subscribe()`). */
export function leaveAndSubscribe(consumer: Consumer, context: NodeContext): void {
  abandon(consumer, context);
  leaveGroup(consumer, context, 'the consumer unsubscribed from all topics');
  consumer.membership.preparation = 'needed';
}

/** Gives up all that it owns, leaves and closes, without waiting for an answer. */
export function leaveAndClose(consumer: Consumer, context: NodeContext, reason: string): void {
  if (consumer.subscriptions.type === 'topics') abandon(consumer, context);
  leaveGroup(consumer, context, reason, 'any');
  consumer.closing = 'done';
  forgetSubscription(consumer);
  closeNetwork(consumer.network, context);
  context.cancelTimer(`${consumer.network.prefix}:consumer`);
}

/** Closes without a word to the coordinator, which goes on to count on it until its session expires. */
export function closeSilently(consumer: Consumer, context: NodeContext): void {
  consumer.closing = 'done';
  consumer.inPoll = false;
  forgetSubscription(consumer);
  closeNetwork(consumer.network, context);
  context.cancelTimer(`${consumer.network.prefix}:consumer`);
}

/** Gives up the subscription without a word to the coordinator. */
export function forgetSubscription(consumer: Consumer): void {
  unsubscribe(consumer.subscriptions);
  dropRevokedRecords(consumer);
}
