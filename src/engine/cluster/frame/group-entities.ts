import type { GroupEntity, GroupMember, GroupPartition, Processing } from '../../api/entities/group.ts';
import { streamClientOf } from '../../api/client-names.ts';
import { topicPartition, type BrokerId, type NodeId, type TopicPartitionName } from '../../api/ids.ts';
import { isTopicOf } from '../../api/topic-pattern.ts';
import { MICROS_PER_MS } from '../../base/time.ts';
import { isInternalTopic } from '../../broker/coordinator-topic.ts';
import { consumerFacts, type ConsumedPartition } from '../../client/consumer/consumer-facts.ts';
import {
  groupFacts,
  type GroupFacts,
  type GroupMemberFacts,
  type PartitionFacts,
} from '../../coordinator/group/group-facts.ts';
import { partitionForGroup } from '../../coordinator/group/group-request.ts';
import { knowledgeOf } from '../view/group-views.ts';
import type { World } from '../world.ts';
import { sourceTopicsOf } from './application-entities.ts';
import { rateOf, type FrameSource } from './frame-source.ts';
import { committedCounter, type ReplicaIndex } from './partition-entities.ts';

const OFFSETS_TOPIC = '__consumer_offsets';

/** Name of the counter of a group's position in a partition. */
export const positionCounter = (group: string, partition: TopicPartitionName): string =>
  `position/${group}/${partition}`;

/** A group of the scenario: a consumer group, or the members of an application. */
export interface GroupPlan {
  readonly id: string;
  readonly topics: readonly string[];
  /** Of the names of its topics. */
  readonly pattern?: string;
}

/** What one owner knows of a partition. */
export interface OwnedPartition extends ConsumedPartition {
  readonly owner: NodeId;
}

/** Partitions by name, as those members who own them know them. */
export function ownedPartitions(world: World, group: string): Map<TopicPartitionName, OwnedPartition> {
  const owned = new Map<TopicPartitionName, OwnedPartition>();
  for (const { node, consumer } of world.consumersOf(group))
    for (const partition of consumerFacts(consumer).partitions)
      owned.set(partition.name, { ...partition, owner: node });
  return owned;
}

/** The groups of a scenario: its consumer groups, and the members of its applications. */
export const groupPlans = (world: World): GroupPlan[] => [
  ...world.scenario.applications.map((spec) => ({ id: spec.id, topics: sourceTopicsOf(world, spec) })),
  ...world.scenario.groups.map(({ id, topic, topicsPattern: pattern }) =>
    pattern === undefined ? { id, topics: [topic] } : { id, topics: topicsOf(world, pattern), pattern },
  ),
];

const topicsOf = (world: World, pattern: string): readonly string[] =>
  [...world.image().topics.keys()].filter((name) => !isInternalTopic(name) && isTopicOf(pattern, name));

export const groupEntities = (
  source: FrameSource,
  replicas: ReplicaIndex,
  processingOf: (group: string) => Processing | undefined,
): GroupEntity[] =>
  groupPlans(source.world).map((plan) => {
    const entity = groupEntity(source, replicas, plan);
    const processing = processingOf(plan.id);
    return processing === undefined ? entity : { ...entity, processing };
  });

function groupEntity(source: FrameSource, replicas: ReplicaIndex, plan: GroupPlan): GroupEntity {
  const { world } = source;
  const { coordinator, facts, loading } = coordinated(world, plan.id);
  const partitions = groupPartitions(source, replicas, { plan, facts });
  const sum = partitions.reduce((total, { recordsPerSecond }) => total + recordsPerSecond, 0);
  return {
    kind: 'group',
    id: `group:${plan.id}`,
    name: plan.id,
    state: facts?.state ?? 'unknown',
    generation: facts?.generation ?? -1,
    ...(facts?.assignmentEpoch == null ? {} : { assignmentEpoch: facts.assignmentEpoch }),
    protocol: facts?.protocol ?? '',
    ...(plan.pattern === undefined ? {} : { topicsPattern: plan.pattern }),
    coordinator,
    ...(loading ? { coordinatorLoads: true as const } : {}),
    members: membersOf(world, plan.id, facts),
    partitions,
    recordsPerSecond: Math.round(sum * 10) / 10,
  };
}

