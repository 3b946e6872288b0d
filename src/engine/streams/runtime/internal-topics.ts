import type { StreamsConfig } from '../../api/config/client-config.ts';
import { configText, LONG_MAX, type ConfigOverrides } from '../../api/config/config-key.ts';
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

/** `RepartitionTopicConfig`: small segments, kept until the application itself purges them. */
const REPARTITION_CONFIGS: ConfigOverrides = {
  'cleanup.policy': 'delete',
  'message.timestamp.type': 'CreateTime',
  'retention.ms': '-1',
  'segment.bytes': '52428800',
};

/**
 * The configuration of a changelog (`UnwindowedUnversionedChangelogTopicConfig`, `WindowedChangelogTopicConfig`,
 * `VersionedChangelogTopicConfig`).
 */
function changelogConfigs(store: StoreDefinition, additionalMs: number): ConfigOverrides {
  const { kind, retention, historyRetention } = store;
  const common = { 'message.timestamp.type': 'CreateTime' };
  if (kind === 'window' || kind === 'timestampedWindow' || kind === 'session')
    return { ...common, 'cleanup.policy': 'compact,delete', 'retention.ms': sum(retention, additionalMs) };
  const compacted = { ...common, 'cleanup.policy': 'compact' };
  return kind === 'versioned'
    ? { ...compacted, 'min.compaction.lag.ms': sum(historyRetention, additionalMs) }
    : compacted;
}

const sum = (a: number, b: number): string => configText(Math.min(a + b, LONG_MAX));

type InternalTopicSettings = Pick<
  StreamsConfig,
  'replication.factor' | 'windowstore.changelog.additional.retention.ms'
>;

/** All repartition and changelog topics, ascending by name (`InternalTopicManager`). */
export function internalTopics(
  topology: BuiltTopology,
  counts: PartitionCounts,
  settings: InternalTopicSettings,
): InternalTopic[] {
  const replicationFactor = settings['replication.factor'];
  const additionalMs = settings['windowstore.changelog.additional.retention.ms'];
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
          configs: changelogConfigs(store, additionalMs),
        });
  return topics.sort((a, b) => (a.name < b.name ? -1 : 1));
}
