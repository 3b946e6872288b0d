import { ensure } from '../../../base/assert.ts';
import { noMovements, noteMove, partitionToMove, type PartitionMovements } from './partition-movements.ts';
import {
  heldBy,
  racksMismatch,
  withoutThese,
  type Held,
  type StickyGroup,
  type StickyPartition,
} from './sticky-group.ts';

/** A share in the making, while members subscribe to different topics. */
interface Balance {
  readonly group: StickyGroup;
  /** Members that may take or give partitions. */
  held: Held;
  readonly ownerOf: Map<StickyPartition, string>;
  /** Existing topics of each member. */
  readonly topicsOf: ReadonlyMap<string, readonly string[]>;
  /** Subscribers of each topic. */
  readonly subscribers: ReadonlyMap<string, readonly string[]>;
  readonly movements: PartitionMovements;
}

/**
 * The general way of `AbstractStickyAssignor`: members keep what they owned and may still have, the rest goes to whoever
 * has least, and then partitions move until no move improves the balance.
 */
export function shareByBalance(group: StickyGroup): Held {
  const balance = newBalance(group);
  const { subscribers } = balance;
  const all = [...group.topics]
    .sort(
      ([a], [b]) => subscribersOf(balance, a).length - subscribersOf(balance, b).length || (a < b ? -1 : 1),
    )
    .flatMap(([, partitions]) => partitions);
  const revoked = keepOwned(balance);
  const initializing = [...balance.held.values()].every((partitions) => partitions.length === 0);
  const open = withoutThese(all, balance.ownerOf.keys());
  giveToLeastLoaded(balance, open);
  const movable = (partition: StickyPartition): boolean =>
    (subscribers.get(partition.topic)?.length ?? 0) >= 2;
  const fixed = setFixedAside(balance);
  const before = new Map([...balance.held].map(([memberId, partitions]) => [memberId, [...partitions]]));
  if (!revoked) moveWhatImproves(balance, open.filter(movable));
  const moved = moveWhatImproves(balance, all.filter(movable));
  if (!initializing && moved && imbalance(balance.held) >= imbalance(before)) balance.held = before;
  return new Map([...balance.held, ...fixed]);
}

function newBalance(group: StickyGroup): Balance {
  const topicsOf = new Map(
    group.members.map(({ memberId, topics }) => [
      memberId,
      topics.filter((topic) => group.topics.has(topic)),
    ]),
  );
  const subscribers = new Map(
    [...group.topics.keys()].map((topic) => [
      topic,
      group.members.filter(({ topics }) => topics.includes(topic)).map(({ memberId }) => memberId),
    ]),
  );
  const held = new Map(group.members.map(({ memberId }) => [memberId, []]));
  return { group, held, ownerOf: new Map(), topicsOf, subscribers, movements: noMovements() };
}

const subscribersOf = ({ subscribers }: Balance, topic: string): readonly string[] =>
  ensure(subscribers.get(topic), 'subscribers of a topic');

const subscribes = ({ topicsOf }: Balance, memberId: string, topic: string): boolean =>
  topicsOf.get(memberId)?.includes(topic) ?? false;

/** Returns whether somebody has to give something up. */
function keepOwned(balance: Balance): boolean {
  const { group, held, ownerOf } = balance;
  let revoked = false;
  for (const [memberId, owned] of group.owned)
    for (const partition of owned) {
      if (!subscribes(balance, memberId, partition.topic) || racksMismatch(group, memberId, partition)) {
        revoked = true;
        continue;
      }
      heldBy(held, memberId).push(partition);
      ownerOf.set(partition, memberId);
    }
  return revoked;
}

/** Members with fewest partitions first; by id among equals. */
const byLoad = ({ held }: Balance): string[] =>
  [...held.keys()].sort((a, b) => heldBy(held, a).length - heldBy(held, b).length || (a < b ? -1 : 1));

