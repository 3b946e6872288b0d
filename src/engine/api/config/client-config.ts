import { className, flag, int, list, long, optionalText, text, type ConfigOf } from './config-key.ts';

const connections = {
  'retry.backoff.ms': long(100, { unit: 'ms', min: 0 }),
  'retry.backoff.max.ms': long(1_000, { unit: 'ms', min: 0 }),
  'metadata.max.age.ms': long(300_000, {
    unit: 'ms',
    min: 0,
  }),
  'reconnect.backoff.ms': long(50, { unit: 'ms', min: 0 }),
  'reconnect.backoff.max.ms': long(1_000, {
    unit: 'ms',
    min: 0,
  }),
  'socket.connection.setup.timeout.ms': long(10_000, { unit: 'ms', model: { min: 0 } }),
  'socket.connection.setup.timeout.max.ms': long(30_000, { unit: 'ms', model: { min: 0 } }),
  'connections.max.idle.ms': long(540_000, { unit: 'ms' }),
} as const;

/** Producer keys, defaults of Apache Kafka 4.x. A client reads its configuration when it starts. */
export const PRODUCER_CONFIG = {
  acks: text('all', { allowed: ['all', '-1', '0', '1'] }),
  'enable.idempotence': flag(true),
  'linger.ms': long(5, { unit: 'ms', min: 0 }),
  'batch.size': int(16_384, { unit: 'bytes', min: 0 }),
  'buffer.memory': long(33_554_432, { unit: 'bytes', min: 0 }),
  'max.block.ms': long(60_000, { unit: 'ms', min: 0 }),
  'max.request.size': int(1_048_576, { unit: 'bytes', min: 0 }),
  'max.in.flight.requests.per.connection': int(5, {
    unit: 'requests',
    min: 1,
  }),
  retries: int(2_147_483_647, {
    min: 0,
    max: 2_147_483_647,
  }),
  'delivery.timeout.ms': int(120_000, {
    unit: 'ms',
    min: 0,
  }),
  'request.timeout.ms': int(30_000, { unit: 'ms', min: 0 }),
  'transactional.id': optionalText(null, { rule: 'non-empty' }),
  'transaction.timeout.ms': int(60_000, { unit: 'ms', model: { min: 1 } }),
  'partitioner.ignore.keys': flag(false),
  'partitioner.adaptive.partitioning.enable': flag(true),
  'partitioner.availability.timeout.ms': long(0, { unit: 'ms', min: 0 }),
  'partitioner.rack.aware': flag(false),
  'client.rack': text(''),
  ...connections,
} as const;