/** The broker that leads the group's partition of the offsets topic, and what it holds of the group. */
export function coordinated(
  world: World,
  group: string,
): { coordinator: BrokerId; facts: GroupFacts | undefined; loading: boolean } {
  const topic = world.image().topics.get(OFFSETS_TOPIC);
  if (topic === undefined) return { coordinator: -1, facts: undefined, loading: false };
  const partition = partitionForGroup(group, topic.partitions.length);
  const coordinator = topic.partitions[partition]?.leader ?? -1;
  const memory = coordinator < 0 ? undefined : world.broker(coordinator);
  const facts =
    memory === undefined ? [] : groupFacts(memory.coordinator, knowledgeOf(memory, world.image()));
  const loading = memory?.coordinator.shards.get(partition)?.status === 'loading';
  return { coordinator, facts: facts.find(({ groupId }) => groupId === group), loading };
}

/** Members as the coordinator lists them, with what each of those that live believes to own. */
function membersOf(world: World, group: string, facts: GroupFacts | undefined): GroupMember[] {
  const living = world
    .consumersOf(group)
    .map(({ node, thread, consumer }) => ({ node, thread, own: consumerFacts(consumer) }));
  return (facts?.members ?? []).map((known) => {
    const member = living.find(({ own }) => own.memberId === known.memberId);
    const { node, thread } = member ?? goneMember(known);
    return {
      memberId: known.memberId,
      node,
      ...(thread === undefined ? {} : { thread }),
      epoch: known.reconciling?.memberEpoch ?? member?.own.generationId ?? -1,
      ...(member === undefined || member.own.sessions.length === 0 ? {} : { sessions: member.own.sessions }),
      ...holdings(known, member?.own.partitions.map(({ name }) => name) ?? []),
    };
  });
}

/** Who the coordinator's member is, by the name of its client alone. */
const goneMember = ({ clientId }: GroupMemberFacts): Pick<GroupMember, 'node' | 'thread'> =>
  streamClientOf(clientId) ?? { node: clientId };

/** A member's partitions: what it has, what it was given, and the way between them. */
function holdings(
  { assigned, reconciling }: GroupMemberFacts,
  owned: readonly TopicPartitionName[],
): Pick<GroupMember, 'owned' | 'assigned' | 'giving' | 'coming'> {
  const held = namesOf(assigned);
  const revoking = namesOf(reconciling?.revoking ?? []);
  const given = without(held, revoking);
  return {
    owned,
    assigned: given,
    giving: reconciling === null ? without(owned, held) : revoking,
    coming: without(reconciling === null ? held : namesOf(reconciling.target), owned),
  };
}

const namesOf = (partitions: readonly PartitionFacts[]): TopicPartitionName[] =>
  partitions.map(({ topic, partition }) => topicPartition(topic, partition));

function without(
  names: readonly TopicPartitionName[],
  others: readonly TopicPartitionName[],
): readonly TopicPartitionName[] {
  if (others.length === 0 || names.length === 0) return names;
  const gone = new Set(others);
  return names.filter((name) => !gone.has(name));
}

interface GroupSource {
  readonly plan: GroupPlan;
  readonly facts: GroupFacts | undefined;
}

function groupPartitions(
  source: FrameSource,
  replicas: ReplicaIndex,
  { plan, facts }: GroupSource,
): GroupPartition[] {
  const owned = ownedPartitions(source.world, plan.id);
  const committed = new Map(
    facts?.committed.map(({ topic, partition, offset }) => [topicPartition(topic, partition), offset]),
  );
  return plan.topics.flatMap((topic) =>
    (source.world.image().topics.get(topic)?.partitions ?? []).map(({ leader }, partition) => {
      const name = topicPartition(topic, partition);
      const end = leader < 0 ? -1 : (replicas.get(leader)?.get(name)?.highWatermark ?? -1);
      return groupPartition(source, plan.id, {
        name,
        end,
        owned: owned.get(name),
        committed: committed.get(name) ?? -1,
      });
    }),
  );
}

interface ReadFacts {
  readonly name: TopicPartitionName;
  readonly end: number;
  readonly owned: OwnedPartition | undefined;
  readonly committed: number;
}

function groupPartition(
  source: FrameSource,
  group: string,
  { name, end, owned, committed }: ReadFacts,
): GroupPartition {
  const position = owned?.position ?? -1;
  const readUpTo = position >= 0 ? position : Math.max(committed, 0);
  const lag = end < 0 ? 0 : Math.max(0, end - readUpTo);
  const since =
    lag === 0 ? source.now : source.history.firstAbove(committedCounter(name), readUpTo, source.now);
  return {
    name,
    owner: owned?.owner ?? '',
    position,
    committed,
    end,
    lag,
    lagMs: Math.floor((source.now - since) / MICROS_PER_MS),
    recordsPerSecond: position < 0 ? 0 : rateOf(source, positionCounter(group, name), position),
  };
}
