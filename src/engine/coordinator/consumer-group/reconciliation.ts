import type { Uuid } from '../../protocol/uuid.ts';
import type { Assignment } from './assignor/assignor.ts';

/**
 * - `STABLE`: has all of its target
 * - `UNREVOKED_PARTITIONS`: the member has to give up partitions first, and stays in its epoch until it says that it has
 * - `UNRELEASED_PARTITIONS`: in its target's epoch, but others have not given up some of its partitions yet
 */
export type MemberState = 'STABLE' | 'UNREVOKED_PARTITIONS' | 'UNRELEASED_PARTITIONS';

/** Partitions by topic id, each with the member epoch in which it was assigned. Frozen. */
export type AssignedPartitions = ReadonlyMap<Uuid, ReadonlyMap<number, number>>;

/** Where a member stands between what it has and what it should have. Frozen. */
export interface CurrentAssignment {
  readonly state: MemberState;
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly assigned: AssignedPartitions;
  /** Still the member's until it no longer reports them. */
  readonly pendingRevocation: AssignedPartitions;
}

export interface ReconciliationInput {
  readonly targetEpoch: number;
  readonly target: Assignment;
  /** What the member says it owns, null if it does not say. */
  readonly owned: Assignment | null;
  readonly subscriptionChanged: boolean;
  readonly isSubscribed: (topicId: Uuid) => boolean;
  /** Whether the member is subscribed to anything. */
  readonly hasTopics: boolean;
  /** Whether a member has the partition or is still to give it up. */
  readonly isHeld: (topicId: Uuid, partition: number) => boolean;
}

const NONE_ASSIGNED: AssignedPartitions = new Map();

/** A member that has just joined. */
export const NEW_ASSIGNMENT: CurrentAssignment = Object.freeze({
  state: 'STABLE',
  memberEpoch: 0,
  previousMemberEpoch: 0,
  assigned: NONE_ASSIGNED,
  pendingRevocation: NONE_ASSIGNED,
});

/**
 * The member's next step towards its target, or the very same value if there is none now (`CurrentAssignmentBuilder`,
 * KIP-848).
 */
export function reconcile(member: CurrentAssignment, input: ReconciliationInput): CurrentAssignment {
  const { targetEpoch, subscriptionChanged, owned } = input;
  switch (member.state) {
    case 'STABLE':
      if (member.memberEpoch !== targetEpoch) return advance(member, input);
      return subscriptionChanged ? dropUnsubscribed(member, input) : member;
    case 'UNREVOKED_PARTITIONS':
      if (!ownsAny(owned, member.pendingRevocation)) return advance(member, input);
      return subscriptionChanged ? dropUnsubscribed(member, input) : member;
    case 'UNRELEASED_PARTITIONS':
      return advance(member, input);
  }
}

/** Without word from the member everything counts as owned. */
function ownsAny(owned: Assignment | null, partitions: AssignedPartitions): boolean {
  if (owned === null) return true;
  for (const [topicId, numbers] of owned)
    if (numbers.some((partition) => partitions.get(topicId)?.has(partition) === true)) return true;
  return false;
}

/** Takes the next step towards the target: first gives up, then gets. */
function advance(member: CurrentAssignment, input: ReconciliationInput): CurrentAssignment {
  const { target, targetEpoch, isSubscribed, isHeld, owned } = input;
  const [kept, revoked] = split(
    member.assigned,
    (topicId, partition) => isSubscribed(topicId) && target.get(topicId)?.includes(partition) === true,
  );
  if (ownsAny(owned, revoked) && revoked.size > 0) return revoking(member, kept, revoked);
  let unreleased = false;
  const gained: AssignedEntry[] = [];
  for (const [topicId, partitions] of target)
    for (const partition of isSubscribed(topicId) ? partitions : []) {
      if (has(kept, topicId, partition)) continue;
      if (isHeld(topicId, partition) && !has(member.pendingRevocation, topicId, partition)) unreleased = true;
      else gained.push({ topicId, partition, epoch: targetEpoch });
    }
  return Object.freeze({
    state: unreleased ? 'UNRELEASED_PARTITIONS' : 'STABLE',
    memberEpoch: targetEpoch,
    previousMemberEpoch: member.memberEpoch,
    assigned: assignedPartitions([...entriesOf(kept), ...gained]),
    pendingRevocation: NONE_ASSIGNED,
  });
}

