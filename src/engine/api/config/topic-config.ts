import type { BrokerConfig } from './broker-config.ts';
import { double, flag, int, list, long, LONG_MAX, text, type ConfigOf } from './config-key.ts';

/** Topic-level keys, all dynamic. Where a topic does not set one, its broker-level twin holds. */
export const TOPIC_CONFIG = {
  'min.insync.replicas': int(1, { min: 1, update: 'dynamic' }),
  'unclean.leader.election.enable': flag(false, { update: 'dynamic' }),
  'cleanup.policy': list(['delete'], { allowed: ['compact', 'delete'], update: 'dynamic' }),
  'min.cleanable.dirty.ratio': double(0.5, { min: 0, max: 1, update: 'dynamic' }),
  'min.compaction.lag.ms': long(0, {
    unit: 'ms',
    min: 0,
    update: 'dynamic',
  }),
  'max.compaction.lag.ms': long(LONG_MAX, {
    unit: 'ms',
    min: 1,
    update: 'dynamic',
  }),
  'delete.retention.ms': long(86_400_000, { unit: 'ms', min: 0, update: 'dynamic' }),
  'retention.ms': long(604_800_000, {
    unit: 'ms',
    min: -1,
    update: 'dynamic',
  }),
  'retention.bytes': long(-1, {
    unit: 'bytes',
    model: { min: -1 },
    update: 'dynamic',
  }),
  'segment.bytes': int(1_073_741_824, {
    unit: 'bytes',
    min: 1_048_576,
    update: 'dynamic',
  }),
  'segment.ms': long(604_800_000, {
    unit: 'ms',
    min: 1,
    update: 'dynamic',
  }),
  'max.message.bytes': int(1_048_588, {
    unit: 'bytes',
    min: 0,
    update: 'dynamic',
  }),
  'compression.type': text('producer', {
    allowed: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    update: 'dynamic',
  }),
  'message.timestamp.type': text('CreateTime', {
    allowed: ['CreateTime', 'LogAppendTime'],
    update: 'dynamic',
  }),
  'message.timestamp.after.max.ms': long(3_600_000, { unit: 'ms', min: 0, update: 'dynamic' }),
  'message.timestamp.before.max.ms': long(LONG_MAX, { unit: 'ms', min: 0, update: 'dynamic' }),
  'leader.replication.throttled.replicas': list([], { rule: 'throttled-replicas', update: 'dynamic' }),
  'follower.replication.throttled.replicas': list([], { rule: 'throttled-replicas', update: 'dynamic' }),
} as const;

export type TopicConfig = ConfigOf<typeof TOPIC_CONFIG>;

/** Broker keys that hold where a topic does not set its own (`ServerTopicConfigSynonyms`). */
export const TOPIC_CONFIG_BROKER_KEYS: Readonly<Partial<Record<keyof TopicConfig, keyof BrokerConfig>>> = {
  'min.insync.replicas': 'min.insync.replicas',
  'unclean.leader.election.enable': 'unclean.leader.election.enable',
  'cleanup.policy': 'log.cleanup.policy',
  'min.cleanable.dirty.ratio': 'log.cleaner.min.cleanable.ratio',
  'min.compaction.lag.ms': 'log.cleaner.min.compaction.lag.ms',
  'max.compaction.lag.ms': 'log.cleaner.max.compaction.lag.ms',
  'delete.retention.ms': 'log.cleaner.delete.retention.ms',
  'retention.ms': 'log.retention.ms',
  'retention.bytes': 'log.retention.bytes',
  'segment.ms': 'log.roll.ms',
  'message.timestamp.after.max.ms': 'log.message.timestamp.after.max.ms',
  'message.timestamp.before.max.ms': 'log.message.timestamp.before.max.ms',
  'segment.bytes': 'log.segment.bytes',
  'max.message.bytes': 'message.max.bytes',
  'compression.type': 'compression.type',
  'message.timestamp.type': 'log.message.timestamp.type',
};
