import { TOPIC_CONFIG } from '../api/config/topic-config.ts';
import { topicValue, type BrokerOverrides } from '../api/config/topic-values.ts';
import { ensure } from '../base/assert.ts';
import { brokerOverrides, topicOverrides } from '../metadata/metadata-image.ts';
import type { Cluster } from './controller-state.ts';

/** What is set for a topic's keys above the topic itself. */
export const overridesOf = ({ image, overrides }: Cluster): BrokerOverrides => ({
  forAll: brokerOverrides(image, null),
  forThis: {},
  inFile: overrides,
});

/** The value that holds for a topic, as text. */
function effectiveValue(cluster: Cluster, topic: string, key: keyof typeof TOPIC_CONFIG): string {
  const own = topicOverrides(cluster.image, topic);
  return topicValue(overridesOf(cluster), own, key, TOPIC_CONFIG[key]).value;
}

/** `min.insync.replicas` of a topic, at most its replication factor. */
export function effectiveMinIsr(cluster: Cluster, topic: string): number {
  const first = ensure(cluster.image.topics.get(topic)?.partitions[0], `partition 0 of ${topic}`);
  return Math.min(Number(effectiveValue(cluster, topic, 'min.insync.replicas')), first.replicas.length);
}

export const uncleanElectionEnabled = (cluster: Cluster, topic: string): boolean =>
  effectiveValue(cluster, topic, 'unclean.leader.election.enable') === 'true';
