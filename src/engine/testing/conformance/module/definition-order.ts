/**
 * Kafka reads the values of a client in the order in which its keys were defined (`ConfigDef.parse`), so of several that
 * are wrong this is the order in which they are told. Keys that are not here come last: of security, without limits.
 */
const ORDER = {
  producer: `bootstrap.servers client.dns.lookup buffer.memory buffer.memory.allocation.strategy retries acks compression.type
    compression.gzip.level compression.lz4.level compression.zstd.level batch.size partitioner.adaptive.partitioning.enable
    partitioner.availability.timeout.ms partitioner.ignore.keys partitioner.rack.aware linger.ms delivery.timeout.ms client.id
    client.rack send.buffer.bytes receive.buffer.bytes max.request.size reconnect.backoff.ms reconnect.backoff.max.ms
    retry.backoff.ms retry.backoff.max.ms bootstrap.resolve.timeout.ms enable.metrics.push max.block.ms request.timeout.ms
    metadata.max.age.ms metadata.max.idle.ms metrics.sample.window.ms metrics.num.samples metrics.recording.level
    metric.reporters max.in.flight.requests.per.connection key.serializer value.serializer socket.connection.setup.timeout.ms
    socket.connection.setup.timeout.max.ms connections.max.idle.ms partitioner.class interceptor.classes security.protocol
    security.providers enable.idempotence transaction.timeout.ms transactional.id transaction.two.phase.commit.enable
    metadata.recovery.strategy metadata.recovery.rebootstrap.trigger.ms metadata.cluster.check.enable config.providers`,
  consumer: `bootstrap.servers client.dns.lookup bootstrap.resolve.timeout.ms group.id group.instance.id session.timeout.ms
    heartbeat.interval.ms partition.assignment.strategy metadata.max.age.ms enable.auto.commit auto.commit.interval.ms
    client.id client.rack max.partition.fetch.bytes send.buffer.bytes receive.buffer.bytes fetch.min.bytes fetch.max.bytes
    fetch.max.wait.ms reconnect.backoff.ms reconnect.backoff.max.ms retry.backoff.ms retry.backoff.max.ms enable.metrics.push
    auto.offset.reset check.crcs metrics.sample.window.ms metrics.num.samples metrics.recording.level metric.reporters
    key.deserializer value.deserializer request.timeout.ms default.api.timeout.ms socket.connection.setup.timeout.ms
    socket.connection.setup.timeout.max.ms connections.max.idle.ms interceptor.classes max.poll.records max.poll.interval.ms
    exclude.internal.topics internal.throw.on.fetch.stable.offset.unsupported isolation.level allow.auto.create.topics
    group.protocol group.remote.assignor security.providers security.protocol metadata.recovery.strategy
    metadata.recovery.rebootstrap.trigger.ms metadata.cluster.check.enable share.acknowledgement.mode share.acquire.mode
    config.providers`,
} as const;

/** The keys in the order in which they are read. */
export function inDefinitionOrder(set: keyof typeof ORDER, keys: readonly string[]): readonly string[] {
  const known = ORDER[set].split(/\s+/);
  return [...known.filter((key) => keys.includes(key)), ...keys.filter((key) => !known.includes(key))];
}
