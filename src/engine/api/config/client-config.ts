import { flag, int, list, long, optionalText, text, type ConfigOf } from './config-key.ts';

const retryBackoff = {
  'retry.backoff.ms': long(100, 'How long to wait before the first retry.', { unit: 'ms', min: 0 }),
  'retry.backoff.max.ms': long(1_000, 'How long to wait at most before a retry.', { unit: 'ms', min: 0 }),
  'metadata.max.age.ms': long(300_000, 'How old metadata may get before it is fetched anew.', {
    unit: 'ms',
    min: 0,
  }),
  'reconnect.backoff.ms': long(
    50,
    'How long to wait before connecting again to a broker that did not answer.',
    { unit: 'ms', min: 0 },
  ),
  'reconnect.backoff.max.ms': long(1_000, 'How long to wait at most before connecting again.', {
    unit: 'ms',
    min: 0,
  }),
} as const;

/** Producer keys, defaults of Apache Kafka 4.x. A client reads its configuration when it starts. */
export const PRODUCER_CONFIG = {
  acks: text(
    'all',
    'Whose word counts as an acknowledgement: nobody’s (0), the leader’s (1), all replicas’ in sync (all).',
    { allowed: ['all', '-1', '0', '1'] },
  ),
  'enable.idempotence': flag(true, 'Whether the broker recognises and drops a batch that it already has.'),
  'linger.ms': long(5, 'How long a batch waits for more records.', { unit: 'ms', min: 0 }),
  'batch.size': int(16_384, 'Size at which a batch is sent without waiting.', { unit: 'bytes', min: 0 }),
  'buffer.memory': long(33_554_432, 'How much may wait in the producer.', { unit: 'bytes', min: 0 }),
  'max.block.ms': long(60_000, 'How long send() waits for space or metadata.', { unit: 'ms', min: 0 }),
  'max.request.size': int(1_048_576, 'The largest request.', { unit: 'bytes', min: 0 }),
  'max.in.flight.requests.per.connection': int(5, 'How many requests may be under way to one broker.', {
    unit: 'requests',
    min: 1,
  }),
  retries: int(2_147_483_647, 'How often a batch is sent again after a retriable error.', {
    min: 0,
    max: 2_147_483_647,
  }),
  'delivery.timeout.ms': int(120_000, 'How long a record may take from send() to its outcome.', {
    unit: 'ms',
    min: 0,
  }),
  'request.timeout.ms': int(30_000, 'How long to wait for an answer to one request.', { unit: 'ms', min: 0 }),
  'partitioner.ignore.keys': flag(false, 'Whether records are spread without regard to their key.'),
  'partitioner.adaptive.partitioning.enable': flag(
    true,
    'Whether partitions of slow brokers get fewer records without key.',
  ),
  'partitioner.availability.timeout.ms': long(
    0,
    'How long a broker may leave a batch waiting before its partitions are avoided; 0 for never.',
    { unit: 'ms', min: 0 },
  ),
  ...retryBackoff,
} as const;

