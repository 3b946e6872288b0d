import { double, flag, int, list, long, LONG_MAX, short, text, type ConfigOf } from './config-key.ts';

/** Keys of server.properties that brokers and controllers honour. Defaults of Apache Kafka 4.x. */
export const BROKER_CONFIG = {
  'broker.heartbeat.interval.ms': int(2_000, 'How often a broker tells the controller that it lives.', {
    unit: 'ms',
    model: { min: 1 },
  }),
  'broker.session.timeout.ms': int(
    9_000,
    'How long the controller waits for a heartbeat before it fences a broker and moves its leaders.',
    { unit: 'ms', model: { min: 1 } },
  ),
  'controlled.shutdown.enable': flag(true, 'On an orderly stop, leaders move away before the broker goes.'),
  'replica.lag.time.max.ms': long(
    30_000,
    'How long a follower may not have caught up before the leader takes it out of the ISR.',
    { unit: 'ms', model: { min: 1 } },
  ),
  'replica.fetch.wait.max.ms': int(
    500,
    'How long the leader may hold a follower’s fetch when there is nothing new.',
    { unit: 'ms', model: { min: 1 } },
  ),
  'replica.fetch.min.bytes': int(
    1,
    'How much must be new before the leader answers a follower’s fetch early.',
    { unit: 'bytes', model: { min: 0 } },
  ),
  'replica.fetch.max.bytes': int(1_048_576, 'How much a follower takes of one partition in one fetch.', {
    unit: 'bytes',
    min: 0,
  }),
  'replica.fetch.response.max.bytes': int(
    10_485_760,
    'How much a follower takes in one fetch over all partitions.',
    { unit: 'bytes', min: 0 },
  ),
  'replica.fetch.backoff.ms': int(1_000, 'How long a follower leaves a partition alone after an error.', {
    unit: 'ms',
    min: 0,
  }),
  'replica.socket.timeout.ms': int(30_000, 'How long a follower waits for an answer to a fetch.', {
    unit: 'ms',
    model: { min: 1 },
  }),
  'replica.high.watermark.checkpoint.interval.ms': long(
    5_000,
    'How often high watermarks are written to disk.',
    { unit: 'ms', model: { min: 1 } },
  ),
  'fetch.max.bytes': int(57_671_680, 'The most a broker returns to one fetch.', {
    unit: 'bytes',
    min: 1_024,
  }),
  'unclean.leader.election.enable': flag(
    false,
    'Whether a replica that is not in sync may lead when no other can: available, but records are lost.',
    { update: 'dynamic' },
  ),
  'auto.leader.rebalance.enable': flag(
    true,
    'Whether leadership goes back to the preferred replica by itself.',
  ),
  'leader.imbalance.check.interval.seconds': long(
    300,
    'How often leadership is checked against the preferred replica.',
    { unit: 's', min: 1 },
  ),
  'min.insync.replicas': int(
    1,
    'How many replicas must be in sync for a write with acks=all, and for the high watermark to move.',
    { min: 1, update: 'dynamic' },
  ),
  'num.partitions': int(1, 'Partitions of a topic that is created without saying how many.', { min: 1 }),
  'default.replication.factor': int(1, 'Copies of a topic that is created without saying how many.', {
    model: { min: 1 },
  }),
  'auto.create.topics.enable': flag(true, 'Whether asking for an unknown topic creates it.'),
  'offsets.topic.num.partitions': int(50, 'Partitions of __consumer_offsets; each group lives in one.', {
    min: 1,
  }),
  'offsets.topic.replication.factor': short(3, 'Copies of __consumer_offsets.', { min: 1 }),
  'offsets.retention.minutes': int(10_080, 'How long offsets of an empty group are kept, in minutes.', {
    min: 1,
  }),
  'offsets.retention.check.interval.ms': long(
    600_000,
    'How often committed offsets are checked for their age.',
    {
      unit: 'ms',
      min: 1,
    },
  ),
  'offsets.commit.timeout.ms': int(
    5_000,
    'How long a group coordinator waits until its log has stored what it wrote, before it answers with an error.',
    { unit: 'ms', min: 1 },
  ),
  'group.initial.rebalance.delay.ms': int(
    3_000,
    'How long the first rebalance of an empty group waits for more members.',
    { unit: 'ms', model: { min: 0 } },
  ),
  'group.min.session.timeout.ms': int(6_000, 'The shortest session timeout a member may ask for.', {
    unit: 'ms',
    model: { min: 1 },
  }),
  'group.max.session.timeout.ms': int(1_800_000, 'The longest session timeout a member may ask for.', {
    unit: 'ms',
    model: { min: 1 },
  }),
  'group.max.size': int(2_147_483_647, 'The most members a group may have.', { min: 1 }),
  'group.coordinator.rebalance.protocols': list(
    ['classic', 'consumer', 'streams'],
    'Which group protocols are served; the classic one always is.',
    { allowed: ['consumer', 'classic', 'share', 'streams'] },
  ),
  'group.consumer.session.timeout.ms': int(
    45_000,
    'How long a member of the consumer protocol may be silent before it is taken out of the group.',
    { unit: 'ms', min: 1 },
  ),
  'group.consumer.min.session.timeout.ms': int(45_000, 'The shortest session of the consumer protocol.', {
    unit: 'ms',
    min: 1,
  }),
  'group.consumer.max.session.timeout.ms': int(60_000, 'The longest session of the consumer protocol.', {
    unit: 'ms',
    min: 1,
  }),
  'group.consumer.heartbeat.interval.ms': int(
    5_000,
    'How often members of the consumer protocol are told to show that they live.',
    { unit: 'ms', min: 1 },
  ),
  'group.consumer.min.heartbeat.interval.ms': int(
    5_000,
    'The shortest heartbeat interval of the consumer protocol.',
    { unit: 'ms', min: 1 },
  ),
  'group.consumer.max.heartbeat.interval.ms': int(
    15_000,
    'The longest heartbeat interval of the consumer protocol.',
    { unit: 'ms', min: 1 },
  ),
  'group.consumer.assignment.interval.ms': int(
    1_000,
    'How long a group of the consumer protocol keeps an assignment before the next is computed.',
    { unit: 'ms', min: 0 },
  ),
  'group.consumer.min.assignment.interval.ms': int(0, 'The shortest assignment interval.', {
    unit: 'ms',
    min: 0,
  }),
  'group.consumer.max.assignment.interval.ms': int(15_000, 'The longest assignment interval.', {
    unit: 'ms',
    min: 0,
  }),
  'group.consumer.assignor.offload.enable': flag(
    true,
    'Whether assignments are computed beside other work; in this model computing takes no time.',
  ),
  'group.consumer.assignors': list(
    ['uniform', 'range'],
    'How the coordinator can share partitions out; the first is for members that do not say.',
    { min: 1, model: { allowed: ['uniform', 'range'] } },
  ),
  'group.consumer.max.size': int(
    2_147_483_647,
    'The most members a group of the consumer protocol may have.',
    {
      min: 1,
    },
  ),
  'group.consumer.migration.policy': text(
    'bidirectional',
    'Whether groups may change over between the classic and the consumer protocol while they live.',
    { allowed: ['DISABLED', 'DOWNGRADE', 'UPGRADE', 'BIDIRECTIONAL'], rule: 'any-case' },
  ),
  'group.consumer.regex.refresh.interval.ms': int(
    600_000,
    'How long the topics that match a subscribed expression are believed.',
    { unit: 'ms', min: 10_000 },
  ),
  'offset.metadata.max.bytes': int(4_096, 'The longest note that may go with a committed offset.', {
    unit: 'bytes',
    model: { min: 0 },
  }),
  'transaction.state.log.num.partitions': int(
    50,
    'Partitions of __transaction_state; each transactional id lives in one.',
    { min: 1 },
  ),
  'transaction.state.log.replication.factor': short(3, 'Copies of __transaction_state.', { min: 1 }),
  'transaction.state.log.min.isr': int(
    2,
    'How many copies of __transaction_state must be in sync for a transaction to go on.',
    { min: 1 },
  ),
  'transaction.max.timeout.ms': int(900_000, 'The longest transaction timeout a producer may ask for.', {
    unit: 'ms',
    min: 1,
  }),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int(
    10_000,
    'How often transactions that are open for too long are looked for, and aborted.',
    { unit: 'ms', min: 1 },
  ),
  'transactional.id.expiration.ms': int(
    604_800_000,
    'How long a transactional id is remembered that nobody uses.',
    { unit: 'ms', min: 1 },
  ),
  'transaction.remove.expired.transaction.cleanup.interval.ms': int(
    3_600_000,
    'How often transactional ids that nobody uses are looked for.',
    { unit: 'ms', min: 1 },
  ),
  'transaction.partition.verification.enable': flag(
    true,
    'Whether a partition asks the coordinator before it takes the first record of a transaction.',
    { update: 'dynamic' },
  ),
  'add.partitions.to.txn.retry.backoff.ms': int(
    20,
    'How long a broker waits to add a partition again while the transaction before is still being ended.',
    { unit: 'ms', min: 1 },
  ),
  'add.partitions.to.txn.retry.backoff.max.ms': int(
    100,
    'How long a broker goes on trying so before it lets the producer try again.',
    { unit: 'ms', min: 0 },
  ),
  'request.timeout.ms': int(30_000, 'How long a broker waits for another broker’s answer.', {
    unit: 'ms',
    model: { min: 1 },
  }),
  'delete.topic.enable': flag(true, 'Whether topics can be deleted.'),
  'log.retention.ms': long(604_800_000, 'How long records are kept.', {
    unit: 'ms',
    model: { min: -1 },
    update: 'dynamic',
  }),
  'log.retention.check.interval.ms': long(
    300_000,
    'How often logs are checked for records that are too old.',
    {
      unit: 'ms',
      min: 1,
    },
  ),
  'log.initial.task.delay.ms': long(30_000, 'How long after its start a broker first checks its logs.', {
    unit: 'ms',
    min: 0,
  }),
  'producer.id.expiration.ms': int(
    86_400_000,
    'How long a partition remembers a producer that is silent, to recognise its retries.',
    { unit: 'ms', min: 1, update: 'dynamic' },
  ),
  'producer.id.expiration.check.interval.ms': int(600_000, 'How often silent producers are looked for.', {
    unit: 'ms',
    min: 1,
  }),
  'log.retention.bytes': long(-1, 'How large a partition may grow; −1 for any size.', {
    unit: 'bytes',
    model: { min: -1 },
    update: 'dynamic',
  }),
  'log.roll.ms': long(604_800_000, 'Age, by record time, at which a log begins a new segment.', {
    unit: 'ms',
    model: { min: 1 },
    update: 'dynamic',
  }),
  'log.message.timestamp.after.max.ms': long(
    3_600_000,
    'How far ahead of the broker’s clock a record’s timestamp may be.',
    { unit: 'ms', min: 0, update: 'dynamic' },
  ),
  'log.message.timestamp.before.max.ms': long(
    LONG_MAX,
    'How far behind the broker’s clock a record’s timestamp may be.',
    { unit: 'ms', min: 0, update: 'dynamic' },
  ),
  'log.cleanup.policy': list(
    ['delete'],
    'Whether old records are deleted, or only all but the newest of each key.',
    { allowed: ['compact', 'delete'], update: 'dynamic' },
  ),
  'log.cleaner.enable': flag(true, 'Whether logs are cleaned at all; internal topics need it.'),
  'log.cleaner.backoff.ms': long(15_000, 'How long the cleaner rests when there is nothing to clean.', {
    unit: 'ms',
    min: 0,
    update: 'dynamic',
  }),
  'log.cleaner.dedupe.buffer.size': long(
    134_217_728,
    'Memory for the newest offset of each key, 24 bytes a key: a pass ends when it is full.',
    { unit: 'bytes', model: { min: 48 }, update: 'dynamic' },
  ),
  'log.cleaner.io.buffer.load.factor': double(0.9, 'How full the cleaner’s memory of keys may get.', {
    model: { min: 0.01 },
    update: 'dynamic',
  }),
  'log.cleaner.io.max.bytes.per.second': double(
    Number.MAX_VALUE,
    'How fast the cleaner may read and write.',
    { unit: 'bytes', model: { min: 1 }, update: 'dynamic' },
  ),
  'log.cleaner.min.cleanable.ratio': double(
    0.5,
    'Share of a log that must be new since its last cleaning before it is cleaned again.',
    { min: 0, max: 1, update: 'dynamic' },
  ),
  'log.cleaner.min.compaction.lag.ms': long(0, 'How long a record is safe from cleaning.', {
    unit: 'ms',
    min: 0,
    update: 'dynamic',
  }),
  'log.cleaner.max.compaction.lag.ms': long(LONG_MAX, 'How long a record may wait for cleaning.', {
    unit: 'ms',
    min: 1,
    update: 'dynamic',
  }),
  'log.cleaner.delete.retention.ms': long(
    86_400_000,
    'How long a tombstone can still be read after the cleaner first met it.',
    { unit: 'ms', min: 0, update: 'dynamic' },
  ),
  'offsets.topic.segment.bytes': int(
    104_857_600,
    'Size at which __consumer_offsets begins a new segment; only older ones are cleaned.',
    { unit: 'bytes', min: 1, model: { min: 1_048_576 } },
  ),
  'log.segment.bytes': int(1_073_741_824, 'Size at which a log begins a new segment.', {
    unit: 'bytes',
    min: 1_048_576,
    update: 'dynamic',
  }),
  'message.max.bytes': int(1_048_588, 'The largest batch a broker takes.', {
    unit: 'bytes',
    min: 0,
    update: 'dynamic',
  }),
  'compression.type': text('producer', 'How batches lie in the log; “producer” leaves them as they came.', {
    allowed: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    update: 'dynamic',
  }),
  'log.message.timestamp.type': text(
    'CreateTime',
    'Whether a record keeps its own timestamp or gets the broker’s.',
    { allowed: ['CreateTime', 'LogAppendTime'], update: 'dynamic' },
  ),
} as const;

export type BrokerConfig = ConfigOf<typeof BROKER_CONFIG>;
