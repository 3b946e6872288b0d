/** Keys of Kafka Streams applications. */
export const STREAMS_KEYS = `
allow.os.group.write.access BOOLEAN false
application.id STRING -
application.server STRING ""
bootstrap.servers LIST -
built.in.metrics.version STRING latest {latest}
cache.max.bytes.buffering LONG 10485760 0..
client.id STRING <code>&lt;application.id&gt-&lt;random-UUID&gt</code>
config.providers LIST []
connections.max.idle.ms LONG 540000
default.client.supplier CLASS org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier
default.deserialization.exception.handler CLASS org.apache.kafka.streams.errors.LogAndFailExceptionHandler
default.dsl.store STRING rocksDB {rocksDB,in_memory}
default.key.serde CLASS -
default.list.key.serde.inner CLASS -
default.list.key.serde.type CLASS -
default.list.value.serde.inner CLASS -
default.list.value.serde.type CLASS -
default.production.exception.handler CLASS org.apache.kafka.streams.errors.DefaultProductionExceptionHandler
default.value.serde CLASS -
dsl.store.format STRING DEFAULT {HEADERS,DEFAULT}!any-case
enable.metrics.push BOOLEAN true
group.protocol STRING classic {STREAMS,CLASSIC}!any-case
log.summary.interval.ms LONG 120000
metadata.max.age.ms LONG 300000 0..
metadata.recovery.rebootstrap.trigger.ms LONG 300000 0..
metadata.recovery.strategy STRING rebootstrap {REBOOTSTRAP,NONE}!any-case
metric.reporters LIST [org.apache.kafka.common.metrics.JmxReporter]
metrics.num.samples INT 2 1..
metrics.recording.level STRING INFO {INFO,DEBUG,TRACE}
metrics.sample.window.ms LONG 30000 0..
processing.exception.handler.global.enabled BOOLEAN false
processor.wrapper.class CLASS org.apache.kafka.streams.processor.internals.NoOpProcessorWrapper
production.exception.handler CLASS org.apache.kafka.streams.errors.DefaultProductionExceptionHandler
rack.aware.assignment.non_overlap_cost INT -
rack.aware.assignment.strategy STRING none {none,min_traffic,balance_subtopology}
rack.aware.assignment.tags LIST []
rack.aware.assignment.traffic_cost INT -
receive.buffer.bytes INT 32768 -1..
reconnect.backoff.max.ms LONG 1000 0..
reconnect.backoff.ms LONG 50 0..
request.timeout.ms INT 40000 0..
retry.backoff.ms LONG 100 0..
rocksdb.config.setter CLASS -
security.protocol STRING PLAINTEXT {SASL_SSL,PLAINTEXT,SSL,SASL_PLAINTEXT}!any-case
send.buffer.bytes INT 131072 -1..
state.cleanup.delay.ms LONG 600000
state.cleanup.dir.max.age.ms LONG -1
state.dir STRING \${java.io.tmpdir}
task.assignor.class STRING -
task.timeout.ms LONG 300000 0..
upgrade.from STRING - {null,2.4,2.5,2.6,2.7,2.8,3.0,3.1,3.2,3.3,3.4,3.5,3.6,3.7,3.8,3.9,4.0,4.1,4.2}
window.size.ms LONG -
windowed.inner.class.serde STRING -
`;