/** Consumer keys of the classic protocol, defaults of Apache Kafka 4.x. */
export const CONSUMER_CONFIG = {
  'auto.offset.reset': text('latest', 'Where to begin without a committed offset.', {
    rule: 'offset-reset',
    model: { allowed: ['latest', 'earliest', 'none'] },
  }),
  'enable.auto.commit': flag(true, 'Whether positions are committed in the background.'),
  'auto.commit.interval.ms': int(5_000, 'How often positions are committed in the background.', {
    unit: 'ms',
    min: 0,
  }),
  'partition.assignment.strategy': list(
    [
      'org.apache.kafka.clients.consumer.RangeAssignor',
      'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    ],
    'How the group’s leader shares the partitions out, by the first that all members have.',
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
  'session.timeout.ms': int(45_000, 'How long a member may be silent before it is taken out of the group.', {
    unit: 'ms',
    model: { min: 1 },
  }),
  'heartbeat.interval.ms': int(3_000, 'How often a member shows that it lives.', {
    unit: 'ms',
    model: { min: 1 },
  }),
  'max.poll.interval.ms': int(
    300_000,
    'How long a member may work between two polls before it leaves the group.',
    { unit: 'ms', min: 1 },
  ),
  'max.poll.records': int(500, 'How many records one poll returns.', { unit: 'records', min: 1 }),
  'fetch.min.bytes': int(1, 'How much must be new before the broker answers a fetch early.', {
    unit: 'bytes',
    min: 0,
  }),
  'fetch.max.wait.ms': int(500, 'How long the broker may hold a fetch when there is too little.', {
    unit: 'ms',
    min: 0,
  }),
  'fetch.max.bytes': int(52_428_800, 'The most one fetch returns.', { unit: 'bytes', min: 0 }),
  'max.partition.fetch.bytes': int(1_048_576, 'The most one fetch returns of one partition.', {
    unit: 'bytes',
    min: 0,
  }),
  'isolation.level': text('read_uncommitted', 'Whether records of open and aborted transactions are read.', {
    allowed: ['read_committed', 'read_uncommitted'],
  }),
  'group.instance.id': optionalText(
    null,
    'A name that makes the member static: it may restart without a rebalance.',
    { rule: 'non-empty' },
  ),
  'request.timeout.ms': int(30_000, 'How long to wait for an answer to one request.', { unit: 'ms', min: 0 }),
  'default.api.timeout.ms': int(60_000, 'How long a blocking call such as commitSync may take.', {
    unit: 'ms',
    min: 0,
  }),
  ...retryBackoff,
} as const;

/** Kafka Streams keys, defaults of Kafka Streams 4.x. */
export const STREAMS_CONFIG = {
  'processing.guarantee': text('at_least_once', 'What a crash may do to the counts.', {
    allowed: ['at_least_once', 'exactly_once_v2'],
    model: { allowed: ['at_least_once'] },
  }),
  'commit.interval.ms': long(30_000, 'How often an instance flushes its stores and commits its offsets.', {
    unit: 'ms',
    min: 0,
  }),
  'poll.ms': long(100, 'How long one poll waits for input.', { unit: 'ms', model: { min: 0 } }),
  'max.task.idle.ms': long(0, 'How long a task waits for an empty input before it goes on without it.', {
    unit: 'ms',
    model: { min: -1 },
  }),
  'buffered.records.per.partition': int(1_000, 'How many records may wait in a task for each partition.', {
    unit: 'records',
    model: { min: 1 },
  }),
  'statestore.cache.max.bytes': long(
    10_485_760,
    'How much may be held back in caches so that only the newest value of a key goes on.',
    { unit: 'bytes', min: 0 },
  ),
  'windowstore.changelog.additional.retention.ms': long(
    86_400_000,
    'How much longer than its window’s store a changelog keeps records, by their own time.',
    { unit: 'ms', model: { min: 0 } },
  ),
  'replication.factor': int(-1, 'Copies of the internal topics; −1 for the brokers’ default.', {
    model: { min: -1 },
  }),
  'repartition.purge.interval.ms': long(30_000, 'How often read records of repartition topics are deleted.', {
    unit: 'ms',
    min: 0,
  }),
  'session.timeout.ms': int(45_000, 'How long an instance may be silent before its tasks go to others.', {
    unit: 'ms',
    model: { min: 1 },
  }),
  'heartbeat.interval.ms': int(3_000, 'How often an instance shows that it lives.', {
    unit: 'ms',
    model: { min: 1 },
  }),
  'max.poll.interval.ms': int(300_000, 'How long an instance may work between two polls.', {
    unit: 'ms',
    min: 1,
  }),
  'max.poll.records': int(1_000, 'How many records one poll returns.', { unit: 'records', min: 1 }),
} as const;

export type ProducerConfig = ConfigOf<typeof PRODUCER_CONFIG>;
export type ConsumerConfig = ConfigOf<typeof CONSUMER_CONFIG>;
export type StreamsConfig = ConfigOf<typeof STREAMS_CONFIG>;