/** Consumer keys, defaults of Apache Kafka 4.x. */
export const CONSUMER_CONFIG = {
  'auto.offset.reset': text('latest', { rule: 'offset-reset' }),
  'enable.auto.commit': flag(true),
  'auto.commit.interval.ms': int(5_000, {
    unit: 'ms',
    min: 0,
  }),
  'group.protocol': text('classic', { allowed: ['CONSUMER', 'CLASSIC'], rule: 'any-case' }),
  'group.remote.assignor': optionalText(null, { model: { allowed: ['uniform', 'range'] } }),
  'partition.assignment.strategy': list(
    [
      'org.apache.kafka.clients.consumer.RangeAssignor',
      'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    ],
    {
      model: {
        min: 1,
        allowed: [
          'org.apache.kafka.clients.consumer.RangeAssignor',
          'org.apache.kafka.clients.consumer.RoundRobinAssignor',
          'org.apache.kafka.clients.consumer.StickyAssignor',
          'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
        ],
      },
    },
  ),
  'session.timeout.ms': int(45_000, {
    unit: 'ms',
    model: { min: 1 },
  }),
  'heartbeat.interval.ms': int(3_000, {
    unit: 'ms',
    model: { min: 1 },
  }),
  'max.poll.interval.ms': int(300_000, { unit: 'ms', min: 1 }),
  'max.poll.records': int(500, { unit: 'records', min: 1 }),
  'client.rack': text(''),
  'fetch.min.bytes': int(1, {
    unit: 'bytes',
    min: 0,
  }),
  'fetch.max.wait.ms': int(500, {
    unit: 'ms',
    min: 0,
  }),
  'fetch.max.bytes': int(52_428_800, { unit: 'bytes', min: 0 }),
  'max.partition.fetch.bytes': int(1_048_576, {
    unit: 'bytes',
    min: 0,
  }),
  'isolation.level': text('read_uncommitted', {
    allowed: ['read_committed', 'read_uncommitted'],
  }),
  'allow.auto.create.topics': flag(true),
  'exclude.internal.topics': flag(true),
  'group.instance.id': optionalText(null, { rule: 'non-empty' }),
  'request.timeout.ms': int(30_000, { unit: 'ms', min: 0 }),
  'default.api.timeout.ms': int(60_000, {
    unit: 'ms',
    min: 0,
  }),
  ...connections,
} as const;

/** Classes of one package, by the ends of their names; the first is the default. */
function classes(prefix: string, first: string, ...others: readonly string[]) {
  return className(prefix + first, { model: { allowed: [first, ...others].map((end) => prefix + end) } });
}

/** Kafka Streams keys, defaults of Kafka Streams 4.x. */
export const STREAMS_CONFIG = {
  'processing.guarantee': text('at_least_once', {
    allowed: ['at_least_once', 'exactly_once_v2'],
  }),
  'commit.interval.ms': long(30_000, {
    unit: 'ms',
    min: 0,
  }),
  'poll.ms': long(100, { unit: 'ms', model: { min: 0 } }),
  'max.task.idle.ms': long(0, {
    unit: 'ms',
    model: { min: -1 },
  }),
  'buffered.records.per.partition': int(1_000, {
    unit: 'records',
    model: { min: 1 },
  }),
  'statestore.cache.max.bytes': long(10_485_760, { unit: 'bytes', min: 0 }),
  'num.stream.threads': int(1, { model: { min: 1, max: 8 } }),
  'num.standby.replicas': int(0, { model: { min: 0 } }),
  'acceptable.recovery.lag': long(10_000, { unit: 'records', min: 0 }),
  'max.warmup.replicas': int(2, { min: 1 }),
  'probing.rebalance.interval.ms': long(600_000, { unit: 'ms', min: 60_000 }),
  'windowstore.changelog.additional.retention.ms': long(86_400_000, { unit: 'ms', model: { min: 0 } }),
  'replication.factor': int(-1, {
    model: { min: -1 },
  }),
  'repartition.purge.interval.ms': long(30_000, {
    unit: 'ms',
    min: 0,
  }),
  'default.timestamp.extractor': classes(
    'org.apache.kafka.streams.processor.',
    'FailOnInvalidTimestamp',
    'LogAndSkipOnInvalidTimestamp',
    'UsePartitionTimeOnInvalidTimestamp',
    'WallclockTimestampExtractor',
  ),
  'deserialization.exception.handler': classes(
    'org.apache.kafka.streams.errors.LogAnd',
    'FailExceptionHandler',
    'ContinueExceptionHandler',
  ),
  'processing.exception.handler': classes(
    'org.apache.kafka.streams.errors.LogAnd',
    'FailProcessingExceptionHandler',
    'ContinueProcessingExceptionHandler',
  ),
  'errors.dead.letter.queue.topic.name': optionalText(null),
  'topology.optimization': text('none', { rule: 'optimizations' }),
  'ensure.explicit.internal.resource.naming': flag(false),
  'dsl.store.suppliers.class': classes(
    'org.apache.kafka.streams.state.BuiltInDslStoreSuppliers$',
    'RocksDBDslStoreSuppliers',
    'InMemoryDslStoreSuppliers',
  ),
  'group.instance.id': optionalText(null, { rule: 'non-empty' }),
  'session.timeout.ms': int(45_000, {
    unit: 'ms',
    model: { min: 1 },
  }),
  'heartbeat.interval.ms': int(3_000, {
    unit: 'ms',
    model: { min: 1 },
  }),
  'max.poll.interval.ms': int(300_000, {
    unit: 'ms',
    min: 1,
  }),
  'max.poll.records': int(1_000, { unit: 'records', min: 1 }),
} as const;

export type ProducerConfig = ConfigOf<typeof PRODUCER_CONFIG>;
export type ConsumerConfig = ConfigOf<typeof CONSUMER_CONFIG>;
export type StreamsConfig = ConfigOf<typeof STREAMS_CONFIG>;
