import { ensure } from '../../../base/assert.ts';
import { racksMatter, type AssignorMember, type AssignorTopic } from './assignor.ts';

/** A partition that is shared out. One object stands for it, so that it can be found by identity. */
export interface StickyPartition {
  readonly topic: string;
  readonly partition: number;
  readonly racks: ReadonlySet<string>;
  /** How many members are in one of its racks. */
  readonly rackMembers: number;
}

/** What a sticky assignor starts from. */
export interface StickyGroup {
  readonly members: readonly AssignorMember[];
  /** Topics that exist and that somebody subscribes to, by name. */
  readonly topics: ReadonlyMap<string, readonly StickyPartition[]>;
  /** By member id; empty unless racks matter. */
  readonly rackOf: ReadonlyMap<string, string>;
  /** What each member may keep of its claim, by member id. */
  readonly owned: ReadonlyMap<string, readonly StickyPartition[]>;
  /** Claimed by two members of one generation: neither keeps them. */
  readonly contested: ReadonlySet<StickyPartition>;
  /** Who claims a partition for the newest generation but the last, by member id. */
  readonly formerOwner: ReadonlyMap<StickyPartition, string>;
}

/** Partitions of each member, by member id. */
export type Held = Map<string, StickyPartition[]>;

export const byTopicAndPartition = (a: StickyPartition, b: StickyPartition): number =>
  a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;

/** Claims of partitions and topics that do not exist (any more) or that nobody subscribes to are left out. */
export function stickyGroup(
  topics: readonly AssignorTopic[],
  members: readonly AssignorMember[],
): StickyGroup {
  const subscribed = new Set(members.flatMap((member) => member.topics));
  const existing = topics
    .filter(({ name, partitionCount }) => subscribed.has(name) && partitionCount > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const byTopic = new Map(existing.map((topic) => [topic.name, partitionsOf(topic, members)]));
  const partitions = [...byTopic.values()].flat();
  const useRacks = racksMatter(
    members,
    partitions.map(({ racks }) => racks),
  );
  return {
    members,
    topics: byTopic,
    rackOf: new Map(
      useRacks ? members.flatMap(({ memberId, rackId }) => (rackId ? [[memberId, rackId]] : [])) : [],
    ),
    ...settleClaims(members, byTopic),
  };
}

function partitionsOf(topic: AssignorTopic, members: readonly AssignorMember[]): StickyPartition[] {
  return Array.from({ length: topic.partitionCount }, (_, partition) => {
    const racks = new Set(topic.racks?.[partition] ?? []);
    const rackMembers = members.filter(({ rackId }) => rackId !== null && racks.has(rackId)).length;
    return { topic: topic.name, partition, racks, rackMembers };
  });
}

/**
 * Whose claim counts. The newer generation wins; the earlier claimant's is the one that its subscription names, which a
 * member of an eager protocol may leave out.
 */
function settleClaims(
  members: readonly AssignorMember[],
  topics: StickyGroup['topics'],
): Pick<StickyGroup, 'owned' | 'contested' | 'formerOwner'> {
  const owned = new Map<string, Set<StickyPartition>>();
  const claimants = new Map<StickyPartition, AssignorMember>();
  const contested = new Set<StickyPartition>();
  for (const member of members) {
    const own = new Set<StickyPartition>();
    owned.set(member.memberId, own);
    for (const partition of claimedBy(member, topics)) {
      const other = claimants.get(partition);
      const generation = member.claim.generation;
      if (other !== undefined && generation < other.generationId) continue;
      if (other !== undefined) owned.get(other.memberId)?.delete(partition);
      claimants.set(partition, member);
      if (generation === other?.generationId) contested.add(partition);
      else own.add(partition);
    }
  }
  return {
    owned: new Map([...owned].map(([memberId, own]) => [memberId, [...own]])),
    contested,
    formerOwner: formerOwners(members, topics),
  };
}

const claimedBy = ({ claim }: AssignorMember, topics: StickyGroup['topics']): StickyPartition[] =>
  claim.partitions.flatMap(({ topic, partition }) => topics.get(topic)?.[partition] ?? []);

function formerOwners(
  members: readonly AssignorMember[],
  topics: StickyGroup['topics'],
): Map<StickyPartition, string> {
  const last = members.reduce((newest, { claim }) => Math.max(newest, claim.generation), -1);
  const former = new Map<StickyPartition, AssignorMember>();
  for (const member of members) {
    const { generation } = member.claim;
    if (generation >= last) continue;
    for (const partition of claimedBy(member, topics)) {
      const other = former.get(partition);
      if (other === undefined || generation > other.claim.generation) former.set(partition, member);
    }
  }
  return new Map([...former].map(([partition, { memberId }]) => [partition, memberId]));
}

/** Whether the member is in a rack in which the partition has no replica. */
export function racksMismatch(group: StickyGroup, memberId: string, partition: StickyPartition): boolean {
  const rack = group.rackOf.get(memberId);
  return rack !== undefined && !partition.racks.has(rack);
}

export const heldBy = (held: Held, memberId: string): StickyPartition[] =>
  ensure(held.get(memberId), `partitions of ${memberId}`);

/** All partitions in order that are not among these. */
export function withoutThese(
  all: readonly StickyPartition[],
  taken: Iterable<StickyPartition>,
): StickyPartition[] {
  const out = new Set(taken);
  return all.filter((partition) => !out.has(partition));
}
