import type { BrokerConfig } from '../../api/config/broker-config.ts';

type Bounded = 'session.timeout.ms' | 'heartbeat.interval.ms' | 'assignment.interval.ms';

/** A value of the consumer protocol within the bounds that the broker sets for it, in ms. */
export const clamped = (config: BrokerConfig, key: Bounded): number =>
  Math.min(
    Math.max(config[`group.consumer.${key}`], config[`group.consumer.min.${key}`]),
    config[`group.consumer.max.${key}`],
  );
