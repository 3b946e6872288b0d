import { assert } from '../../base/assert.ts';
import { producerConfig, streamsInstanceConfig } from '../../api/config/client-checks.ts';
import { parseConfig, type ConfigOverrides } from '../../api/config/config-key.ts';
import {
  CONSUMER_CONFIG,
  type ConsumerConfig,
  type ProducerConfig,
  type StreamsConfig,
} from '../../api/config/client-config.ts';
import type { Before } from '../../api/improvements.ts';
import type { ApplicationSpec, TopologyNode } from '../../api/scenario.ts';
import type { Bootstrap } from '../../client/programs/bootstrap.ts';

/** What a node that runs one instance of an application is started with. Frozen. */
export interface StreamsInstanceConfig {
  readonly applicationId: string;
  /** From 1. */
  readonly instance: number;
  readonly bootstrap: Bootstrap;
  /** Checked before by the topology builder. */
  readonly topology: readonly TopologyNode[];
  /** Simulated work for one record, in µs. */
  readonly workMicros: number;
  /** Overrides of Kafka Streams' configuration, checked before. */
  readonly overrides: ConfigOverrides;
  /** What follows when its thread ends by an error; left out: it shuts down. */
  readonly onUncaughtException?: ApplicationSpec['onUncaughtException'];
  /** Improvements that its consumers are without. */
  readonly before?: Before;
}

const written = (value: number): string => String(value);

function parsed<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string },
): T {
  assert(result.ok, 'an application was given a configuration that nobody checked', { result });
  return result.value;
}

export const streamsSettings = (overrides: ConfigOverrides): StreamsConfig =>
  parsed(streamsInstanceConfig(overrides));

const isolation = (streams: StreamsConfig) => ({
  'isolation.level':
    streams['processing.guarantee'] === 'exactly_once_v2' ? 'read_committed' : 'read_uncommitted',
});

/** The consumer of input topics: where Streams' own defaults differ from the consumer's, they win. */
export const mainConsumerConfig = (streams: StreamsConfig, thread: number): ConsumerConfig =>
  parsed(
    parseConfig(CONSUMER_CONFIG, {
      'auto.offset.reset': 'earliest',
      'enable.auto.commit': 'false',
      'allow.auto.create.topics': 'false',
      ...isolation(streams),
      'max.poll.records': written(streams['max.poll.records']),
      'max.poll.interval.ms': written(streams['max.poll.interval.ms']),
      'session.timeout.ms': written(streams['session.timeout.ms']),
      'heartbeat.interval.ms': written(streams['heartbeat.interval.ms']),
      ...(streams['group.instance.id'] !== null && {
        // Each thread is a member of its own (`StreamsConfig.getMainConsumerConfigs`).
        'group.instance.id': `${streams['group.instance.id']}-${thread}`,
      }),
    }),
  );

/** The consumer of changelogs, outside of any group. */
export const restoreConsumerConfig = (streams: StreamsConfig): ConsumerConfig =>
  parsed(
    parseConfig(CONSUMER_CONFIG, {
      'auto.offset.reset': 'none',
      'enable.auto.commit': 'false',
      'allow.auto.create.topics': 'false',
      ...isolation(streams),
      'max.poll.records': written(streams['max.poll.records']),
    }),
  );

/** The thread's producer. In transactions nothing expires but the transaction as a whole (`PRODUCER_EOS_OVERRIDES`). */
export const embeddedProducerConfig = (streams: StreamsConfig): ProducerConfig =>
  parsed(
    producerConfig({
      'linger.ms': '100',
      ...(streams['processing.guarantee'] === 'exactly_once_v2' && { 'delivery.timeout.ms': '2147483647' }),
    }),
  );
