import { millis } from '../../base/time.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { beginCommit, consumedPositions } from './commits.ts';
import type { Consumer } from './consumer-state.ts';
import { isCooperative } from './assignor/strategy.ts';
import { ensureCoordinator } from './find-coordinator.ts';
import { maintainAssignment, watchSubscription } from './group-leader.ts';
import { endRevocation, isOut, maintainAssigned, sendJoin } from './membership.ts';
import { markRevoked, ownedPartitions, revoke } from './ownership.ts';
import { hasFreshTopics } from './pattern.ts';
import { wantsTopics } from './subscription-state.ts';
import { isDue } from './wake.ts';

/**
 * What poll() does for the group (`ConsumerCoordinator.poll`): when a rebalance is due, commits the positions if that is
 * automatic, has the owner give up its partitions unless the assignors are cooperative, and joins again.
 */
export function maintainMembership(consumer: Consumer, context: NodeContext): void {
  const { membership, subscriptions } = consumer;
  if (!wantsTopics(subscriptions)) return;
  watchSubscription(consumer);
  maintainAssignment(consumer, context);
  maintainAssigned(consumer, context);
  if (membership.state !== 'unjoined' && membership.state !== 'stable') return;
  if (membership.state === 'stable' && !membership.rejoinNeeded) return;
  if (!ensureCoordinator(consumer, context)) return;
  if (subscriptions.pattern !== null && !hasFreshTopics(consumer, context)) return;
  if (membership.preparation === 'needed') beginPreparation(consumer, context);
  if (membership.preparation === 'committing') awaitCommit(consumer, context);
  if (membership.preparation === 'done') sendJoin(consumer, context);
}

function beginPreparation(consumer: Consumer, context: NodeContext): void {
  const { membership, config } = consumer;
  const offsets = consumedPositions(consumer);
  if (!isCooperative(consumer.assignors)) markRevoked(consumer, ownedPartitions(consumer));
  if (config['enable.auto.commit'] && membership.generationId >= 0 && offsets.length > 0) {
    membership.preparation = 'committing';
    membership.prepareDeadline = context.now() + millis(config['max.poll.interval.ms']);
    membership.prepareToken = beginCommit(consumer, context, 'sync', offsets);
  } else beginRevocation(consumer, context);
}

function awaitCommit(consumer: Consumer, context: NodeContext): void {
  const { membership } = consumer;
  const open = consumer.commits.some(({ token }) => token === membership.prepareToken);
  if (open && !isDue(consumer, context, membership.prepareDeadline)) return;
  beginRevocation(consumer, context);
}

function beginRevocation(consumer: Consumer, context: NodeContext): void {
  const { membership, subscriptions, assignors } = consumer;
  const lost = isOut(membership);
  const keeps = !lost && isCooperative(assignors);
  const partitions = ownedPartitions(consumer).filter(
    ({ topic }) => !keeps || !subscriptions.topics.includes(topic),
  );
  membership.preparation = 'revoking';
  if (partitions.length === 0) endRevocation(consumer, context);
  else revoke(consumer, context, { partitions, lost });
}
