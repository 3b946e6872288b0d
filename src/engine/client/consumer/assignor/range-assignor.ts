import {
  inAssignmentOrder,
  racksMatter,
  type AssignorMember,
  type AssignorTopic,
  type MemberAssignment,
} from './assignor.ts';

/** One topic while its partitions are given out. */
interface TopicShare {
  readonly topic: string;
  readonly partitionCount: number;
  /** In the order in which they get their ranges. */
  readonly consumers: readonly AssignorMember[];
  readonly racks: readonly ReadonlySet<string>[];
  readonly needsRacks: boolean;
  readonly open: Set<number>;
  readonly assigned: Map<string, number>;
  readonly perConsumer: number;
  withExtra: number;
}

/**
 * Gives each member a contiguous range of every topic (`RangeAssignor`): members in order, the first ones one partition
 * more. Where racks are known and differ, members first get partitions with a replica in their rack, for topics that
 * are subscribed alike and have equally many partitions the same ones of each.
 */
export function assignRange(
  topics: readonly AssignorTopic[],
  members: readonly AssignorMember[],
): Map<string, MemberAssignment> {
  const shares = topics
    .filter(({ partitionCount }) => partitionCount > 0)
    .map((topic) => shareOf(topic, members));
  const result = new Map<string, MemberAssignment>(members.map(({ memberId }) => [memberId, new Map()]));
  if (shares.some(({ needsRacks }) => needsRacks)) assignByRack(shares, result);
  for (const share of shares) assignRanges(share, () => true, result);
  for (const assignment of result.values())
    for (const partitions of assignment.values()) partitions.sort((a, b) => a - b);
  return result;
}

function shareOf(topic: AssignorTopic, members: readonly AssignorMember[]): TopicShare {
  const consumers = members.filter(({ topics }) => topics.includes(topic.name)).sort(inAssignmentOrder);
  const { name, partitionCount } = topic;
  const partitions = Array.from({ length: partitionCount }, (_, partition) => partition);
  const racks = partitions.map((partition) => new Set(topic.racks?.[partition] ?? []));
  return {
    topic: name,
    partitionCount,
    consumers,
    racks,
    needsRacks: racksMatter(consumers, racks),
    open: new Set(partitions),
    assigned: new Map(),
    perConsumer: consumers.length === 0 ? 0 : Math.floor(partitionCount / consumers.length),
    withExtra: consumers.length === 0 ? 0 : partitionCount % consumers.length,
  };
}

const maxAssignable = (share: TopicShare, { memberId }: AssignorMember): number =>
  Math.max(0, share.perConsumer + (share.withExtra > 0 ? 1 : 0) - (share.assigned.get(memberId) ?? 0));

const racksMatch = (share: TopicShare, { rackId }: AssignorMember, partition: number): boolean =>
  rackId === null || (share.racks[partition]?.has(rackId) ?? false);

type Result = Map<string, MemberAssignment>;

function give(
  share: TopicShare,
  member: AssignorMember,
  partitions: readonly number[],
  result: Result,
): void {
  const count = (share.assigned.get(member.memberId) ?? 0) + partitions.length;
  share.assigned.set(member.memberId, count);
  if (count > share.perConsumer) share.withExtra -= 1;
  for (const partition of partitions) share.open.delete(partition);
  const assignment = result.get(member.memberId);
  assignment?.set(share.topic, [...(assignment.get(share.topic) ?? []), ...partitions]);
}

function assignRanges(
  share: TopicShare,
  may: (member: AssignorMember, partition: number) => boolean,
  result: Result,
): void {
  for (const member of share.consumers) {
    if (share.open.size === 0) return;
    const fitting = [...share.open].filter((partition) => may(member, partition));
    const partitions = fitting.slice(0, maxAssignable(share, member));
    if (partitions.length > 0) give(share, member, partitions, result);
  }
}

function assignByRack(shares: readonly TopicShare[], result: Result): void {
  for (const group of coPartitioned(shares)) {
    const [only, ...others] = group;
    if (only === undefined) continue;
    if (others.length > 0) assignCoPartitioned(group, result);
    else if (only.needsRacks) assignRanges(only, (member, p) => racksMatch(only, member, p), result);
  }
}

/** Topics with the same subscribers and equally many partitions. */
function coPartitioned(shares: readonly TopicShare[]): TopicShare[][] {
  const groups = new Map<string, TopicShare[]>();
  for (const share of shares) {
    const ids = share.consumers.map(({ memberId }) => memberId);
    const key = JSON.stringify([share.partitionCount, ids]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [share]);
    else group.push(share);
  }
  return [...groups.values()];
}

/** Partition by partition, of all topics at once, to the first member whose rack fits all of them. */
function assignCoPartitioned(group: readonly TopicShare[], result: Result): void {
  const [first] = group;
  if (first === undefined) return;
  const hasRoom = (member: AssignorMember): boolean =>
    group.some((share) => maxAssignable(share, member) > 0);
  for (let partition = 0; partition < first.partitionCount; partition++) {
    const member = first.consumers.find((candidate) =>
      group.every((share) => racksMatch(share, candidate, partition) && maxAssignable(share, candidate) > 0),
    );
    if (member === undefined) continue;
    for (const share of group) give(share, member, [partition], result);
    if (!first.consumers.some(hasRoom)) return;
  }
}
