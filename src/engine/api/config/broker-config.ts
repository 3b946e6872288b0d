import {
  double,
  flag,
  int,
  list,
  long,
  LONG_MAX,
  optionalText,
  short,
  text,
  type ConfigOf,
} from './config-key.ts';

/** Keys of server.properties that brokers and controllers honour. Defaults of Apache Kafka 4.x. */
export const BROKER_CONFIG = {
  'broker.heartbeat.interval.ms': int(2_000, {
    unit: 'ms',
    model: { min: 1 },
  }),
  'broker.session.timeout.ms': int(9_000, { unit: 'ms', model: { min: 1 } }),
  'controlled.shutdown.enable': flag(true),
  'controller.quorum.election.timeout.ms': int(1_000, { unit: 'ms', min: 0, model: { min: 1 } }),
  'controller.quorum.election.backoff.max.ms': int(1_000, { unit: 'ms', min: 0 }),
  'controller.quorum.fetch.timeout.ms': int(2_000, { unit: 'ms', min: 0, model: { min: 1 } }),
  'controller.quorum.fetch.max.bytes': int(1_048_576, { unit: 'bytes', min: 1 }),
  'controller.quorum.request.timeout.ms': int(2_000, { unit: 'ms', min: 0, model: { min: 1 } }),
  'controller.quorum.retry.backoff.ms': int(20, { unit: 'ms', min: 0, model: { min: 1 } }),
  'metadata.log.max.record.bytes.between.snapshots': long(20_971_520, { unit: 'bytes', min: 1 }),
  'metadata.max.retention.bytes': long(104_857_600, { unit: 'bytes', model: { min: 0 } }),
  'replica.lag.time.max.ms': long(30_000, { unit: 'ms', model: { min: 1 } }),
  'replica.fetch.wait.max.ms': int(500, { unit: 'ms', model: { min: 1 } }),
  'replica.fetch.min.bytes': int(1, { unit: 'bytes', model: { min: 0 } }),
  'replica.fetch.max.bytes': int(1_048_576, {
    unit: 'bytes',
    min: 0,
  }),
  'replica.fetch.response.max.bytes': int(10_485_760, { unit: 'bytes', min: 0 }),
  'replica.fetch.backoff.ms': int(1_000, {
    unit: 'ms',
    min: 0,
  }),
  'replica.socket.timeout.ms': int(30_000, {
    unit: 'ms',
    model: { min: 1 },
  }),
  'replica.high.watermark.checkpoint.interval.ms': long(5_000, { unit: 'ms', model: { min: 1 } }),
  'quota.window.num': int(11, { min: 1 }),
  'quota.window.size.seconds': int(1, { unit: 's', min: 1 }),
  'controller.quota.window.num': int(11, { min: 1 }),
  'controller.quota.window.size.seconds': int(1, { unit: 's', min: 1 }),
  'leader.replication.throttled.rate': long(LONG_MAX, {
    unit: 'bytes',
    min: 0,
    update: 'dynamic',
    onlyDynamic: true,
  }),
  'follower.replication.throttled.rate': long(LONG_MAX, {
    unit: 'bytes',
    min: 0,
    update: 'dynamic',
    onlyDynamic: true,
  }),
  'replication.quota.window.num': int(11, { min: 1 }),
  'replication.quota.window.size.seconds': int(1, { unit: 's', min: 1 }),
  'replica.selector.class': optionalText(null, {
    model: {
      allowed: [
        'org.apache.kafka.common.replica.LeaderSelector',
        'org.apache.kafka.common.replica.RackAwareReplicaSelector',
      ],
    },
  }),
  'max.request.partition.size.limit': int(2_000, { min: 1 }),
  'fetch.max.bytes': int(57_671_680, {
    unit: 'bytes',
    min: 1_024,
  }),
  'unclean.leader.election.enable': flag(false, { update: 'dynamic' }),
  'unclean.leader.election.interval.ms': long(300_000, { unit: 'ms', min: 1 }),
  'auto.leader.rebalance.enable': flag(true),
  'leader.imbalance.check.interval.seconds': long(300, { unit: 's', min: 1 }),
  'min.insync.replicas': int(1, { min: 1, update: 'dynamic' }),
  'num.partitions': int(1, { min: 1 }),
  'default.replication.factor': int(1, {
    model: { min: 1 },
  }),
  'auto.create.topics.enable': flag(true),
  'offsets.topic.num.partitions': int(50, {
    min: 1,
  }),
  'offsets.topic.replication.factor': short(3, { min: 1 }),
  'offsets.retention.minutes': int(10_080, {
    min: 1,
  }),
  'offsets.retention.check.interval.ms': long(600_000, {
    unit: 'ms',
    min: 1,
  }),
  'offsets.commit.timeout.ms': int(5_000, { unit: 'ms', min: 1 }),
  'group.initial.rebalance.delay.ms': int(3_000, { unit: 'ms', model: { min: 0 } }),
  'group.min.session.timeout.ms': int(6_000, {
    unit: 'ms',
    model: { min: 1 },
  }),
  'group.max.session.timeout.ms': int(1_800_000, {
    unit: 'ms',
    model: { min: 1 },
  }),
  'group.max.size': int(2_147_483_647, { min: 1 }),
  'group.coordinator.rebalance.protocols': list(['classic', 'consumer', 'streams'], {
    allowed: ['consumer', 'classic', 'share', 'streams'],
  }),
  'group.consumer.session.timeout.ms': int(45_000, { unit: 'ms', min: 1 }),
  'group.consumer.min.session.timeout.ms': int(45_000, {
    unit: 'ms',
    min: 1,
  }),
  'group.consumer.max.session.timeout.ms': int(60_000, {
    unit: 'ms',
    min: 1,
  }),
  'group.consumer.heartbeat.interval.ms': int(5_000, { unit: 'ms', min: 1 }),
  'group.consumer.min.heartbeat.interval.ms': int(5_000, { unit: 'ms', min: 1 }),
  'group.consumer.max.heartbeat.interval.ms': int(15_000, { unit: 'ms', min: 1 }),
  'group.consumer.assignment.interval.ms': int(1_000, { unit: 'ms', min: 0 }),
  'group.consumer.min.assignment.interval.ms': int(0, {
    unit: 'ms',
    min: 0,
  }),
  'group.consumer.max.assignment.interval.ms': int(15_000, {
    unit: 'ms',
    min: 0,
  }),
  'group.consumer.assignor.offload.enable': flag(true),
  'group.consumer.assignors': list(['uniform', 'range'], {
    min: 1,
    model: { allowed: ['uniform', 'range'] },
  }),
  'group.consumer.max.size': int(2_147_483_647, {
    min: 1,
  }),
  'group.consumer.migration.policy': text('bidirectional', {
    allowed: ['DISABLED', 'DOWNGRADE', 'UPGRADE', 'BIDIRECTIONAL'],
    rule: 'any-case',
  }),
  'group.consumer.regex.refresh.interval.ms': int(600_000, { unit: 'ms', min: 10_000 }),
  'offset.metadata.max.bytes': int(4_096, {
    unit: 'bytes',
    model: { min: 0 },
  }),
  'transaction.state.log.num.partitions': int(50, { min: 1 }),
  'transaction.state.log.replication.factor': short(3, { min: 1 }),
  'transaction.state.log.min.isr': int(2, { min: 1 }),
  'transaction.max.timeout.ms': int(900_000, {
    unit: 'ms',
    min: 1,
  }),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int(10_000, { unit: 'ms', min: 1 }),
  'transactional.id.expiration.ms': int(604_800_000, { unit: 'ms', min: 1 }),
  'transaction.remove.expired.transaction.cleanup.interval.ms': int(3_600_000, { unit: 'ms', min: 1 }),
  'transaction.partition.verification.enable': flag(true, { update: 'dynamic' }),
  'add.partitions.to.txn.retry.backoff.ms': int(20, { unit: 'ms', min: 1 }),
  'add.partitions.to.txn.retry.backoff.max.ms': int(100, { unit: 'ms', min: 0 }),
  'request.timeout.ms': int(30_000, {
    unit: 'ms',
    model: { min: 1 },
  }),
  'delete.topic.enable': flag(true),
  'log.retention.ms': long(604_800_000, {
    unit: 'ms',
    model: { min: -1 },
    update: 'dynamic',
  }),
  'log.retention.check.interval.ms': long(300_000, {
    unit: 'ms',
    min: 1,
  }),
  'log.initial.task.delay.ms': long(30_000, {
    unit: 'ms',
    min: 0,
  }),
  'producer.id.expiration.ms': int(86_400_000, { unit: 'ms', min: 1, update: 'dynamic' }),
  'producer.id.expiration.check.interval.ms': int(600_000, {
    unit: 'ms',
    min: 1,
  }),
  'log.retention.bytes': long(-1, {
    unit: 'bytes',
    model: { min: -1 },
    update: 'dynamic',
  }),
  'log.roll.ms': long(604_800_000, {
    unit: 'ms',
    model: { min: 1 },
    update: 'dynamic',
  }),
  'log.message.timestamp.after.max.ms': long(3_600_000, { unit: 'ms', min: 0, update: 'dynamic' }),
  'log.message.timestamp.before.max.ms': long(LONG_MAX, { unit: 'ms', min: 0, update: 'dynamic' }),
  'log.cleanup.policy': list(['delete'], { allowed: ['compact', 'delete'], update: 'dynamic' }),
  'log.cleaner.enable': flag(true),
  'log.cleaner.backoff.ms': long(15_000, {
    unit: 'ms',
    min: 0,
    update: 'dynamic',
  }),
  'log.cleaner.dedupe.buffer.size': long(134_217_728, {
    unit: 'bytes',
    model: { min: 48 },
    update: 'dynamic',
  }),
  'log.cleaner.io.buffer.load.factor': double(0.9, {
    model: { min: 0.01 },
    update: 'dynamic',
  }),
  'log.cleaner.io.max.bytes.per.second': double(Number.MAX_VALUE, {
    unit: 'bytes',
    model: { min: 1 },
    update: 'dynamic',
  }),
  'log.cleaner.min.cleanable.ratio': double(0.5, { min: 0, max: 1, update: 'dynamic' }),
  'log.cleaner.min.compaction.lag.ms': long(0, {
    unit: 'ms',
    min: 0,
    update: 'dynamic',
  }),
  'log.cleaner.max.compaction.lag.ms': long(LONG_MAX, {
    unit: 'ms',
    min: 1,
    update: 'dynamic',
  }),
  'log.cleaner.delete.retention.ms': long(86_400_000, { unit: 'ms', min: 0, update: 'dynamic' }),
  'offsets.topic.segment.bytes': int(104_857_600, { unit: 'bytes', min: 1, model: { min: 1_048_576 } }),
  'log.segment.bytes': int(1_073_741_824, {
    unit: 'bytes',
    min: 1_048_576,
    update: 'dynamic',
  }),
  'message.max.bytes': int(1_048_588, {
    unit: 'bytes',
    min: 0,
    update: 'dynamic',
  }),
  'compression.type': text('producer', {
    allowed: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    update: 'dynamic',
  }),
  'log.message.timestamp.type': text('CreateTime', {
    allowed: ['CreateTime', 'LogAppendTime'],
    update: 'dynamic',
  }),
} as const;

export type BrokerConfig = ConfigOf<typeof BROKER_CONFIG>;
