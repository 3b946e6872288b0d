import type { SimTime } from '../../base/time.ts';
import type { MetadataResponse, MetadataResponsePartition } from '../../protocol/metadata.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { Uuid } from '../../protocol/uuid.ts';

/** No broker leads, or nothing is known. */
export const NO_LEADER = -1;
/** No leader epoch is known. */
export const NO_EPOCH = -1;

/** What a client knows of one topic. Columns by partition number. */
export interface TopicMetadata {
  readonly name: string;
  readonly topicId: Uuid;
  readonly isInternal: boolean;
  /** Broker id, or {@link NO_LEADER}. */
  leaders: number[];
  leaderEpochs: number[];
  /** Racks of the replicas, each once, ascending; all empty when brokers have none. */
  racks: string[][];
}

/** Partitions whose leader is one broker, in order of topic name and partition number. */
export interface LedPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * A client's picture of the cluster (`Metadata`, `MetadataCache`): only topics that it asked for, possibly out of date.
 * A leader epoch never goes back, so an answer from a broker that lags behind cannot undo what is known.
 */
export interface ClusterMetadata {
  /** What is asked for: the wanted topics by name, all topics, or those with these ids. */
  scope: 'wanted' | 'all' | readonly Uuid[];
  /** Topics the client wants to know about. */
  readonly wanted: Set<string>;
  readonly topics: Map<string, TopicMetadata>;
  readonly topicNames: Map<Uuid, string>;
  /** Brokers alive by the last answer: id → host. */
  brokers: Map<number, string>;
  /** Their racks; whom it does not name is in none. */
  brokerRacks: ReadonlyMap<number, string | null>;
  /** What each broker leads, by topic name and partition. */
  led: ReadonlyMap<number, readonly LedPartition[]>;
  /** Grows with every change. */
  version: number;
  updatedAt: SimTime;
  /** Error code per wanted topic that the last answer did not describe. */
  readonly topicErrors: Map<string, number>;
}

export const newClusterMetadata = (): ClusterMetadata => ({
  scope: 'wanted',
  wanted: new Set(),
  topics: new Map(),
  topicNames: new Map(),
  brokers: new Map(),
  brokerRacks: new Map(),
  led: new Map(),
  version: 0,
  updatedAt: -1,
  topicErrors: new Map(),
});

/** Takes over an answer. Returns whether something is still missing, so that the client has to ask again. */
export function applyMetadata(metadata: ClusterMetadata, response: MetadataResponse, now: SimTime): boolean {
  metadata.brokers = new Map(response.brokers.map((broker) => [broker.nodeId, broker.host]));
  const racks = new Map(response.brokers.map((broker) => [broker.nodeId, broker.rack]));
  metadata.brokerRacks = racks;
  metadata.topicErrors.clear();
  let incomplete = false;
  for (const topic of response.topics) {
    const name = topic.name;
    if (name === null || !metadata.wanted.has(name)) continue;
    if (topic.errorCode !== NONE) {
      metadata.topicErrors.set(name, topic.errorCode);
      incomplete = true;
      continue;
    }
    const known = knownTopic(metadata, { name, topicId: topic.topicId, isInternal: topic.isInternal });
    for (const partition of topic.partitions) {
      applyPartition(known, partition, racks);
      if (partition.errorCode !== NONE || partition.leaderId === NO_LEADER) incomplete = true;
    }
  }
  if (metadata.scope === 'all') forgetMissing(metadata, response);
  metadata.updatedAt = now;
  changed(metadata);
  return incomplete;
}

/** Of all topics a wanted one was not told: there is none. */
function forgetMissing(metadata: ClusterMetadata, { topics }: MetadataResponse): void {
  const told = new Set(topics.map(({ name }) => name));
  for (const name of [...metadata.wanted, ...metadata.topics.keys()]) {
    if (told.has(name)) continue;
    const known = metadata.topics.get(name);
    if (known !== undefined) metadata.topicNames.delete(known.topicId);
    metadata.topics.delete(name);
    metadata.topicErrors.set(name, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION);
  }
}

/** The topic's entry; a topic that was deleted and made anew (other id) starts from nothing. */
function knownTopic(
  metadata: ClusterMetadata,
  { name, topicId, isInternal }: Pick<TopicMetadata, 'name' | 'topicId' | 'isInternal'>,
): TopicMetadata {
  const known = metadata.topics.get(name);
  if (known !== undefined && known.topicId === topicId) return known;
  if (known !== undefined) metadata.topicNames.delete(known.topicId);
  const fresh: TopicMetadata = { name, topicId, isInternal, leaders: [], leaderEpochs: [], racks: [] };
  metadata.topics.set(name, fresh);
  metadata.topicNames.set(topicId, name);
  return fresh;
}

function applyPartition(
  topic: TopicMetadata,
  partition: MetadataResponsePartition,
  rackOf: ReadonlyMap<number, string | null>,
): void {
  const p = partition.partitionIndex;
  while (topic.leaders.length <= p) {
    topic.leaders.push(NO_LEADER);
    topic.leaderEpochs.push(NO_EPOCH);
    topic.racks.push([]);
  }
  if (partition.leaderEpoch < (topic.leaderEpochs[p] ?? NO_EPOCH)) return;
  topic.leaders[p] = partition.leaderId;
  topic.leaderEpochs[p] = partition.leaderEpoch;
  const racks = new Set<string>();
  for (const replica of partition.replicaNodes) {
    const rack = rackOf.get(replica);
    if (typeof rack === 'string') racks.add(rack);
  }
  topic.racks[p] = [...racks].sort();
}

/** A leader named by a produce or fetch error (KIP-951). Returns whether it is news. */
export function applyCurrentLeader(
  metadata: ClusterMetadata,
  { topic, partition }: LedPartition,
  leader: { readonly leaderId: number; readonly leaderEpoch: number },
): boolean {
  const known = metadata.topics.get(topic);
  if (known === undefined || leader.leaderId < 0) return false;
  if (leader.leaderEpoch <= (known.leaderEpochs[partition] ?? NO_EPOCH)) return false;
  if (!metadata.brokers.has(leader.leaderId)) return false;
  known.leaders[partition] = leader.leaderId;
  known.leaderEpochs[partition] = leader.leaderEpoch;
  changed(metadata);
  return true;
}

export const leaderOf = (metadata: ClusterMetadata, topic: string, partition: number): number =>
  metadata.topics.get(topic)?.leaders[partition] ?? NO_LEADER;

export const leaderEpochOf = (metadata: ClusterMetadata, topic: string, partition: number): number =>
  metadata.topics.get(topic)?.leaderEpochs[partition] ?? NO_EPOCH;

/** Number of partitions, 0 while the topic is unknown. */
export const partitionCount = (metadata: ClusterMetadata, topic: string): number =>
  metadata.topics.get(topic)?.leaders.length ?? 0;

function changed(metadata: ClusterMetadata): void {
  const led = new Map<number, LedPartition[]>();
  for (const topic of [...metadata.topics.keys()].sort()) {
    const leaders = metadata.topics.get(topic)?.leaders ?? [];
    leaders.forEach((leader, partition) => {
      if (leader === NO_LEADER) return;
      const list = led.get(leader);
      if (list === undefined) led.set(leader, [Object.freeze({ topic, partition })]);
      else list.push(Object.freeze({ topic, partition }));
    });
  }
  metadata.led = led;
  metadata.version += 1;
}
