import { assert, ensure } from '../../../base/assert.ts';

/**
 * Members of a topic by how many partitions they have, while partitions are given to those with least and taken from
 * those with most (`MemberAssignmentBalancer`). `order` begins with the lowest level, whose members are filled up in
 * turn, and ends with the highest one, whose members give in turn; between calls each level grows by the members that it
 * meets. Members without anything to give stand behind the highest level.
 */
export interface LoadLevels {
  /** Partitions of every member, live. */
  readonly loads: readonly number[];
  /** Indexes of members. */
  readonly order: number[];
  lowLevel: number;
  /** The lowest level ends before this place. */
  lowEnd: number;
  lowNext: number;
  highLevel: number;
  highStart: number;
  /** The highest level ends before this place. */
  highEnd: number;
  highNext: number;
}

const loadAt = ({ loads, order }: LoadLevels, place: number): number =>
  ensure(loads[ensure(order[place], 'member in order')], 'load');

/** Begins with these members, by load and then by index. */
export function loadLevels(loads: readonly number[], members: readonly number[]): LoadLevels {
  assert(members.length > 0, 'levels need a member');
  const order = [...members].sort((a, b) => (loads[a] ?? 0) - (loads[b] ?? 0) || a - b);
  const lowest = loads[order[0] ?? 0] ?? 0;
  const highest = loads[order.at(-1) ?? 0] ?? 0;
  return {
    loads,
    order,
    lowLevel: lowest - 1,
    lowEnd: 0,
    lowNext: 0,
    highLevel: highest + 1,
    highStart: order.length,
    highEnd: order.length,
    highNext: order.length - 1,
  };
}

/** The member that gets the next partition. */
export function nextTaker(levels: LoadLevels): number {
  if (levels.lowNext >= levels.lowEnd) {
    levels.lowLevel += 1;
    while (levels.lowEnd < levels.order.length && loadAt(levels, levels.lowEnd) === levels.lowLevel)
      levels.lowEnd += 1;
    levels.lowNext = 0;
  }
  return ensure(levels.order[levels.lowNext++], 'member with least');
}

/** The member that gives the next partition, −1 if nobody can. */
export function nextGiver(levels: LoadLevels): number {
  if (levels.highNext < levels.highStart) {
    const emptied = levels.highEnd <= levels.highStart && levels.highStart > 0;
    levels.highLevel = emptied ? loadAt(levels, levels.highStart - 1) : levels.highLevel - 1;
    while (levels.highStart > 0 && loadAt(levels, levels.highStart - 1) === levels.highLevel)
      levels.highStart -= 1;
    levels.highNext = levels.highEnd - 1;
  }
  return levels.highNext < 0 ? -1 : ensure(levels.order[levels.highNext--], 'member with most');
}

/** The last giver has nothing of this topic: it is not asked again. */
export function passOver(levels: LoadLevels): void {
  const { order, highNext, highEnd } = levels;
  const giver = ensure(order[highNext + 1], 'last giver');
  order[highNext + 1] = ensure(order[highEnd - 1], 'end of the highest level');
  order[highEnd - 1] = giver;
  levels.highEnd -= 1;
}

/** No move from the highest to the lowest level would even them out further. */
export const areLevel = ({ highLevel, lowLevel }: LoadLevels): boolean => highLevel - lowLevel <= 1;
