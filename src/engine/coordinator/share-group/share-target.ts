import { javaHashOrder } from '../../base/java-hash-order.ts';
import { compareUuids, type Uuid } from '../../protocol/uuid.ts';
import type { CoordinatorHost, TopicLookup } from '../coordinator-host.ts';
import type { Assignment, GroupSpec, SpecMember } from '../consumer-group/assignor/assignor.ts';
import { writeTarget, writeTargetEpoch, type ShareDraft } from './draft.ts';
import { clampedForShares, settingsOf } from '../group/group-config.ts';
import type { ShareGroup, ShareGroupMember } from './share-group.ts';
import { assignSimply, type Assignable } from './simple-assignor.ts';

const NO_PARTITIONS: Assignment = new Map();

export const targetOfShareMember = (group: ShareGroup, memberId: string): Assignment =>
  group.targets.get(memberId) ?? NO_PARTITIONS;

/**
 * Computes a new target if the group's epoch asks for one. Until `group.share.assignment.interval.ms` is over since the
 * last one, the old target stands (KIP-1263).
 */
export function updateShareTarget(draft: ShareDraft, host: CoordinatorHost): void {
  const { groupId, groupEpoch, assignmentEpoch, assignmentTimestamp, members } = draft.group;
  if (groupEpoch <= assignmentEpoch) return;
  const intervalMs = clampedForShares(settingsOf(host, groupId), 'assignment.interval.ms');
  const waits = intervalMs > 0 && assignmentTimestamp > 0;
  if (waits && host.wallClockMs() < assignmentTimestamp + intervalMs) return;
  const assignment = assignSimply(specOf(draft.group, host.topics), assignableOf(draft.group, host.topics));
  for (const memberId of members.keys()) {
    const value = assignment.get(memberId) ?? NO_PARTITIONS;
    if (
      !draft.group.targets.has(memberId) ||
      !sameAssignment(targetOfShareMember(draft.group, memberId), value)
    )
      writeTarget(draft, memberId, value);
  }
  writeTargetEpoch(draft, groupEpoch, host.wallClockMs());
  host.trace({ type: 'generation-began', group: groupId, generation: groupEpoch, members: members.size });
}

const sameAssignment = (a: Assignment, b: Assignment): boolean =>
  a.size === b.size && [...a].every(([topicId, partitions]) => b.get(topicId)?.join() === partitions.join());

/** Partitions that the share coordinator knows, of topics that exist. */
const assignableOf = (group: ShareGroup, topics: TopicLookup): Assignable =>
  new Map(
    [...group.partitions.initialized]
      .filter(([topicId]) => topics.nameOf(topicId) !== undefined)
      .map(([topicId, { partitions }]) => [topicId, partitions]),
  );

function specOf(group: ShareGroup, topics: TopicLookup): GroupSpec {
  // The members stand in a `HashMap` when Kafka goes through them.
  const members = javaHashOrder(group.members.keys()).flatMap((id) => group.members.get(id) ?? []);
  const subscriptions = new Set(members.map(({ metadata }) => metadata.topicNames.join()));
  const spec = members.map((member) => specMember(group, member, topics));
  const counts = spec.flatMap(({ topicIds }) => topicIds.map((id) => [id, countOf(topics, id)] as const));
  return { members: spec, homogeneous: subscriptions.size <= 1, partitionCounts: new Map(counts) };
}

const countOf = (topics: TopicLookup, topicId: Uuid): number =>
  topics.partitionCount(topics.nameOf(topicId) ?? '');

const specMember = (
  group: ShareGroup,
  { memberId, metadata }: ShareGroupMember,
  topics: TopicLookup,
): SpecMember => ({
  memberId,
  instanceId: null,
  topicIds: metadata.topicNames.flatMap((name) => topics.idOf(name) ?? []).sort(compareUuids),
  assigned: targetOfShareMember(group, memberId),
});
