import { configText } from '../api/config/config-key.ts';
import { TOPIC_CONFIG_BROKER_KEYS, type TopicConfig } from '../api/config/topic-config.ts';
import { ensure } from '../base/assert.ts';
import { brokerOverrides, topicOverrides, type ConfigEntries } from '../metadata/metadata-image.ts';
import type { Cluster } from './controller-state.ts';

export type TopicKey = keyof TopicConfig;

/** Where a value comes from (`DescribeConfigsResponse.ConfigSource`). */
export const CONFIG_SOURCE = {
  DYNAMIC_TOPIC: 1,
  DYNAMIC_DEFAULT_BROKER: 3,
  STATIC_BROKER: 4,
  DEFAULT: 5,
} as const;

export interface EffectiveValue {
  readonly value: string;
  readonly source: number;
}

/** The value that holds for a topic with these overrides, as text: its own, else the cluster's, else the default. */
export function effectiveTopicValue(
  cluster: Cluster,
  overrides: ConfigEntries,
  key: TopicKey,
): EffectiveValue {
  const own = overrides[key];
  if (own !== undefined) return { value: own, source: CONFIG_SOURCE.DYNAMIC_TOPIC };
  const brokerKey = TOPIC_CONFIG_BROKER_KEYS[key];
  const forAll = brokerOverrides(cluster.image, null)[brokerKey];
  if (forAll !== undefined) return { value: forAll, source: CONFIG_SOURCE.DYNAMIC_DEFAULT_BROKER };
  const isSet = Object.hasOwn(cluster.overrides, brokerKey);
  return {
    value: configText(cluster.config[brokerKey]),
    source: isSet ? CONFIG_SOURCE.STATIC_BROKER : CONFIG_SOURCE.DEFAULT,
  };
}

/** `min.insync.replicas` of a topic, at most its replication factor. */
export function effectiveMinIsr(cluster: Cluster, topic: string): number {
  const first = ensure(cluster.image.topics.get(topic)?.partitions[0], `partition 0 of ${topic}`);
  const { value } = effectiveTopicValue(cluster, topicOverrides(cluster.image, topic), 'min.insync.replicas');
  return Math.min(Number(value), first.replicas.length);
}

export function uncleanElectionEnabled(cluster: Cluster, topic: string): boolean {
  const overrides = topicOverrides(cluster.image, topic);
  return effectiveTopicValue(cluster, overrides, 'unclean.leader.election.enable').value === 'true';
}
