import { STREAMS_CONFIG } from '../../api/config/client-config.ts';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { BuiltTopology } from '../topology/build-topology.ts';
import { taskCount, type PartitionCounts } from './partition-counts.ts';

/** A topic that the application makes for itself. */
export interface InternalTopic {
  readonly name: string;
  readonly partitions: number;
  /** −1: the brokers' default. */
  readonly replicationFactor: number;
  readonly configs: ConfigOverrides;
}

/** `windowstore.changelog.additional.retention.ms`, Kafka's default. */
const ADDITIONAL_RETENTION_MS = 86_400_000;

/** `RepartitionTopicConfig`: small segments, kept until the application itself purges them. */
const REPARTITION_CONFIGS: ConfigOverrides = {
  'cleanup.policy': 'delete',
  'message.timestamp.type': 'CreateTime',
  'retention.ms': '-1',
  'segment.bytes': '52428800',
};

/**
 * The configuration of a changelog (`UnwindowedUnversionedChangelogTopicConfig`, `WindowedChangelogTopicConfig`). That
 * of a versioned store also has `min.compaction.lag.ms` in Kafka; this model's topics do not know the key.
 */
function changelogConfigs({ kind, retention }: StoreDefinition): ConfigOverrides {
  const common = { 'message.timestamp.type': 'CreateTime' };
  if (kind !== 'window' && kind !== 'timestampedWindow' && kind !== 'session')
    return { ...common, 'cleanup.policy': 'compact' };
  const keep = Math.min(retention + ADDITIONAL_RETENTION_MS, Number.MAX_SAFE_INTEGER);
  return { ...common, 'cleanup.policy': 'compact,delete', 'retention.ms': String(keep) };
}

/** All repartition and changelog topics, ascending by name (`InternalTopicManager`). */
export function internalTopics(
  topology: BuiltTopology,
  counts: PartitionCounts,
  replicationFactor = STREAMS_CONFIG['replication.factor'].default,
): InternalTopic[] {
  const topics = topology.repartitionTopics.map(({ name }) => ({
    name,
    partitions: counts.get(name) ?? 0,
    replicationFactor,
    configs: REPARTITION_CONFIGS,
  }));
  for (const { sourceTopics, stores, changelogOf } of topology.subTopologies)
    for (const store of stores)
      if (store.logging)
        topics.push({
          name: changelogOf(store.name),
          partitions: taskCount(sourceTopics, counts),
          replicationFactor,
          configs: changelogConfigs(store),
        });
  return topics.sort((a, b) => (a.name < b.name ? -1 : 1));
}
