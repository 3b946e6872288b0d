import { absent, modelled, simplified, type ModelArea } from './model-entry.ts';

export const CLIENTS: ModelArea = {
  name: 'Clients',
  version: 'Apache Kafka 4.4.0',
  entries: [
    modelled(
      'Choice of partitions: murmur2, sticky by bytes, adaptive',
      'KIP-480, KIP-794, `BuiltInPartitioner`',
    ),
    modelled(
      'Batches, linger, memory, retries, delivery time-out, splitting',
      'KIP-91, `RecordAccumulator`, `Sender`',
    ),
    modelled('Idempotent and transactional producers', 'KIP-98, KIP-360, KIP-890, `TransactionManager`'),
    modelled(
      'Positions, resets, validation after a change of leader',
      'KIP-320, `SubscriptionState`, `OffsetsRequestManager`',
    ),
    modelled(
      'Poll, prefetch, commits, group membership in both protocols',
      '`ConsumerCoordinator`, `ConsumerMembershipManager`',
    ),
    modelled(
      'Metadata, back-off, and leaders named in errors',
      'KIP-580, KIP-951, `NetworkClient`, `Metadata`',
    ),
    simplified(
      'Connections',
      'KIP-144, KIP-601, `NetworkClient`, `ClusterConnectionStates`, `Selector`',
      'A connection counts as set up with its first answer.',
    ),
    simplified(
      'The consumer’s fetches',
      'KIP-227, `AbstractFetch`',
      'After an error of a partition its broker is left alone for retry.backoff.ms. Who closes leaves its fetch sessions to be evicted.',
    ),
    modelled(
      'A choice of partitions that prefers leaders in the producer’s rack',
      'KIP-1123, `partitioner.rack.aware`',
    ),
    simplified(
      'Subscriptions by pattern: of the client itself, and of the coordinator under the consumer protocol',
      '`KafkaConsumer.subscribe(Pattern)`, `subscribe(SubscriptionPattern)`, KIP-848, `ConsumerCoordinator.updatePatternSubscription`',
      'A scenario’s expression is of a part that Java, RE2 and JavaScript read alike: no repeated groups, no counted repeats, at most three of * and +.',
    ),
    absent(
      'Compression, serializers, interceptors',
      '`KafkaProducer`',
      'Records go as they are, and keys for these are not modelled.',
    ),
    absent('Telemetry', 'KIP-714', 'No client pushes metrics.'),
    absent('TLS and SASL', '`security.protocol`', 'Connections are plain, and their keys are not modelled.'),
    simplified(
      'The time that a client’s own work takes',
      '`KafkaProducer`, `KafkaConsumer`',
      'A call of send() takes 1 µs when a tape is played as fast as possible, and records of readers and applications take what the scenario says; the rest costs no time.',
    ),
  ],
};
