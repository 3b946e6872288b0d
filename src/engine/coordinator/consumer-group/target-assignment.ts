import { ensure } from '../../base/assert.ts';
import { javaHashOrder } from '../../base/java-hash-order.ts';
import { compareUuids, type Uuid } from '../../protocol/uuid.ts';
import type { CoordinatorHost, TopicLookup } from '../coordinator-host.ts';
import type { Assignment, GroupSpec, ServerAssign, SpecMember } from './assignor/assignor.ts';
import { assignRanges } from './assignor/range-assignor.ts';
import { assignUniformly } from './assignor/uniform-assignor.ts';
import {
  preferredAssignor,
  targetOf,
  topicsOf,
  type ConsumerGroup,
  type ConsumerGroupMember,
} from './consumer-group.ts';
import { write, writeTargetEpoch, type Draft } from './draft.ts';
import { clamped, settingsOf } from '../group/group-config.ts';

/** Assignors of the coordinator, by name. */
const ASSIGNORS: ReadonlyMap<string, ServerAssign> = new Map([
  ['uniform', assignUniformly],
  ['range', assignRanges],
]);

export const defaultAssignor = ({ config }: CoordinatorHost): string =>
  ensure(config['group.consumer.assignors'][0], 'assignor of the coordinator');

/**
 * Computes a new target if the group's epoch asks for one. Until `group.consumer.assignment.interval.ms` is over since
 * the last one, the old target stands (KIP-1263).
 */
export function updateTarget(draft: Draft, host: CoordinatorHost): void {
  const { groupId, groupEpoch, assignmentEpoch, assignmentTimestamp, members } = draft.group;
  if (groupEpoch <= assignmentEpoch) return;
  const intervalMs = clamped(settingsOf(host, groupId), 'assignment.interval.ms');
  const waits = intervalMs > 0 && assignmentTimestamp > 0;
  if (waits && host.wallClockMs() < assignmentTimestamp + intervalMs) return;
  const assign = ensure(ASSIGNORS.get(preferredAssignor(draft.group, defaultAssignor(host))), 'assignor');
  const assignment = ensure(assign(specOf(draft.group, host.topics)), 'assignment of topics that exist');
  for (const memberId of draft.group.members.keys())
    setTarget(draft, memberId, assignment.get(memberId) ?? new Map<Uuid, readonly number[]>());
  writeTargetEpoch(draft, groupEpoch, host.wallClockMs());
  host.trace({ type: 'generation-began', group: groupId, generation: groupEpoch, members: members.size });
}

function setTarget(draft: Draft, member: string, value: Assignment): void {
  const { group } = draft;
  if (group.targets.has(member) && sameAssignment(targetOf(group, member), value)) return;
  write(draft, { type: 'ConsumerGroupTargetAssignmentMember', group: group.groupId, member, value });
}

function sameAssignment(a: Assignment, b: Assignment): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([topicId, partitions]) => b.get(topicId)?.join() === partitions.join());
}

function specOf(group: ConsumerGroup, topics: TopicLookup): GroupSpec {
  // The members stand in a `HashMap` when Kafka goes through them.
  const members = javaHashOrder(group.members.keys()).flatMap(
    (memberId) => group.members.get(memberId) ?? [],
  );
  const spec = members.map((member) => specMember(group, member, topics));
  const counts = spec.flatMap(({ topicIds }) => topicIds.map((id) => [id, countOf(topics, id)] as const));
  const subscriptions = new Set(
    members.map(({ metadata }) => JSON.stringify([metadata.topicNames, metadata.topicRegex])),
  );
  return { members: spec, homogeneous: subscriptions.size <= 1, partitionCounts: new Map(counts) };
}

const countOf = (topics: TopicLookup, topicId: Uuid): number =>
  topics.partitionCount(ensure(topics.nameOf(topicId), 'topic name'));

/** Topics that do not exist are as if nobody had asked for them. */
function specMember(group: ConsumerGroup, member: ConsumerGroupMember, topics: TopicLookup): SpecMember {
  const topicIds = [...topicsOf(group, member)].flatMap((name) => topics.idOf(name) ?? []).sort(compareUuids);
  return {
    memberId: member.memberId,
    instanceId: member.metadata.instanceId,
    topicIds,
    assigned: targetOf(group, member.memberId),
  };
}
