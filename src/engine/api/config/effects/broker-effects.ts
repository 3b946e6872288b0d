import type { BROKER_CONFIG } from '../broker-config.ts';

/** What a person sees change, by key: one sentence. */
export const BROKER_EFFECTS: Readonly<Record<keyof typeof BROKER_CONFIG, string>> = {
  'broker.heartbeat.interval.ms': 'How often a broker tells the controller that it lives.',
  'broker.session.timeout.ms':
    'How long the controller waits for a heartbeat before it fences a broker and moves its leaders.',
  'controlled.shutdown.enable': 'On an orderly stop, leaders move away before the broker goes.',
  'controller.quorum.election.timeout.ms':
    'How long a controller that knows no leader of the quorum waits before it asks to be elected.',
  'controller.quorum.election.backoff.max.ms':
    'How long a controller waits at most before it stands in place of a leader that resigned.',
  'controller.quorum.fetch.timeout.ms':
    'How long a controller that hears nothing from the leader of the quorum waits before it asks for its place.',
  'controller.quorum.fetch.max.bytes': 'How much of the metadata log goes into one answer.',
  'controller.quorum.request.timeout.ms':
    'How long controllers, and brokers that read metadata, wait for an answer before they try again or elsewhere.',
  'controller.quorum.retry.backoff.ms': 'How long a controller leaves another alone after an error.',
  'metadata.log.max.record.bytes.between.snapshots':
    'How much metadata is committed before a controller writes down the state of the cluster as a whole.',
  'metadata.max.retention.bytes':
    'How long the metadata log grows before what the last snapshot says is taken out of it.',
  'log.dir': 'Where logs are, while log.dirs is not given.',
  'log.dirs':
    'The directories, each on a disk of its own, that a broker spreads its replicas over. It halts without the first one and goes on without another.',
  'log.dir.failure.timeout.ms':
    'A broker that cannot tell the controller of a failed directory for so long stops.',
  'replica.lag.time.max.ms':
    'How long a follower may not have caught up before the leader takes it out of the ISR.',
  'replica.fetch.wait.max.ms': 'How long the leader may hold a follower’s fetch when there is nothing new.',
  'replica.fetch.min.bytes': 'How much must be new before the leader answers a follower’s fetch early.',
  'replica.fetch.max.bytes': 'How much a follower takes of one partition in one fetch.',
  'replica.fetch.response.max.bytes': 'How much a follower takes in one fetch over all partitions.',
  'replica.fetch.backoff.ms': 'How long a follower leaves a partition alone after an error.',
  'replica.socket.timeout.ms': 'How long a follower waits for an answer to a fetch.',
  'replica.high.watermark.checkpoint.interval.ms': 'How often high watermarks are written to disk.',
  'connections.max.idle.ms': 'How long a broker keeps a connection that nothing goes over.',
  'max.incremental.fetch.session.cache.slots':
    'How many fetch sessions a broker keeps, in eight equal shards, so fewer than eight are none; who gets none names all its partitions in every fetch.',
  'num.io.threads':
    'How many requests a broker works on at a time; others wait until a thread has time for them.',
  'max.connections': 'How many connections a broker has; more wait until one of them ends.',
  'max.connections.per.ip': 'How many connections of one machine a broker has; more are closed at once.',
  'max.connections.per.ip.overrides': 'The same for single machines: name:number, with commas between.',
  'max.connection.creation.rate': 'How many connections a second a broker accepts; others wait.',
  'quota.window.num': 'Over how many samples the rate of a client with a quota is taken.',
  'quota.window.size.seconds': 'How long each of these samples is.',
  'controller.quota.window.num':
    'For how many samples a client with a quota for changes of topics can save up what it does not use.',
  'controller.quota.window.size.seconds': 'How long each of these samples is.',
  'leader.replication.throttled.rate':
    'How many bytes a second of throttled partitions a leader sends to replicas that are not in sync.',
  'follower.replication.throttled.rate':
    'How many bytes a second of throttled partitions a broker that is not in sync fetches.',
  'replica.alter.log.dirs.io.max.bytes.per.second':
    'How fast replicas may be copied to another directory of the broker.',
  'alter.log.dirs.replication.quota.window.num':
    'Over how many samples the rate of copying between directories is taken.',
  'alter.log.dirs.replication.quota.window.size.seconds': 'How long each of these samples is.',
  'replication.quota.window.num': 'Over how many samples the rate of throttled replication is taken.',
  'replication.quota.window.size.seconds': 'How long each of these samples is.',
  'replica.selector.class':
    'Whether a leader sends consumers on to a replica in sync in their own rack; the leader alone serves if it is not set.',
  'max.request.partition.size.limit': 'The most partitions that one answer to DescribeTopicPartitions names.',
  'fetch.max.bytes': 'The most a broker returns to one fetch.',
  'unclean.leader.election.enable':
    'Whether a replica that is not in sync may lead when no other can: available, but records are lost.',
  'unclean.leader.election.interval.ms':
    'How often the controller looks for partitions without a leader that may have one out of sync.',
  'auto.leader.rebalance.enable': 'Whether leadership goes back to the preferred replica by itself.',
  'leader.imbalance.check.interval.seconds': 'How often leadership is checked against the preferred replica.',
  'min.insync.replicas':
    'How many replicas must be in sync for a write with acks=all, and for the high watermark to move.',
  'num.partitions': 'Partitions of a topic that is created without saying how many.',
  'default.replication.factor': 'Copies of a topic that is created without saying how many.',
  'auto.create.topics.enable': 'Whether asking for an unknown topic creates it.',
  'offsets.topic.num.partitions': 'Partitions of __consumer_offsets; each group lives in one.',
  'offsets.topic.replication.factor': 'Copies of __consumer_offsets.',
  'offsets.retention.minutes': 'How long offsets of an empty group are kept, in minutes.',
  'offsets.retention.check.interval.ms': 'How often committed offsets are checked for their age.',
  'offsets.commit.timeout.ms':
    'How long a group coordinator waits until its log has stored what it wrote, before it answers with an error.',
  'group.initial.rebalance.delay.ms':
    'How long the first rebalance of an empty group waits for more members.',
  'group.min.session.timeout.ms': 'The shortest session timeout a member may ask for.',
  'group.max.session.timeout.ms': 'The longest session timeout a member may ask for.',
  'group.max.size': 'The most members a group may have.',
  'group.coordinator.rebalance.protocols': 'Which group protocols are served; the classic one always is.',
  'group.consumer.session.timeout.ms':
    'How long a member of the consumer protocol may be silent before it is taken out of the group.',
  'group.consumer.min.session.timeout.ms': 'The shortest session of the consumer protocol.',
  'group.consumer.max.session.timeout.ms': 'The longest session of the consumer protocol.',
  'group.consumer.heartbeat.interval.ms':
    'How often members of the consumer protocol are told to show that they live.',
  'group.consumer.min.heartbeat.interval.ms': 'The shortest heartbeat interval of the consumer protocol.',
  'group.consumer.max.heartbeat.interval.ms': 'The longest heartbeat interval of the consumer protocol.',
  'group.consumer.assignment.interval.ms':
    'How long a group of the consumer protocol keeps an assignment before the next is computed.',
  'group.consumer.min.assignment.interval.ms': 'The shortest assignment interval.',
  'group.consumer.max.assignment.interval.ms': 'The longest assignment interval.',
  'group.consumer.assignor.offload.enable':
    'Whether assignments are computed beside other work; in this model computing takes no time.',
  'group.consumer.assignors':
    'How the coordinator can share partitions out; the first is for members that do not say.',
  'group.consumer.max.size': 'The most members a group of the consumer protocol may have.',
  'group.share.session.timeout.ms':
    'How long a member of a share group may be silent before it is taken out of the group.',
  'group.share.min.session.timeout.ms': 'The shortest session of a member of a share group.',
  'group.share.max.session.timeout.ms': 'The longest session of a member of a share group.',
  'group.share.heartbeat.interval.ms': 'How often members of share groups are told to send a heartbeat.',
  'group.share.min.heartbeat.interval.ms': 'The shortest heartbeat interval of share groups.',
  'group.share.max.heartbeat.interval.ms': 'The longest heartbeat interval of share groups.',
  'group.share.assignment.interval.ms':
    'How long a share group keeps an assignment before the next is computed.',
  'group.share.min.assignment.interval.ms': 'The shortest assignment interval of share groups.',
  'group.share.max.assignment.interval.ms': 'The longest assignment interval of share groups.',
  'group.share.max.size': 'The most members a share group may have.',
  'group.share.record.lock.duration.ms':
    'How long a member of a share group may have a record before others get it.',
  'group.share.min.record.lock.duration.ms': 'The shortest such time.',
  'group.share.max.record.lock.duration.ms': 'The longest such time.',
  'group.share.delivery.count.limit':
    'How often a share group is given a record that nobody acknowledges, before it is left out.',
  'group.share.min.delivery.count.limit': 'The least that a share group may set for itself.',
  'group.share.max.delivery.count.limit': 'The most that a share group may set for itself.',
  'group.share.partition.max.record.locks':
    'How many records of a partition a share group may have under way.',
  'group.share.min.partition.max.record.locks': 'The fewest that a share group may set for itself.',
  'group.share.max.partition.max.record.locks': 'The most that a share group may set for itself.',
  'group.share.max.share.sessions': 'How many share sessions a broker keeps.',
  'group.share.initialize.retry.interval.ms':
    'After how long the share coordinator is asked again for a partition of a share group that it did not begin with.',
  'share.coordinator.state.topic.num.partitions':
    'Partitions of __share_group_state; each share partition lives in one.',
  'share.coordinator.state.topic.replication.factor': 'Copies of __share_group_state.',
  'share.coordinator.state.topic.min.isr':
    'How many copies of __share_group_state must be in sync for share groups to go on.',
  'share.coordinator.state.topic.segment.bytes': 'When a log of __share_group_state begins a new segment.',
  'share.coordinator.snapshot.update.records.per.snapshot':
    'After how many changes of a share partition all of its state is written at once.',
  'share.coordinator.write.timeout.ms':
    'How long a share coordinator waits until its log has stored what it wrote, before it answers with an error.',
  'group.consumer.migration.policy':
    'Whether groups may change over between the classic and the consumer protocol while they live.',
  'group.consumer.regex.refresh.interval.ms':
    'How long the topics that match a subscribed expression are believed.',
  'offset.metadata.max.bytes': 'The longest note that may go with a committed offset.',
  'transaction.state.log.num.partitions':
    'Partitions of __transaction_state; each transactional id lives in one.',
  'transaction.state.log.replication.factor': 'Copies of __transaction_state.',
  'transaction.state.log.min.isr':
    'How many copies of __transaction_state must be in sync for a transaction to go on.',
  'transaction.max.timeout.ms': 'The longest transaction timeout a producer may ask for.',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms':
    'How often transactions that are open for too long are looked for, and aborted.',
  'transactional.id.expiration.ms': 'How long a transactional id is remembered that nobody uses.',
  'transaction.remove.expired.transaction.cleanup.interval.ms':
    'How often transactional ids that nobody uses are looked for.',
  'transaction.partition.verification.enable':
    'Whether a partition asks the coordinator before it takes the first record of a transaction.',
  'add.partitions.to.txn.retry.backoff.ms':
    'How long a broker waits to add a partition again while the transaction before is still being ended.',
  'add.partitions.to.txn.retry.backoff.max.ms':
    'How long a broker goes on trying so before it lets the producer try again.',
  'request.timeout.ms': 'How long a broker waits for another broker’s answer.',
  'delete.topic.enable': 'Whether topics can be deleted.',
  'log.retention.ms': 'How long records are kept.',
  'log.retention.check.interval.ms': 'How often logs are checked for records that are too old.',
  'log.initial.task.delay.ms': 'How long after its start a broker first checks its logs.',
  'producer.id.expiration.ms':
    'How long a partition remembers a producer that is silent, to recognise its retries.',
  'producer.id.expiration.check.interval.ms': 'How often silent producers are looked for.',
  'log.retention.bytes': 'How large a partition may grow; −1 for any size.',
  'log.roll.ms': 'Age, by record time, at which a log begins a new segment.',
  'log.message.timestamp.after.max.ms': 'How far ahead of the broker’s clock a record’s timestamp may be.',
  'log.message.timestamp.before.max.ms': 'How far behind the broker’s clock a record’s timestamp may be.',
  'log.cleanup.policy': 'Whether old records are deleted, or only all but the newest of each key.',
  'log.cleaner.enable': 'Whether logs are cleaned at all; internal topics need it.',
  'log.cleaner.backoff.ms': 'How long the cleaner rests when there is nothing to clean.',
  'log.cleaner.dedupe.buffer.size':
    'Memory for the newest offset of each key, 24 bytes a key: a pass ends when it is full.',
  'log.cleaner.io.buffer.load.factor': 'How full the cleaner’s memory of keys may get.',
  'log.cleaner.io.max.bytes.per.second': 'How fast the cleaner may read and write.',
  'log.cleaner.min.cleanable.ratio':
    'Share of a log that must be new since its last cleaning before it is cleaned again.',
  'log.cleaner.min.compaction.lag.ms': 'How long a record is safe from cleaning.',
  'log.cleaner.max.compaction.lag.ms': 'How long a record may wait for cleaning.',
  'log.cleaner.delete.retention.ms': 'How long a tombstone can still be read after the cleaner first met it.',
  'offsets.topic.segment.bytes':
    'Size at which __consumer_offsets begins a new segment; only older ones are cleaned.',
  'log.segment.bytes': 'Size at which a log begins a new segment.',
  'message.max.bytes': 'The largest batch a broker takes.',
  'compression.type': 'How batches lie in the log; “producer” leaves them as they came.',
  'log.message.timestamp.type': 'Whether a record keeps its own timestamp or gets the broker’s.',
};
