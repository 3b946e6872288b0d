import { lacks, type Before } from '../../../api/improvements.ts';
import type { AssignorMember, AssignorTopic, MemberAssignment } from './assignor.ts';
import { withNewestClaims } from './newest-claims.ts';
import { shareByBalance } from './sticky-balance.ts';
import {
  stickyGroup,
  byTopicAndPartition,
  type Held,
  type StickyGroup,
  type StickyPartition,
} from './sticky-group.ts';
import { shareByQuota, type StickyShare } from './sticky-quota.ts';

/** Balances, and lets members keep what they had as far as that allows (`StickyAssignor`). */
export const assignSticky = (
  topics: readonly AssignorTopic[],
  members: readonly AssignorMember[],
): Map<string, MemberAssignment> => result(share(stickyGroup(topics, members)).held);

/**
 * The sticky share without the partitions that somebody else still owns: their owner gives them up first, and the next
 * rebalance gives them to the new one (`CooperativeStickyAssignor`, KIP-429).
 */
export function assignCooperativeSticky(
  topics: readonly AssignorTopic[],
  members: readonly AssignorMember[],
  before?: Before,
): Map<string, MemberAssignment> {
  const claimants = lacks(before, 'KAFKA-14639') ? withNewestClaims(members) : members;
  const { held, transferring } = share(stickyGroup(topics, claimants));
  for (const [memberId, partitions] of held)
    held.set(
      memberId,
      partitions.filter((partition) => transferring.get(partition) !== memberId),
    );
  return result(held);
}

function share(group: StickyGroup): StickyShare {
  if (group.members.length === 0) return { held: new Map(), transferring: new Map() };
  if (allSubscribeAlike(group.members)) return shareByQuota(group);
  const held = shareByBalance(group);
  return { held, transferring: changedHands(group, held) };
}

function allSubscribeAlike(members: readonly AssignorMember[]): boolean {
  const [first, ...others] = members.map(({ topics }) => new Set(topics));
  return others.every(
    (topics) => topics.size === first?.size && [...topics].every((topic) => first.has(topic)),
  );
}

/** What one member gains and another one loses, whatever the claims are worth. */
function changedHands(group: StickyGroup, held: Held): Map<StickyPartition, string> {
  const claims = new Map(
    group.members.map(({ memberId, claim }) => [
      memberId,
      new Set(claim.partitions.flatMap(({ topic, partition }) => group.topics.get(topic)?.[partition] ?? [])),
    ]),
  );
  const given = new Set<StickyPartition>();
  for (const [memberId, partitions] of held)
    for (const partition of claims.get(memberId) ?? [])
      if (!partitions.includes(partition)) given.add(partition);
  const changed = new Map<StickyPartition, string>();
  for (const [memberId, partitions] of held)
    for (const partition of partitions)
      if (given.has(partition) && claims.get(memberId)?.has(partition) !== true)
        changed.set(partition, memberId);
  return changed;
}

const result = (held: Held): Map<string, MemberAssignment> =>
  new Map([...held].map(([memberId, partitions]) => [memberId, byTopic(partitions)]));

function byTopic(partitions: readonly StickyPartition[]): MemberAssignment {
  const assignment: MemberAssignment = new Map();
  for (const { topic, partition } of [...partitions].sort(byTopicAndPartition))
    assignment.set(topic, [...(assignment.get(topic) ?? []), partition]);
  return assignment;
}