/** Partitions go first to members in a rack of theirs, what is left then to any. */
function giveToLeastLoaded(balance: Balance, open: readonly StickyPartition[]): void {
  const { group } = balance;
  const left =
    group.rackOf.size === 0
      ? open
      : open.filter((partition) => !give(balance, partition, (id) => !racksMismatch(group, id, partition)));
  for (const partition of left) give(balance, partition, () => true);
}

function give(balance: Balance, partition: StickyPartition, may: (memberId: string) => boolean): boolean {
  const taker = byLoad(balance).find((id) => subscribes(balance, id, partition.topic) && may(id));
  if (taker === undefined) return false;
  heldBy(balance.held, taker).push(partition);
  balance.ownerOf.set(partition, taker);
  return true;
}

const sizeOf = ({ group }: Balance, topic: string): number => group.topics.get(topic)?.length ?? 0;

const mostFor = (balance: Balance, memberId: string): number =>
  (balance.topicsOf.get(memberId) ?? []).reduce((sum, topic) => sum + sizeOf(balance, topic), 0);

/** Takes out the members that can neither give nor get anything. */
function setFixedAside(balance: Balance): Held {
  const fixed: Held = new Map();
  for (const [memberId, partitions] of [...balance.held]) {
    const shares = partitions.some(({ topic }) => subscribersOf(balance, topic).length >= 2);
    if (shares || partitions.length < mostFor(balance, memberId)) continue;
    fixed.set(memberId, partitions);
    balance.held.delete(memberId);
  }
  return fixed;
}

/** Sum of the differences between every two members; 0 is perfect. */
function imbalance(held: Held): number {
  const sizes = [...held.values()].map((partitions) => partitions.length);
  let sum = 0;
  for (const [i, a] of sizes.entries()) for (const b of sizes.slice(i + 1)) sum += Math.abs(a - b);
  return sum;
}

function isBalanced(balance: Balance): boolean {
  const { held, ownerOf, group } = balance;
  const sizes = [...held.values()].map((partitions) => partitions.length);
  if (Math.min(...sizes) >= Math.max(...sizes) - 1) return true;
  const load = (memberId: string | undefined): number => held.get(memberId ?? '')?.length ?? 0;
  for (const memberId of held.keys()) {
    if (load(memberId) === mostFor(balance, memberId)) continue;
    for (const topic of balance.topicsOf.get(memberId) ?? [])
      for (const partition of group.topics.get(topic) ?? [])
        if (load(memberId) + 1 < load(ownerOf.get(partition))) return false;
  }
  return true;
}

/** Moves partitions one by one, over and over, until a whole round improves nothing. Returns whether any moved. */
function moveWhatImproves(balance: Balance, movable: readonly StickyPartition[]): boolean {
  let moved = false;
  for (let again = true; again;) {
    again = false;
    for (const partition of movable) {
      if (isBalanced(balance)) break;
      const taker = betterOwner(balance, partition);
      if (taker === undefined) continue;
      move(balance, partition, taker);
      again = true;
      moved = true;
    }
  }
  return moved;
}

/** Who should have the partition instead: its former owner, or whoever has least. Undefined if nobody is better off. */
function betterOwner(balance: Balance, partition: StickyPartition): string | undefined {
  const { held, group, ownerOf } = balance;
  const load = heldBy(held, ensure(ownerOf.get(partition), 'owner')).length;
  const hasRoom = (memberId: string): boolean => load > (held.get(memberId)?.length ?? load) + 1;
  const former = group.formerOwner.get(partition);
  if (former !== undefined && hasRoom(former)) return former;
  if (!subscribersOf(balance, partition.topic).some(hasRoom)) return undefined;
  return byLoad(balance).find((memberId) => subscribes(balance, memberId, partition.topic));
}

function move({ held, ownerOf, movements }: Balance, wanted: StickyPartition, taker: string): void {
  const partition = partitionToMove(movements, wanted, ensure(ownerOf.get(wanted), 'owner'), taker);
  const giver = ensure(ownerOf.get(partition), 'owner');
  noteMove(movements, partition, giver, taker);
  const left = heldBy(held, giver).filter((other) => other !== partition);
  held.set(giver, left);
  heldBy(held, taker).push(partition);
  ownerOf.set(partition, taker);
}
