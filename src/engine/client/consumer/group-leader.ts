import { ensure } from '../../base/assert.ts';
import { decodeSubscription, encodeAssignment } from '../../protocol/consumer-protocol.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { partitionCount } from '../network/cluster-metadata.ts';
import { wantTopic } from '../network/metadata-refresh.ts';
import type { Consumer, GroupSubscription, MemberShare } from './consumer-state.ts';
import { requestRejoin, sendSync } from './membership.ts';
import { strategyOf, type Strategy } from './assignor/strategy.ts';

/**
 * As leader of a new generation: shares the partitions out once every subscribed topic is known (or known not to
 * exist). A foreign assignor's work is its owner's.
 */
export function maintainAssignment(consumer: Consumer, context: NodeContext): void {
  const { membership, network } = consumer;
  const { pendingMembers } = membership;
  if (membership.state !== 'assigning' || pendingMembers === null) return;
  const members = pendingMembers.map(({ memberId, groupInstanceId, metadata }): GroupSubscription => ({
    memberId,
    groupInstanceId,
    subscription: ensure(decodeSubscription(metadata), 'subscription'),
  }));
  const topics = [...new Set(members.flatMap(({ subscription }) => subscription.topics))].sort();
  for (const topic of topics) wantTopic(network, topic);
  const { metadata } = network;
  if (!topics.every((topic) => metadata.topics.has(topic) || metadata.topicErrors.has(topic))) return;
  membership.sharedCounts = new Map(topics.map((topic) => [topic, partitionCount(metadata, topic)]));
  membership.pendingMembers = null;
  const strategy = strategyOf(membership.protocolName);
  if (strategy !== undefined) finishAssignment(consumer, context, sharesBy(strategy, consumer, members));
  else consumer.notices.push(Object.freeze({ type: 'assignment-needed', members: Object.freeze(members) }));
}

function sharesBy(
  strategy: Strategy,
  { network, membership, before }: Consumer,
  members: readonly GroupSubscription[],
): MemberShare[] {
  const { metadata } = network;
  const assignment = strategy.assign(
    [...(membership.sharedCounts ?? [])].map(([name, count]) => ({
      name,
      partitionCount: count,
      racks: metadata.topics.get(name)?.racks ?? [],
    })),
    members.map(({ memberId, groupInstanceId, subscription }) => ({
      memberId,
      groupInstanceId,
      rackId: subscription.rackId,
      topics: subscription.topics,
      generationId: subscription.generationId,
      claim: strategy.claimOf(subscription),
      userData: subscription.userData,
    })),
    before,
  );
  return [...assignment].map(([memberId, byTopic]) => ({
    memberId,
    partitions: [...byTopic].map(([topic, partitions]) => ({ topic, partitions })),
    userData: null,
  }));
}

/** The leader's SyncGroup with everybody's assignment. */
export function finishAssignment(
  consumer: Consumer,
  context: NodeContext,
  shares: readonly MemberShare[],
): void {
  if (consumer.membership.state !== 'assigning') return;
  const assignments = shares.map(({ memberId, partitions, userData }) => ({
    memberId,
    assignment: encodeAssignment({ partitions, userData }),
  }));
  sendSync(consumer, context, assignments);
}

/** The leader looks whether topics got other partitions since it shared them out; any member, whether it subscribes to other topics. */
export function watchSubscription(consumer: Consumer): void {
  const { membership, network, subscriptions } = consumer;
  if (membership.state !== 'stable' || membership.rejoinNeeded) return;
  if (
    membership.joinedTopics !== subscriptions.topics &&
    membership.joinedTopics.join() !== subscriptions.topics.join()
  )
    requestRejoin(consumer);
  for (const [topic, count] of membership.sharedCounts ?? [])
    if (partitionCount(network.metadata, topic) !== count) requestRejoin(consumer);
}
