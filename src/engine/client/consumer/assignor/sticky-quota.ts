import { assert, ensure } from '../../../base/assert.ts';
import {
  byTopicAndPartition,
  heldBy,
  racksMismatch,
  withoutThese,
  type Held,
  type StickyGroup,
  type StickyPartition,
} from './sticky-group.ts';

/** A share in the making, while all members subscribe to the same topics. */
interface Quotas {
  readonly group: StickyGroup;
  readonly held: Held;
  /** Every member gets this many partitions, or one more. */
  readonly min: number;
  readonly max: number;
  /** How many members may still get one more than `min`. */
  extras: number;
  /** Members with fewer than `min`. */
  below: string[];
  /** Members with `min` that may get one more. */
  atMin: string[];
  /** What a member owned and had to give up, and who that was. */
  readonly givenUp: Map<StickyPartition, string>;
  /** What goes from one member to another: the new owner. */
  readonly transferring: Map<StickyPartition, string>;
}

export interface StickyShare {
  readonly held: Held;
  /** New owners of partitions that somebody else still owns. */
  readonly transferring: ReadonlyMap<StickyPartition, string>;
}

/**
 * The quick way of `AbstractStickyAssignor`, for members that all subscribe to the same topics: each keeps of what it
 * owned as much as the quota allows, the rest is dealt out in turn. A rack that fits comes before staying.
 */
export function shareByQuota(group: StickyGroup): StickyShare {
  const all = [...group.topics.values()].flat();
  const count = group.members.length;
  const quotas: Quotas = {
    group,
    held: new Map(group.members.map(({ memberId }) => [memberId, []])),
    min: Math.floor(all.length / count),
    max: Math.ceil(all.length / count),
    extras: all.length % count,
    below: [],
    atMin: [],
    givenUp: new Map(),
    transferring: new Map(),
  };
  for (const { memberId } of group.members) keepOwned(quotas, memberId);
  if (quotas.extras === 0) quotas.atMin = [];
  quotas.below.sort();
  quotas.atMin.sort();
  const open = withoutThese(all, [...quotas.held.values()].flat());
  if (group.rackOf.size > 0)
    dealInTurn(
      quotas,
      dealByRack(
        quotas,
        open.sort((a, b) => a.rackMembers - b.rackMembers),
      ),
    );
  else dealInTurn(quotas, open);
  return { held: quotas.held, transferring: quotas.transferring };
}

function keepOwned(quotas: Quotas, memberId: string): void {
  const { group, givenUp, min, max } = quotas;
  const owned = (group.owned.get(memberId) ?? []).filter((partition) => !group.contested.has(partition));
  const fitting = owned.filter((partition) => !racksMismatch(group, memberId, partition));
  fitting.sort((a, b) => a.partition - b.partition || byTopicAndPartition(a, b));
  const withExtra = fitting.length >= max && quotas.extras > 0;
  const kept = fitting.slice(0, withExtra ? max : min);
  heldBy(quotas.held, memberId).push(...kept);
  for (const partition of withoutThese(owned, kept)) givenUp.set(partition, memberId);
  if (fitting.length < min) quotas.below.push(memberId);
  else if (withExtra) quotas.extras -= 1;
  else if (quotas.extras > 0) quotas.atMin.push(memberId);
}

function give(quotas: Quotas, partition: StickyPartition, memberId: string): number {
  const { held, givenUp, group, transferring } = quotas;
  const before = givenUp.get(partition);
  if ((before !== undefined && before !== memberId) || group.contested.has(partition))
    transferring.set(partition, memberId);
  return heldBy(held, memberId).push(partition);
}

/** Deals what fits to members in the partition's racks. Returns what is left. */
function dealByRack(quotas: Quotas, open: readonly StickyPartition[]): StickyPartition[] {
  let turn = 0;
  return open.filter((partition) => {
    const next = nextInRack(quotas, partition, quotas.below, turn);
    if (next >= 0) {
      turn = giveBelowMin(quotas, partition, next);
      return false;
    }
    const spare = nextInRack(quotas, partition, quotas.atMin, 0);
    if (spare < 0) return true;
    give(quotas, partition, ensure(quotas.atMin.splice(spare, 1)[0], 'member with room'));
    takeExtra(quotas);
    return false;
  });
}

/** Index of the first of these members, from `turn` on and round, that is in a rack of the partition; −1 for none. */
function nextInRack(
  { group }: Quotas,
  { racks }: StickyPartition,
  members: readonly string[],
  turn: number,
): number {
  for (let i = 0; i < members.length; i++) {
    const index = (turn + i) % members.length;
    const rack = group.rackOf.get(members[index] ?? '');
    if (rack !== undefined && racks.has(rack)) return index;
  }
  return -1;
}

/** Returns whose turn it is then. */
function giveBelowMin(quotas: Quotas, partition: StickyPartition, index: number): number {
  const { below, atMin, min, max } = quotas;
  const memberId = ensure(below[index], 'member with room');
  const count = give(quotas, partition, memberId);
  let turn = index + 1;
  if (count >= min) {
    below.splice(index, 1);
    turn = index;
    if (count < max && quotas.extras > 0) atMin.push(memberId);
  }
  return below.length === 0 ? 0 : turn % below.length;
}

function takeExtra(quotas: Quotas): void {
  quotas.extras -= 1;
  if (quotas.extras === 0) quotas.atMin = [];
}

/** Deals partitions in turn to the members below the quota, and one each to those that may have one more. */
function dealInTurn(quotas: Quotas, open: readonly StickyPartition[]): void {
  const { below, atMin } = quotas;
  let turn = 0;
  for (const partition of open) {
    if (turn >= below.length) turn = 0;
    const memberId = below[turn] ?? atMin.shift();
    assert(memberId !== undefined, 'a partition more than the quotas of all members');
    const isBelow = below.length > 0;
    const count = give(quotas, partition, memberId);
    if (isBelow && count === quotas.min) {
      below.splice(turn, 1);
      atMin.push(memberId);
    } else if (isBelow) turn += 1;
  }
}
