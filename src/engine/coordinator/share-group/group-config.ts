import type { BrokerConfig } from '../../api/config/broker-config.ts';

type Bounded =
  'session.timeout.ms' | 'heartbeat.interval.ms' | 'assignment.interval.ms' | 'record.lock.duration.ms';

/** A value of share groups within the bounds that the broker sets for it, in ms. */
export const clampedForShares = (config: BrokerConfig, key: Bounded): number =>
  Math.min(
    Math.max(config[`group.share.${key}`], config[`group.share.min.${key}`]),
    config[`group.share.max.${key}`],
  );
