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
      'Programs of producers: the rows of a tape one after another, alone or in transactions, as they come or as fast as possible',
      'KIP-98, `KafkaProducer`',
      'The rows of an aborted transaction are sent again in the next one; after a crash a program goes on at the first row whose fate it does not know.',
    ),
    simplified(
      'Programs of consumers: one thread that polls, works and commits, or one that hands what it polled to a worker',
      '`KafkaConsumer`, `max.poll.interval.ms`',
      'Every record takes the same time; the thread that hands over neither pauses partitions nor waits for the work before it commits.',
    ),
    simplified(
      'Programs that consume, and produce what they read: each round of poll() is a transaction with its offsets',
      'KIP-98, KIP-447, `KafkaProducer.sendOffsetsToTransaction`',
      'Every record is written with the same key and value, and the member’s machine is its transactional.id. Who leaves enable.auto.commit on commits beside the transactions too.',
    ),
    simplified(
      'Programs of share consumers: records accepted, released, rejected, slow, and locks that are renewed',
      'KIP-932, KIP-1222, `KafkaShareConsumer`',
      'A record’s offset decides what becomes of it, as the scenario says.',
    ),
    simplified(
      'The time that a client’s own work takes',
      '`KafkaProducer`, `KafkaConsumer`',
      'A call of send() takes 1 µs when a tape is played as fast as possible, and records of readers and applications take what the scenario says; the rest costs no time.',
    ),
  ],
};
