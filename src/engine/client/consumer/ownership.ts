import type { Bytes } from '../../base/bytes.ts';
import { millis } from '../../base/time.ts';
import { topicPartition } from '../../api/ids.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { wantTopic } from '../network/metadata-refresh.ts';
import type { Consumer } from './consumer-state.ts';
import { dropRevokedRecords } from './fetched-records.ts';
import { assignFromSubscribed, type TopicPartition } from './subscription-state.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

const namesOf = (partitions: readonly TopicPartition[]): string[] =>
  partitions.map(({ topic, partition }) => topicPartition(topic, partition));

export const ownedPartitions = ({ subscriptions }: Consumer): TopicPartition[] =>
  [...subscriptions.assigned.values()].map(({ topic, partition }) => ({ topic, partition }));

/** Those of `partitions` that are not among `others`. */
export function without(
  partitions: readonly TopicPartition[],
  others: readonly TopicPartition[],
): TopicPartition[] {
  const names = new Set(namesOf(others));
  return partitions.filter(({ topic, partition }) => !names.has(topicPartition(topic, partition)));
}

/** These are not read any more, and nothing of them is returned. */
export function markRevoked(consumer: Consumer, partitions: readonly TopicPartition[]): void {
  for (const name of namesOf(partitions)) {
    const assigned = consumer.subscriptions.assigned.get(name);
    if (assigned !== undefined) assigned.pendingRevocation = true;
  }
}

/** Takes partitions away from the owner and tells it (`onPartitionsRevoked`, `onPartitionsLost`). */
export function revoke(
  consumer: Consumer,
  context: NodeContext,
  { partitions, lost }: { readonly partitions: readonly TopicPartition[]; readonly lost: boolean },
): void {
  markRevoked(consumer, partitions);
  if (partitions.length > 0) {
    const group = consumer.groupId;
    tell(context, { type: 'partitions-revoked', group, partitions: namesOf(partitions), lost });
  }
  consumer.notices.push(
    Object.freeze({ type: 'partitions-revoked', partitions: Object.freeze(partitions), lost }),
  );
}

/** All is gone: the owner knows, and what it has not been told yet does not count any more. */
export function abandon(consumer: Consumer, context: NodeContext): void {
  const { groupId: group, membership } = consumer;
  const partitions = namesOf(ownedPartitions(consumer));
  const lost = membership.generationId < 0 || membership.memberId === '';
  if (partitions.length > 0) tell(context, { type: 'partitions-revoked', group, partitions, lost });
  assignFromSubscribed(consumer.subscriptions, []);
  dropRevokedRecords(consumer);
  consumer.notices = consumer.notices.filter(
    ({ type }) => type !== 'partitions-revoked' && type !== 'partitions-assigned',
  );
}

/** What was taken away is gone. */
export function dropRevoked(consumer: Consumer): void {
  const { subscriptions } = consumer;
  const kept = [...subscriptions.assigned.values()].filter(({ pendingRevocation }) => !pendingRevocation);
  if (subscriptions.type === 'topics') assignFromSubscribed(subscriptions, kept);
  dropRevokedRecords(consumer);
}

/** Takes over what the group assigned, and tells the owner what is new of it (`onPartitionsAssigned`). */
export function takeOver(
  consumer: Consumer,
  context: NodeContext,
  {
    partitions,
    userData,
  }: { readonly partitions: readonly TopicPartition[]; readonly userData: Bytes | null },
): void {
  const { subscriptions, config, groupId: group } = consumer;
  const added = Object.freeze(without(partitions, ownedPartitions(consumer)));
  assignFromSubscribed(subscriptions, partitions);
  for (const { topic } of partitions) wantTopic(consumer.network, topic);
  consumer.nextAutoCommitAt = context.now() + millis(config['auto.commit.interval.ms']);
  if (added.length > 0 || partitions.length === 0)
    tell(context, { type: 'partitions-assigned', group, partitions: namesOf(added) });
  consumer.notices.push(Object.freeze({ type: 'partitions-assigned', partitions: added, userData }));
}
