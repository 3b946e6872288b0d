import type { NodeContext } from '../../sim/node-context.ts';
import type { Consumer, ConsumerRequest } from './consumer-state.ts';
import { sendToCoordinator } from './coordinator-link.ts';
import { dropRevokedRecords } from './fetched-records.ts';
import { loseGeneration } from './membership.ts';
import { abandon } from './ownership.ts';
import { unsubscribe } from './subscription-state.ts';

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

/** Gives up all that it owns and leaves; the next poll joins anew (`unsubscribe()`, then `subscribe()`). */
export function leaveAndSubscribe(consumer: Consumer, context: NodeContext): void {
  abandon(consumer, context);
  leaveGroup(consumer, context, 'the consumer unsubscribed from all topics');
  consumer.membership.preparation = 'needed';
}

/** Gives up the subscription without a word to the coordinator. */
export function forgetSubscription(consumer: Consumer): void {
  unsubscribe(consumer.subscriptions);
  dropRevokedRecords(consumer);
}
