import type { GroupEntity, GroupPartition, SharePartitionState, ShareRun } from '../../api/entities/group.ts';
import { topicPartition, type NodeId } from '../../api/ids.ts';
import { MICROS_PER_MS } from '../../base/time.ts';
import { shareFacts, type ShareFacts, type ShareRunFacts } from '../../broker/share-facts.ts';
import type { GroupFacts } from '../../coordinator/group/group-facts.ts';
import { shown } from '../prelude.ts';
import { rateOf, type FrameSource } from './frame-source.ts';
import { coordinated } from './group-entities.ts';
import { sharedCounter } from './shared-counter.ts';
import { committedCounter, type ReplicaIndex } from './partition-entities.ts';

/** So many parts of what is in flight in a partition are told. */
const RUNS_MAX = 40;

/** The share groups of a scenario. */
export const shareGroupEntities = (source: FrameSource, replicas: ReplicaIndex): GroupEntity[] =>
  (source.world.scenario.shareGroups ?? []).map((plan) => shareGroupEntity(source, replicas, plan));

interface Plan {
  readonly id: string;
  readonly topic: string;
}

function shareGroupEntity(source: FrameSource, replicas: ReplicaIndex, { id, topic }: Plan): GroupEntity {
  const { coordinator, facts } = coordinated(source.world, id);
  const members = facts?.members ?? [];
  const nodes = new Map(members.map(({ memberId, clientId }) => [memberId, clientId]));
  const known = sharedPartitions(source, id, topic);
  const partitions = known.map((one) => partitionOf(source, replicas, id, one));
  return {
    kind: 'group',
    id: `group:${id}`,
    name: id,
    state: facts?.state ?? 'unknown',
    generation: facts?.generation ?? -1,
    ...(facts?.assignmentEpoch == null ? {} : { assignmentEpoch: facts.assignmentEpoch }),
    protocol: facts?.protocol ?? '',
    coordinator,
    members: membersOf(facts),
    partitions,
    share: known.map((one) => stateOf(one, nodes)),
    recordsPerSecond: partitions.reduce((sum, { recordsPerSecond }) => sum + recordsPerSecond, 0),
  };
}

/** Nobody has to give anything up: what a member is given it has. */
const membersOf = (facts: GroupFacts | undefined): GroupEntity['members'] =>
  (facts?.members ?? []).map(({ memberId, clientId, memberEpoch = -1, assigned: all }) => {
    const assigned = all.map(({ topic, partition }) => topicPartition(topic, partition));
    return {
      memberId,
      node: clientId,
      epoch: memberEpoch,
      owned: assigned,
      assigned,
      giving: [],
      coming: [],
    };
  });

interface SharedPartition {
  readonly name: string;
  readonly leader: number;
  readonly facts: ShareFacts | undefined;
}

function sharedPartitions({ world }: FrameSource, groupId: string, topicName: string): SharedPartition[] {
  const topic = world.image().topics.get(topicName);
  return (topic?.partitions ?? []).map(({ leader, leaderEpoch }, partition) => {
    const memory = leader < 0 ? undefined : world.broker(leader);
    const key = { groupId, topicId: topic?.topicId ?? '', partition };
    const facts = memory === undefined ? undefined : shareFacts(memory, key, leaderEpoch);
    return { name: topicPartition(topicName, partition), leader, facts };
  });
}

/** For each partition of each share group how many of its records are done with. */
export function countShares(source: Pick<FrameSource, 'world'>, counters: Map<string, number>): void {
  for (const { id, topic } of source.world.scenario.shareGroups ?? [])
    for (const { name, facts } of sharedPartitions(source as FrameSource, id, topic))
      if (facts !== undefined) counters.set(sharedCounter(id, name), facts.startOffset + facts.completed);
}

function partitionOf(
  source: FrameSource,
  replicas: ReplicaIndex,
  group: string,
  { name, leader, facts }: SharedPartition,
): GroupPartition {
  const end = leader < 0 ? -1 : (replicas.get(leader)?.get(name)?.highWatermark ?? -1);
  const start = facts?.startOffset ?? -1;
  const done = start + (facts?.completed ?? 0);
  const lag = end < 0 || start < 0 ? 0 : Math.max(0, end - done);
  const since = lag === 0 ? source.now : source.history.firstAbove(committedCounter(name), start, source.now);
  return {
    name,
    owner: '',
    position: facts?.endOffset ?? -1,
    committed: start,
    end,
    lag,
    lagMs: Math.floor((source.now - since) / MICROS_PER_MS),
    recordsPerSecond: start < 0 ? 0 : rateOf(source, sharedCounter(group, name), done),
  };
}

function stateOf({ name, facts }: SharedPartition, nodes: ReadonlyMap<string, NodeId>): SharePartitionState {
  const runs = facts?.runs ?? [];
  const count = (state: ShareRunFacts['state']): number =>
    runs.filter((run) => run.state === state).reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return {
    name,
    start: facts?.startOffset ?? -1,
    end: (facts?.endOffset ?? 0) - 1,
    acquired: count('Acquired'),
    available: count('Available'),
    completed: count('Acknowledged') + count('Archived'),
    runs: runs.slice(0, RUNS_MAX).map((run) => runOf(run, nodes)),
    moreRuns: Math.max(0, runs.length - RUNS_MAX),
  };
}

const runOf = (
  { first, last, state, deliveryCount: deliveries, memberId, lockedUntil }: ShareRunFacts,
  nodes: ReadonlyMap<string, NodeId>,
): ShareRun => ({
  first,
  last,
  state,
  deliveries,
  node: nodes.get(memberId) ?? '',
  lockedUntil: lockedUntil < 0 ? -1 : shown(lockedUntil),
});
