import type { NodeContext } from '../../sim/node-context.ts';
import { closeNetwork } from '../network/network-client.ts';
import type { Consumer } from './consumer-state.ts';
import { hasLostGroup, leaveForGood } from './group-protocol.ts';
import { forgetSubscription } from './leaving.ts';
import { ownedPartitions, revoke } from './ownership.ts';

/** Returns whether the consumer is closed now. */
export function maintainClosing(consumer: Consumer, context: NodeContext): boolean {
  if (consumer.closing === 'committing' && consumer.commits.length === 0) {
    if (consumer.subscriptions.type === 'topics' && consumer.subscriptions.assigned.size > 0)
      revoke(consumer, context, { partitions: ownedPartitions(consumer), lost: hasLostGroup(consumer) });
    consumer.closing = leaveForGood(consumer, context) ? 'leaving' : 'left';
  }
  if (consumer.closing === 'leaving' && consumer.coordinator.broker < 0) consumer.closing = 'left';
  if (consumer.closing !== 'left') return false;
  consumer.closing = 'done';
  forgetSubscription(consumer);
  closeNetwork(consumer.network, context);
  context.cancelTimer(`${consumer.network.prefix}:consumer`);
  consumer.notices.push({ type: 'closed' });
  return true;
}
