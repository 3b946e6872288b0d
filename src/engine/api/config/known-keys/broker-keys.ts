/** Keys of server.properties, besides those of TLS and SASL that clients have too. */
export const BROKER_KEYS = `
advertised.listeners LIST -
alter.config.policy.class.name CLASS -
authorizer.class.name STRING ""
background.threads INT 10 1..
broker.id INT -1
broker.rack STRING -
client.quota.callback.class CLASS -
compression.gzip.level INT -1 !gzip-level
compression.lz4.level INT 9 1..17
compression.zstd.level INT 3 -131072..22
config.providers LIST []
connection.failed.authentication.delay.ms INT 100 0..
connections.max.reauth.ms LONG 0
controller.listener.names LIST -
controller.performance.always.log.threshold.ms LONG 2000 0..
controller.performance.sample.period.ms LONG 60000 100..
controller.quorum.append.linger.ms INT 25 0..
controller.quorum.auto.join.enable BOOLEAN false
controller.quorum.bootstrap.servers LIST []
controller.quorum.fetch.snapshot.max.bytes INT 1048576 1..
controller.quorum.voters LIST []
controller.socket.timeout.ms INT 30000
cordoned.log.dirs LIST []
create.topic.policy.class.name CLASS -
delegation.token.expiry.check.interval.ms LONG 3600000 1..
delegation.token.expiry.time.ms LONG 86400000 1..
delegation.token.max.lifetime.ms LONG 604800000 1..
delegation.token.secret.key PASSWORD -
delete.records.purgatory.purge.interval.requests INT 1
early.start.listeners LIST -
errors.deadletterqueue.auto.create.topics.enable BOOLEAN false
errors.deadletterqueue.topic.name.prefix STRING dlq.
fetch.purgatory.purge.interval.requests INT 1000
follower.fetch.last.tiered.offset.enable BOOLEAN false
group.coordinator.append.linger.ms INT -1 -1..
group.coordinator.background.threads INT 2 1..
group.coordinator.cached.buffer.max.bytes INT 1048588 524288..
group.coordinator.threads INT 4 1..
group.share.assignor.offload.enable BOOLEAN true
group.share.assignors LIST [simple]
group.share.dlq.manager.class.name STRING org.apache.kafka.server.share.dlq.DefaultShareGroupDLQManager
group.share.persister.class.name STRING org.apache.kafka.server.share.persister.DefaultStatePersister
group.streams.acceptable.recovery.lag LONG 10000 0..
group.streams.assignment.interval.ms INT 1000 0..
group.streams.assignor.offload.enable BOOLEAN true
group.streams.assignors LIST [sticky]
group.streams.heartbeat.interval.ms INT 5000 1..
group.streams.initial.rebalance.delay.ms INT 3000 0..
group.streams.max.assignment.interval.ms INT 15000 0..
group.streams.max.heartbeat.interval.ms INT 15000 1..
group.streams.max.session.timeout.ms INT 60000 1..
group.streams.max.size INT 2147483647 1..
group.streams.max.standby.replicas INT 2 0..
group.streams.max.warmup.replicas INT 20 0..
group.streams.min.assignment.interval.ms INT 0 0..
group.streams.min.heartbeat.interval.ms INT 5000 1..
group.streams.min.session.timeout.ms INT 45000 1..
group.streams.min.task.offset.interval.ms INT 15000 1..
group.streams.num.standby.replicas INT 0 0..
group.streams.num.warmup.replicas INT 2 0..
group.streams.rack.aware.assignment.tags LIST []
group.streams.session.timeout.ms INT 45000 1..
group.streams.task.offset.interval.ms INT 60000 1..
group.streams.topology.description.plugin.class CLASS -
initial.broker.registration.timeout.ms INT 60000
inter.broker.listener.name STRING -
internal.metadata.delete.delay.millis LONG 60000
internal.metadata.log.segment.bytes INT -
internal.metadata.max.batch.size.in.bytes INT 8388608
kafka.metrics.polling.interval.secs INT 10 1..
kafka.metrics.reporters LIST []
listener.security.protocol.map STRING SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT
listeners LIST [PLAINTEXT://:9092]
log.cleaner.io.buffer.size INT 524288 0..
log.cleaner.threads INT 1 0..
log.flush.interval.messages LONG 9223372036854775807 1..
log.flush.interval.ms LONG -
log.flush.offset.checkpoint.interval.ms INT 60000 0..
log.flush.scheduler.interval.ms LONG 9223372036854775807
log.flush.start.offset.checkpoint.interval.ms INT 60000 0..
log.index.interval.bytes INT 4096 0..
log.index.size.max.bytes INT 10485760 4..
log.local.retention.bytes LONG -2 -2..
log.local.retention.ms LONG -2 -2..
log.preallocate BOOLEAN false
log.remote.copy.lag.bytes LONG -1 -1..
log.remote.copy.lag.ms LONG 0 -1..
log.retention.hours INT 168
log.retention.minutes INT -
log.roll.hours INT 168 1..
log.roll.jitter.hours INT 0 0..
log.roll.jitter.ms LONG -
log.segment.delete.delay.ms LONG 60000 0..
max.decompressed.message.bytes INT 2147483639 1..2147483639
metadata.log.dir STRING -
metadata.log.max.snapshot.interval.ms LONG 3600000 0..
metadata.log.segment.bytes INT 1073741824 8388608..
metadata.log.segment.ms LONG 604800000
metadata.max.idle.interval.ms INT 500 0..
metadata.max.retention.ms LONG 604800000
metric.reporters LIST [org.apache.kafka.common.metrics.JmxReporter]
metrics.num.samples INT 2 1..
metrics.recording.level STRING INFO
metrics.sample.window.ms LONG 30000 1..
node.id INT - 0..
num.network.threads INT 3 1..
num.recovery.threads.per.data.dir INT 2 1..
num.replica.alter.log.dirs.threads INT -
num.replica.fetchers INT 1 1..
offsets.load.buffer.size INT 5242880 1..
offsets.topic.compression.codec INT 0
principal.builder.class CLASS org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder
process.roles LIST - {broker,controller}
producer.purgatory.purge.interval.requests INT 1000
queued.max.request.bytes LONG -1
queued.max.requests INT 500 1..
remote.fetch.max.wait.ms INT 500 1..
remote.list.offsets.request.timeout.ms LONG 30000 1..
remote.log.index.file.cache.total.size.bytes LONG 1073741824 1..
remote.log.index.file.cache.ttl.ms LONG 900000 -1..
remote.log.manager.copier.thread.pool.size INT 10 1..
remote.log.manager.copy.max.bytes.per.second LONG 9223372036854775807 1..
remote.log.manager.copy.quota.window.num INT 11 1..
remote.log.manager.copy.quota.window.size.seconds INT 1 1..
remote.log.manager.expiration.thread.pool.size INT 10 1..
remote.log.manager.fetch.max.bytes.per.second LONG 9223372036854775807 1..
remote.log.manager.fetch.quota.window.num INT 11 1..
remote.log.manager.fetch.quota.window.size.seconds INT 1 1..
remote.log.manager.follower.thread.pool.size INT 2 1..
remote.log.manager.task.interval.ms LONG 30000 1..
remote.log.manager.task.retry.backoff.max.ms LONG 30000 1..
remote.log.manager.task.retry.backoff.ms LONG 500 1..
remote.log.manager.task.retry.jitter DOUBLE 0.2 0..0.5
remote.log.manager.thread.pool.size INT 2 1..
remote.log.metadata.custom.metadata.max.bytes INT 128 0..
remote.log.metadata.manager.class.name STRING org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager !non-empty
remote.log.metadata.manager.class.path STRING -
remote.log.metadata.manager.impl.prefix STRING rlmm.config. !non-empty
remote.log.metadata.manager.listener.name STRING - !non-empty
remote.log.reader.max.pending.tasks INT 100 1..
remote.log.reader.threads INT 10 1..
remote.log.storage.manager.class.name STRING - !non-empty
remote.log.storage.manager.class.path STRING -
remote.log.storage.manager.impl.prefix STRING rsm.config. !non-empty
remote.log.storage.system.enable BOOLEAN false
replica.socket.receive.buffer.bytes INT 65536
sasl.enabled.mechanisms LIST [GSSAPI]
sasl.kerberos.principal.to.local.rules LIST [DEFAULT]
sasl.login.refresh.buffer.seconds SHORT 300
sasl.login.refresh.min.period.seconds SHORT 60
sasl.login.refresh.window.factor DOUBLE 0.8
sasl.login.refresh.window.jitter DOUBLE 0.05
sasl.mechanism.controller.protocol STRING GSSAPI
sasl.mechanism.inter.broker.protocol STRING GSSAPI
sasl.server.callback.handler.class CLASS -
sasl.server.max.receive.size INT 524288
security.inter.broker.protocol STRING PLAINTEXT {PLAINTEXT,SSL,SASL_PLAINTEXT,SASL_SSL}
server.max.startup.time.ms LONG 9223372036854775807 0..
share.coordinator.append.linger.ms INT -1 -1..
share.coordinator.cached.buffer.max.bytes INT 1048588 524288..
share.coordinator.cold.partition.snapshot.interval.ms INT 300000 1..
share.coordinator.load.buffer.size INT 5242880 1..
share.coordinator.state.topic.compression.codec INT 0
share.coordinator.state.topic.prune.interval.ms INT 300000 1..
share.coordinator.threads INT 1 1..
share.fetch.purgatory.purge.interval.requests INT 1000
socket.connection.setup.timeout.max.ms LONG 30000
socket.connection.setup.timeout.ms LONG 10000
socket.listen.backlog.size INT 50 1..
socket.receive.buffer.bytes INT 102400
socket.request.max.bytes INT 104857600 1..
socket.send.buffer.bytes INT 102400
ssl.allow.dn.changes BOOLEAN false
ssl.allow.san.changes BOOLEAN false
ssl.client.auth STRING none {required,requested,none}
ssl.principal.mapping.rules STRING DEFAULT
telemetry.max.bytes INT 1048576 1..
transaction.state.log.load.buffer.size INT 5242880 1..
transaction.state.log.segment.bytes INT 104857600 1..
transaction.two.phase.commit.enable BOOLEAN false
unstable.api.versions.enable BOOLEAN false
unstable.feature.versions.enable BOOLEAN false
`;