/** A member that unsubscribes gives up at once, whatever its target still says. */
function dropUnsubscribed(member: CurrentAssignment, input: ReconciliationInput): CurrentAssignment {
  const [kept, dropped] = split(member.assigned, input.isSubscribed);
  const dropsAll = !input.hasTopics && member.pendingRevocation.size === 0;
  if (dropped.size === 0 && !dropsAll) return member;
  const revoked = assignedPartitions([...entriesOf(member.pendingRevocation), ...entriesOf(dropped)]);
  if (revoked.size > 0 && ownsAny(input.owned, revoked)) return revoking(member, kept, revoked);
  return Object.freeze({ ...member, previousMemberEpoch: member.memberEpoch, assigned: kept });
}

const revoking = (
  member: CurrentAssignment,
  assigned: AssignedPartitions,
  pendingRevocation: AssignedPartitions,
): CurrentAssignment =>
  Object.freeze({
    state: 'UNREVOKED_PARTITIONS',
    memberEpoch: member.memberEpoch,
    previousMemberEpoch: member.memberEpoch,
    assigned,
    pendingRevocation,
  });

/** One assigned partition. */
export interface AssignedEntry {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly epoch: number;
}

export const entriesOf = (partitions: AssignedPartitions): AssignedEntry[] =>
  [...partitions].flatMap(([topicId, numbers]) =>
    [...numbers].map(([partition, epoch]) => ({ topicId, partition, epoch })),
  );

/** Ordered by topic id and partition, whatever the order of the entries. */
export function assignedPartitions(entries: readonly AssignedEntry[]): AssignedPartitions {
  const byTopic = new Map<Uuid, Map<number, number>>();
  const inOrder = (a: AssignedEntry, b: AssignedEntry): number =>
    a.topicId < b.topicId ? -1 : a.topicId > b.topicId ? 1 : a.partition - b.partition;
  for (const { topicId, partition, epoch } of [...entries].sort(inOrder)) {
    const partitions = byTopic.get(topicId);
    if (partitions === undefined) byTopic.set(topicId, new Map([[partition, epoch]]));
    else partitions.set(partition, epoch);
  }
  return byTopic;
}

const has = (partitions: AssignedPartitions, topicId: Uuid, partition: number): boolean =>
  partitions.get(topicId)?.has(partition) === true;

function split(
  partitions: AssignedPartitions,
  keep: (topicId: Uuid, partition: number) => boolean,
): readonly [kept: AssignedPartitions, others: AssignedPartitions] {
  const entries = entriesOf(partitions);
  const kept = entries.filter(({ topicId, partition }) => keep(topicId, partition));
  const others = entries.filter(({ topicId, partition }) => !keep(topicId, partition));
  return [assignedPartitions(kept), assignedPartitions(others)];
}

/** Whether two states say the same. */
export const sameCurrentAssignment = (a: CurrentAssignment, b: CurrentAssignment): boolean =>
  a === b ||
  (a.state === b.state &&
    a.memberEpoch === b.memberEpoch &&
    a.previousMemberEpoch === b.previousMemberEpoch &&
    textOf(a.assigned) === textOf(b.assigned) &&
    textOf(a.pendingRevocation) === textOf(b.pendingRevocation));

const textOf = (partitions: AssignedPartitions): string =>
  entriesOf(partitions)
    .map(({ topicId, partition, epoch }) => `${topicId} ${partition} ${epoch}`)
    .join();
