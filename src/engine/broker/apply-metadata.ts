import { openLog } from '../log/recovery.ts';
import { truncateFullyAndStartAt } from '../log/truncate.ts';
import { ensure } from '../base/assert.ts';
import { emptyDelta, type MetadataDelta, type PartitionDelta } from '../metadata/metadata-delta.ts';
import { CONFIG_RESOURCE } from '../metadata/metadata-record.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import { becomeFollower, becomeLeader, stopReplica } from './become.ts';
import type { Broker } from './broker-memory.ts';
import { limitsConnections } from './channels.ts';
import { checkpointedHighWatermark, checkpointedLogStart } from './checkpoints.ts';
import { changeLimits } from './connection-limits.ts';
import { effectiveBrokerConfig, effectiveTopicConfig } from './effective-config.ts';
import { forgetPlace, settlePlace } from './future-replicas.ts';
import { updateHighWatermarkAfterChange } from './high-watermark.ts';
import { placeLog } from './log-directories.ts';
import { sidesThrottled } from './quota-hooks.ts';
import { allReplicas, replicaOf, type Replica } from './replica.ts';
import { updateFetchers } from './replica-fetcher.ts';

/** Reacts to what the metadata log said (`ReplicaManager.applyDelta` and the configuration publishers). */
export function applyDelta(broker: Broker, delta: MetadataDelta): void {
  if (delta.configs.size > 0) applyConfigs(broker, delta);
  for (const change of delta.partitions.values()) applyPartition(broker, change);
  updateFetchers(broker);
  if (delta.brokers.size > 0) for (const replica of allReplicas(broker.memory)) reconsider(broker, replica);
}

/**
 * A broker takes up its replicas once it has caught up with the metadata of its own registration, not before: what older
 * metadata says of it was about an earlier life.
 */
export function publishImage(broker: Broker): void {
  const { memory } = broker;
  memory.config = effectiveBrokerConfig(memory.settings, memory.image);
  const delta = emptyDelta();
  for (const { name: topic, topicId, partitions } of memory.image.topics.values())
    partitions.forEach((after, partition) =>
      delta.partitions.set(`${topic}-${partition}`, { topic, topicId, partition, before: undefined, after }),
    );
  applyDelta(broker, delta);
}

/** Somebody was fenced, unfenced, or shuts down: whom the high watermark waits for may be different now. */
function reconsider(broker: Broker, replica: Replica): void {
  if (replica.role === 'leader') updateHighWatermarkAfterChange(broker, replica);
}

function applyConfigs(broker: Broker, delta: MetadataDelta): void {
  const { memory } = broker;
  const changes = [...delta.configs.values()];
  const brokerChanged = changes.some((change) => change.resourceType === CONFIG_RESOURCE.BROKER);
  if (brokerChanged) memory.config = effectiveBrokerConfig(memory.settings, memory.image);
  if (brokerChanged && limitsConnections(memory)) changeLimits(broker);
  const topics = new Set(
    changes.flatMap(({ resourceType, resourceName }) =>
      resourceType === CONFIG_RESOURCE.TOPIC ? [resourceName] : [],
    ),
  );
  for (const replica of allReplicas(memory)) {
    if (!brokerChanged && !topics.has(replica.topic)) continue;
    configure(broker, replica);
    reconsider(broker, replica);
  }
}

function configure(broker: Broker, replica: Replica): void {
  const { memory } = broker;
  const config = effectiveTopicConfig(memory, replica.topic);
  replica.log.config = config;
  replica.log.producers.expirationMs = memory.config['producer.id.expiration.ms'];
  replica.log.verifiesTransactions = memory.config['transaction.partition.verification.enable'];
  replica.minInsyncReplicas = Math.min(config['min.insync.replicas'], replica.assignment.length);
  replica.throttled = sidesThrottled(broker, replica, config);
}

function applyPartition(broker: Broker, change: PartitionDelta): void {
  const { memory } = broker;
  const { topicId, partition, after } = change;
  const hosted = replicaOf(memory, topicId, partition);
  if (after === undefined || !after.replicas.includes(memory.settings.brokerId)) {
    if (hosted !== undefined) stopReplica(broker, hosted);
    if (memory.directories !== null) forgetPlace(broker, memory.directories, change);
    return;
  }
  const replica = hosted ?? createReplica(broker, change, after);
  if (replica === undefined) return;
  if (memory.directories !== null) settlePlace(broker, memory.directories, replica, after);
  if (hosted !== undefined && after.partitionEpoch <= hosted.partitionEpoch) return;
  if (after.leader === memory.settings.brokerId) becomeLeader(broker, replica, after);
  else becomeFollower(broker, replica, after);
  configure(broker, replica);
  reconsider(broker, replica);
}

/** Finds the log on disk, or begins it; undefined if it may be in a directory that failed. */
function createReplica(
  broker: Broker,
  change: PartitionDelta,
  after: PartitionRegistration,
): Replica | undefined {
  const { memory, context } = broker;
  const { topic, topicId, partition } = change;
  const name = `${topic}-${partition}`;
  const path = memory.directories === null ? name : placeLog(broker, memory.directories, change, after);
  if (path === undefined) return undefined;
  const log = openLog(context, {
    partition: path,
    config: effectiveTopicConfig(memory, topic),
    logStartOffset: checkpointedLogStart(context, path),
    highWatermark: checkpointedHighWatermark(context, path),
    producerIdExpirationMs: memory.config['producer.id.expiration.ms'],
  });
  // The power took records up to behind where the log was said to begin (`LogLoader`).
  if (log.logEndOffset < log.logStartOffset) truncateFullyAndStartAt(log, context, log.logStartOffset);
  const replica: Replica = {
    topic,
    topicId,
    partition,
    name,
    log,
    role: 'follower',
    leader: -1,
    leaderEpoch: -1,
    partitionEpoch: -1,
    leaderEpochStartOffset: -1,
    assignment: after.replicas,
    isr: after.isr,
    pendingIsr: null,
    minInsyncReplicas: 1,
    throttled: [],
    remotes: new Map(),
    produceWatch: [],
  };
  if (!memory.replicas.has(topicId)) memory.replicas.set(topicId, new Map());
  ensure(memory.replicas.get(topicId), 'replicas of a topic').set(partition, replica);
  memory.replicaChanges++;
  return replica;
}
