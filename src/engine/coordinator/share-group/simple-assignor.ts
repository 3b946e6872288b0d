import type { Uuid } from '../../protocol/uuid.ts';
import type { Assignment, GroupSpec, SpecMember } from '../consumer-group/assignor/assignor.ts';

/** Partitions that a group may be given, by topic id; each ascending. */
export type Assignable = ReadonlyMap<Uuid, readonly number[]>;

/** Who has what while it is being shared out: by partition, the places of its members in the list. */
interface Sharing {
  readonly members: readonly SpecMember[];
  /** `topic id/partition`, in order. */
  readonly partitions: readonly string[];
  readonly holders: Map<string, Set<number>>;
  readonly held: readonly Set<string>[];
  /** How many partitions each member is to have. */
  readonly desired: readonly number[];
  /** How many members each partition is to have at most. */
  readonly desiredSharing: number;
}

/**
 * Shares partitions out so that each has at least one member while there are members, members have as many partitions as
 * each other, and keep what they have as far as that allows (`SimpleAssignor`). A partition may be given to several.
 * Members of different subscriptions share each topic out by itself.
 */
export function assignSimply(spec: GroupSpec, assignable: Assignable): ReadonlyMap<string, Assignment> {
  const given = new Map<string, Map<Uuid, number[]>>();
  const topicIds = [...new Set(spec.members.flatMap((member) => member.topicIds))];
  const rounds = spec.homogeneous ? [topicIds] : topicIds.map((topicId) => [topicId]);
  for (const round of rounds) shareOut(spec, round, assignable, given);
  return new Map(spec.members.map(({ memberId }) => [memberId, given.get(memberId) ?? new Map()]));
}

function shareOut(
  spec: GroupSpec,
  topicIds: readonly Uuid[],
  assignable: Assignable,
  given: Map<string, Map<Uuid, number[]>>,
): void {
  const partitions = topicIds.flatMap((topicId) =>
    (assignable.get(topicId) ?? []).map((partition) => `${topicId}/${partition}`),
  );
  const members = spec.members.filter((member) => topicIds.some((id) => member.topicIds.includes(id)));
  const sharing = newSharing(members, partitions);
  revokeTooMany(sharing);
  revokeTooShared(sharing);
  assignRest(sharing);
  for (const key of partitions)
    for (const place of [...(sharing.holders.get(key) ?? [])].sort((a, b) => a - b))
      give(given, members[place]?.memberId ?? '', key);
}

function give(given: Map<string, Map<Uuid, number[]>>, memberId: string, key: string): void {
  const [topicId = '', partition] = key.split('/');
  const ofMember = given.get(memberId) ?? new Map<Uuid, number[]>();
  ofMember.set(topicId, [...(ofMember.get(topicId) ?? []), Number(partition)]);
  given.set(memberId, ofMember);
}

function newSharing(members: readonly SpecMember[], partitions: readonly string[]): Sharing {
  const desiredSharing = partitions.length === 0 ? 0 : Math.ceil(members.length / partitions.length);
  const each = (desiredSharing * partitions.length) / members.length;
  const desired = members.map((_, i) => Math.ceil(each * (i + 1)) - Math.ceil(each * i));
  const known = new Set(partitions);
  const held = members.map(({ assigned }) => {
    const keys = [...assigned].flatMap(([topicId, numbers]) => numbers.map((n) => `${topicId}/${n}`));
    return new Set(keys.filter((key) => known.has(key)));
  });
  const holders = new Map(
    partitions.map((key) => [
      key,
      new Set(members.flatMap((_, i) => (held[i]?.has(key) === true ? [i] : []))),
    ]),
  );
  return { members, partitions, holders, held, desired, desiredSharing };
}

function take(sharing: Sharing, place: number, key: string): void {
  sharing.held[place]?.delete(key);
  sharing.holders.get(key)?.delete(place);
}

/** Members give up what they have too many of, the first first. */
function revokeTooMany(sharing: Sharing): void {
  sharing.held.forEach((keys, place) => {
    const excess = keys.size - (sharing.desired[place] ?? 0);
    for (const key of [...keys].slice(0, Math.max(excess, 0))) take(sharing, place, key);
  });
}

/** Partitions lose the first of too many members. */
function revokeTooShared(sharing: Sharing): void {
  for (const [key, places] of sharing.holders) {
    const excess = places.size - sharing.desiredSharing;
    for (const place of [...places].slice(0, Math.max(excess, 0))) take(sharing, place, key);
  }
}

/** Members that have too few take turns at the partitions that have too few members. */
function assignRest(sharing: Sharing): void {
  const { partitions, holders, held, desired, desiredSharing } = sharing;
  let unfilled = desired.flatMap((count, place) => ((held[place]?.size ?? 0) < count ? [place] : []));
  let turn = 0;
  for (const key of partitions) {
    const places = holders.get(key) ?? new Set<number>();
    let passed = 0;
    while (places.size < desiredSharing && passed < unfilled.length) {
      const place = unfilled[turn % unfilled.length] ?? 0;
      turn = (turn % unfilled.length) + 1;
      passed += 1;
      if (places.has(place)) continue;
      places.add(place);
      held[place]?.add(key);
      passed = 0;
      if ((held[place]?.size ?? 0) < (desired[place] ?? 0)) continue;
      unfilled = unfilled.filter((other) => other !== place);
      turn -= 1;
    }
  }
}
