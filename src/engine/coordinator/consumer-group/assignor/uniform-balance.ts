import { assert, ensure } from '../../../base/assert.ts';
import { compareUuids, type Uuid } from '../../../protocol/uuid.ts';
import type { GroupAssignment, GroupSpec } from './assignor.ts';
import { areLevel, loadLevels, nextGiver, nextTaker, passOver } from './load-levels.ts';

/** Rounds over all topics; with overlapping subscriptions balance may take longer than it is worth. */
const ROUNDS_MAX = 16;
const NOBODY = -1;

interface Topic {
  readonly topicId: Uuid;
  /** Indexes of members, ascending. */
  readonly subscribers: readonly number[];
  /** Index of each partition's member, or NOBODY. */
  readonly owners: number[];
}

interface Balance {
  readonly topics: readonly Topic[];
  /** Partitions of each member. */
  readonly loads: number[];
}

/**
 * Members subscribe to different topics (`UniformHeterogeneousAssignmentBuilder`): they keep what they have and may have,
 * the rest goes to whoever has least, and then partitions move from those with most to those with least.
 */
export function balanceUniformly(spec: GroupSpec): GroupAssignment {
  const balance = newBalance(spec);
  for (const topic of balance.topics) giveOpen(balance, topic);
  const movable = balance.topics.filter(({ subscribers }) => subscribers.length >= 2);
  levelAll(balance, movable);
  const assignment = new Map<string, Map<Uuid, number[]>>();
  for (const { memberId } of spec.members) assignment.set(memberId, new Map());
  for (const { topicId, owners } of balance.topics)
    for (const [partition, owner] of owners.entries()) {
      const byTopic = ensure(assignment.get(spec.members[owner]?.memberId ?? ''), 'owner');
      const partitions = byTopic.get(topicId);
      if (partitions === undefined) byTopic.set(topicId, [partition]);
      else partitions.push(partition);
    }
  return assignment;
}

function newBalance({ members, partitionCounts }: GroupSpec): Balance {
  const loads = members.map(() => 0);
  const topics: Topic[] = [];
  for (const [topicId, count] of partitionCounts) {
    const subscribers = [...members.keys()].filter((i) => members[i]?.topicIds.includes(topicId));
    if (subscribers.length === 0) continue;
    const owners = Array.from({ length: count }, () => NOBODY);
    for (const i of subscribers)
      for (const partition of members[i]?.assigned.get(topicId) ?? []) setOwner(loads, owners, partition, i);
    topics.push({ topicId, subscribers, owners });
  }
  return { topics: topics.sort(inOrder), loads };
}

/** Most partitions for each subscriber first, then fewest subscribers. */
const inOrder = (a: Topic, b: Topic): number =>
  b.owners.length / b.subscribers.length - a.owners.length / a.subscribers.length ||
  a.subscribers.length - b.subscribers.length ||
  compareUuids(a.topicId, b.topicId);

function setOwner(loads: number[], owners: number[], partition: number, member: number): void {
  const before = owners[partition];
  assert(before !== undefined, 'a partition that there is not', { partition });
  if (before !== NOBODY) loads[before] = (loads[before] ?? 0) - 1;
  owners[partition] = member;
  loads[member] = (loads[member] ?? 0) + 1;
}

function giveOpen({ loads }: Balance, { subscribers, owners }: Topic): void {
  const levels = loadLevels(loads, subscribers);
  for (const [partition, owner] of owners.entries())
    if (owner === NOBODY) setOwner(loads, owners, partition, nextTaker(levels));
}

/** Goes round the topics until none changed since the last one that did. */
function levelAll(balance: Balance, topics: readonly Topic[]): void {
  let last = -1;
  for (let round = 0; round < ROUNDS_MAX; round++)
    for (const [i, topic] of topics.entries()) {
      if (i === last) return;
      if (level(balance, topic) || last < 0) last = i;
    }
}

/** Moves partitions of a topic from subscribers with most to those with least. Returns whether any moved. */
function level({ loads }: Balance, { subscribers, owners }: Topic): boolean {
  const levels = loadLevels(loads, subscribers);
  const all = subscribers.map((i) => loads[i] ?? 0);
  if (Math.max(...all) - Math.min(...all) <= 1) return false;
  const givable = new Map<number, number[]>();
  for (const [partition, owner] of owners.entries())
    givable.set(owner, [...(givable.get(owner) ?? []), partition]);
  let moved = false;
  while (!areLevel(levels)) {
    const giver = nextGiver(levels);
    if (giver < 0) break;
    const partition = givable.get(giver)?.pop();
    if (partition === undefined) {
      passOver(levels);
      continue;
    }
    const taker = nextTaker(levels);
    if (areLevel(levels)) break;
    setOwner(loads, owners, partition, taker);
    moved = true;
  }
  return moved;
}
