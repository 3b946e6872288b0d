import type { PartitionEntity, ReplicaState, TopicEntity } from '../../api/entities/partition.ts';
import { brokerNode, topicPartition, type BrokerId } from '../../api/ids.ts';
import { replicaFacts, type ReplicaFacts } from '../../broker/facts.ts';
import { effectiveTopicConfig } from '../../broker/effective-config.ts';
import type { TopicImage } from '../../metadata/metadata-image.ts';
import type { PartitionRegistration } from '../../metadata/partition-registration.ts';
import type { World } from '../world.ts';
import { hasTransactions, rateOf, type FrameSource } from './frame-source.ts';
import { stateOnDisk } from './stored-facts.ts';
import { openTransactions, stability } from './transaction-entities.ts';

/** Topics that Kafka itself keeps are internal; so are those of Streams, by their names. */
export const isInternal = (topic: string): boolean =>
  topic.startsWith('__') || topic.endsWith('-changelog') || topic.endsWith('-repartition');

/** Name of the counter of records appended to a partition, as its leader counts. */
export const appendedCounter = (partition: string): string => `appended/${partition}`;

/** Name of the counter of a leader's high watermark. */
export const committedCounter = (partition: string): string => `committed/${partition}`;

/** Every broker's replicas by partition name, looked up once a frame. */
export type ReplicaIndex = ReadonlyMap<BrokerId, ReadonlyMap<string, ReplicaFacts>>;

export function replicaIndex(world: World): ReplicaIndex {
  const index = new Map<BrokerId, ReadonlyMap<string, ReplicaFacts>>();
  for (const { id } of world.scenario.brokers) {
    const memory = world.broker(id);
    const facts = memory === undefined ? [] : replicaFacts(memory);
    index.set(id, new Map(facts.map((replica) => [replica.name, replica])));
  }
  return index;
}

/** Where a partition's committed records end at its leader; −1 while nobody leads it. */
export function highWatermarkOf(
  world: World,
  replicas: ReplicaIndex,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): number {
  const leader = world.image().topics.get(topic)?.partitions[partition]?.leader ?? -1;
  return leader < 0 ? -1 : (replicas.get(leader)?.get(topicPartition(topic, partition))?.highWatermark ?? -1);
}

export function topicEntities(
  source: FrameSource,
  replicas: ReplicaIndex,
): (TopicEntity | PartitionEntity)[] {
  const entities: (TopicEntity | PartitionEntity)[] = [];
  for (const topic of source.world.image().topics.values()) {
    if (topic.name.startsWith('__')) continue;
    const partitions = topic.partitions.map((registration, partition) =>
      partitionEntity(source, replicas, { topic: topic.name, partition, registration }),
    );
    entities.push(topicEntity(source, topic, partitions), ...partitions);
  }
  return entities;
}

function topicEntity(
  { world }: FrameSource,
  topic: TopicImage,
  partitions: readonly PartitionEntity[],
): TopicEntity {
  const sum = partitions.reduce((total, { recordsPerSecond }) => total + recordsPerSecond, 0);
  return {
    kind: 'topic',
    id: `topic:${topic.name}`,
    name: topic.name,
    partitions: topic.partitions.length,
    replicationFactor: topic.partitions[0]?.replicas.length ?? 0,
    minInsyncReplicas: minInsyncReplicas(world, topic.name),
    internal: isInternal(topic.name),
    recordsPerSecond: Math.round(sum * 10) / 10,
  };
}

/** As a broker that is up applies it. */
function minInsyncReplicas(world: World, topic: string): number {
  for (const { id } of world.scenario.brokers) {
    const memory = world.broker(id);
    if (memory !== undefined) return effectiveTopicConfig(memory, topic)['min.insync.replicas'];
  }
  return 0;
}

interface PartitionPlace {
  readonly topic: string;
  readonly partition: number;
  readonly registration: PartitionRegistration;
}

function partitionEntity(source: FrameSource, index: ReplicaIndex, place: PartitionPlace): PartitionEntity {
  const { topic, partition, registration } = place;
  const name = topicPartition(topic, partition);
  const states = registration.replicas.map((broker) => replicaState(source.world, index, broker, name));
  const leader = index.get(registration.leader)?.get(name);
  return {
    kind: 'partition',
    id: `partition:${name}`,
    name,
    topic,
    partition,
    leader: registration.leader,
    leaderEpoch: registration.leaderEpoch,
    partitionEpoch: registration.partitionEpoch,
    replicas: registration.replicas,
    isr: registration.isr,
    ...(registration.elr.length === 0 ? {} : { elr: registration.elr }),
    ...(registration.lastKnownElr.length === 0 ? {} : { lastKnownElr: registration.lastKnownElr }),
    states,
    ...(leader === undefined || leader.log.producers.ongoing.length === 0 ? {} : openTransactions(leader)),
    recordsPerSecond: leader === undefined ? 0 : rateOf(source, appendedCounter(name), leader.logEnd),
  };
}

function replicaState(world: World, index: ReplicaIndex, broker: BrokerId, name: string): ReplicaState {
  const facts = index.get(broker)?.get(name);
  const { status } = world.slot(brokerNode(broker));
  if (facts === undefined) return stateOnDisk(world, broker, name);
  return {
    broker,
    online: status === 'up',
    role: facts.role,
    logStart: facts.logStart,
    highWatermark: facts.highWatermark,
    logEnd: facts.logEnd,
    leaderEpoch: facts.leaderEpoch,
    ...(hasTransactions(world) ? stability(facts) : {}),
    ...(facts.throttled ? { throttled: true } : {}),
  };
}
