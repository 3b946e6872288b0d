import { isTopicOf } from '../../api/topic-pattern.ts';
import type { MetadataResponse } from '../../protocol/metadata.ts';
import { requestMetadata } from '../network/metadata-refresh.ts';
import { millis } from '../../base/time.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { Consumer } from './consumer-state.ts';
import { changeTopics, subscribe } from './subscription-state.ts';

/**
 * Reads whatever topics have a name that the pattern means, those to come too. Under the classic protocol the client looks
 * for them itself, in metadata of all topics (`subscribe(Pattern)`); under the consumer protocol the coordinator does
 * (`subscribe(SubscriptionPattern)`, KIP-848), and the client asks for the topics that it was given, by their ids.
 */
export function consumerSubscribePattern(consumer: Consumer, pattern: string): void {
  const { subscriptions, network, member } = consumer;
  subscribe(subscriptions, []);
  subscriptions.pattern = pattern;
  network.metadata.scope = member === null ? 'all' : Object.freeze([]);
  requestMetadata(network);
}

/** Metadata has come: what is wanted of it (`ConsumerCoordinator.updatePatternSubscription`). */
export function followPattern(consumer: Consumer, pattern: string, { topics }: MetadataResponse): void {
  const { subscriptions, network, member, config } = consumer;
  const { wanted } = network.metadata;
  const names = topics.flatMap(({ name, isInternal }) =>
    name !== null && isTopicOf(pattern, name) && !(isInternal && config['exclude.internal.topics'])
      ? [name]
      : [],
  );
  for (const name of names) wanted.add(name);
  if (member !== null) return;
  for (const name of subscriptions.topics) if (!names.includes(name)) wanted.delete(name);
  changeTopics(subscriptions, names);
}

/**
 * Before a member joins it looks once more which topics there are, so that one new topic does not make the group
 * rebalance once for each member that learns of it. Returns whether it knows.
 */
export function hasFreshTopics({ network, config }: Consumer, context: NodeContext): boolean {
  const { metadata, refresh } = network;
  const mayAskAgain = metadata.updatedAt + millis(config['retry.backoff.ms']);
  if (metadata.updatedAt < 0 || context.now() > mayAskAgain) requestMetadata(network);
  return !refresh.needed && !refresh.inFlight;
}
