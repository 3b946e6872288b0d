import { flag, int, text, type ConfigOf } from './config-key.ts';

const interval = (byDefault: number, min: number) => int(byDefault, { unit: 'ms', min, update: 'dynamic' });

/** Keys of groups (KIP-848, KIP-932), all dynamic. Where a group does not set one, its broker-level twin holds. */
export const GROUP_CONFIG = {
  'consumer.session.timeout.ms': interval(45_000, 1),
  'consumer.heartbeat.interval.ms': interval(5_000, 1),
  'consumer.assignment.interval.ms': interval(1_000, 0),
  'share.session.timeout.ms': interval(45_000, 1),
  'share.heartbeat.interval.ms': interval(5_000, 1),
  'share.assignment.interval.ms': interval(1_000, 0),
  'share.record.lock.duration.ms': interval(30_000, 1_000),
  'share.delivery.count.limit': int(5, { min: 2, update: 'dynamic' }),
  'share.partition.max.record.locks': int(2_000, { unit: 'records', min: 100, update: 'dynamic' }),
  'share.auto.offset.reset': text('latest', { rule: 'share-offset-reset', update: 'dynamic' }),
  'share.isolation.level': text('read_uncommitted', {
    allowed: ['read_committed', 'read_uncommitted'],
    update: 'dynamic',
  }),
  'share.renew.acknowledge.enable': flag(true, { update: 'dynamic' }),
} as const;

export type GroupConfig = ConfigOf<typeof GROUP_CONFIG>;

/** Keys of the consumer protocol and of share groups, whose bounds the broker sets; without `consumer.` or `share.`. */
export const OF_BOTH = ['session.timeout.ms', 'heartbeat.interval.ms', 'assignment.interval.ms'] as const;

/** Further keys of share groups, whose bounds the broker sets. */
export const OF_SHARES = [
  'record.lock.duration.ms',
  'delivery.count.limit',
  'partition.max.record.locks',
] as const;
