import type { Entity, EntityId } from '../../engine/api/frame.ts';
import type { GroupEntity, GroupMember } from '../../engine/api/entities/group.ts';
import type { TopicPartitionName } from '../../engine/api/ids.ts';
import { threadWords, type Names } from './caption.ts';
import { count } from './number-format.ts';

/** One member of a group: what it has, what it was given, and the way between them. */
export interface MemberLine {
  readonly key: string;
  readonly node: EntityId;
  readonly name: string;
  readonly epoch: string;
  /** Its epoch is not the one that the group works towards. */
  readonly behind: boolean;
  readonly owned: string;
  readonly assigned: string;
  readonly giving: string;
  readonly coming: string;
  readonly next: string;
}

export interface MemberTable {
  readonly id: EntityId;
  readonly group: string;
  /** `Stable, `, and nothing while it is not known. */
  readonly state: string;
  /** `consumer protocol (KIP-848), group epoch 13, assignment epoch 13`. */
  readonly protocol: string;
  /** `generation` or `epoch`. */
  readonly epochWord: string;
  /** `owns`, or `shares` where others have the same beside it. */
  readonly ownWord: string;
  readonly lines: readonly MemberLine[];
}

/** A table for each group, groups by name. */
export function memberTables(entities: ReadonlyMap<EntityId, Entity>, names: Names): readonly MemberTable[] {
  return [...entities.values()]
    .filter((entity): entity is GroupEntity => entity.kind === 'group')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((group) => memberTable(group, names));
}

export const memberTable = (group: GroupEntity, names: Names): MemberTable => ({
  id: group.id,
  group: group.name,
  state: group.state === 'unknown' ? '' : `${group.state}, `,
  protocol: protocolWords(group),
  epochWord: epochWord(group),
  ownWord: group.share === undefined ? 'owns' : 'shares',
  lines: [...group.members].sort(byNode).map((member) => memberLine(member, group, names)),
});

/** What the group counts its rounds in. */
export const epochWord = ({ assignmentEpoch }: GroupEntity): string =>
  assignmentEpoch === undefined ? 'generation' : 'epoch';

/** Members in the order of their machines' names. */
export const byNode = (a: GroupMember, b: GroupMember): number =>
  a.node.length - b.node.length ||
  (a.node === b.node ? (a.thread ?? 0) - (b.thread ?? 0) : a.node < b.node ? -1 : 1);

/** Which protocol the group speaks, and its epochs. */
export function protocolWords({ assignmentEpoch, generation, protocol, state, share }: GroupEntity): string {
  if (state === 'unknown') return 'no coordinator that is up knows it';
  const assignor = protocol === '' ? '' : `, ${protocol} assignor`;
  return assignmentEpoch === undefined
    ? `classic protocol, generation ${epochWords(generation)}${assignor}`
    : `${share === undefined ? 'consumer' : 'share'} protocol, group epoch ${epochWords(generation)}, assignment epoch ${epochWords(assignmentEpoch)}${assignor}`;
}

/** A member by its machine, and by its thread where that is one of several. */
export function memberWords({ node, thread }: GroupMember, { members }: GroupEntity, names: Names): string {
  const isOnly = members.filter((other) => other.node === node).length === 1;
  return threadWords(names.node(node), isOnly && thread === 1 ? undefined : thread);
}

function memberLine(member: GroupMember, group: GroupEntity, names: Names): MemberLine {
  const { memberId, node, epoch, owned, assigned, giving, coming } = member;
  const goal = group.assignmentEpoch ?? group.generation;
  return {
    key: memberId,
    node,
    name: memberWords(member, group, names),
    epoch: epochWords(epoch),
    behind: epoch !== goal,
    owned: partitionList(owned),
    assigned: partitionList(assigned),
    giving: partitionList(giving),
    coming: partitionList(coming),
    next: nextStep(member, epoch !== goal),
  };
}

/** What the member has to do, or waits for. */
function nextStep({ owned, assigned, giving, coming }: GroupMember, behind: boolean): string {
  if (giving.length > 0) return `gives up ${partitionList(giving)}`;
  const given = coming.filter((name) => assigned.includes(name));
  if (given.length > 0) return `takes ${partitionList(given)}`;
  if (coming.length > 0) return `waits for ${partitionList(coming)}`;
  if (behind) return 'hears of its epoch';
  return owned.length === 0 ? 'has nothing to do' : 'nothing';
}

/** A generation or an epoch, as far as it is known. */
export const epochWords = (epoch: number): string => (epoch < 0 ? '–' : count(epoch));

/** `clicks p0–p4`, by topic; of a single topic without its name, and `none` for none. */
export function partitionList(partitions: readonly TopicPartitionName[]): string {
  if (partitions.length === 0) return 'none';
  const topics = byTopic(partitions);
  return topics
    .map(([topic, numbers]) => `${topics.length === 1 ? '' : `${topic} `}${runsOf(numbers)}`)
    .join(', ');
}

/** The same with the name of a single topic too. */
export const partitionNames = (partitions: readonly TopicPartitionName[]): string =>
  byTopic(partitions)
    .map(([topic, numbers]) => `${topic} ${runsOf(numbers)}`)
    .join(', ');

function byTopic(
  partitions: readonly TopicPartitionName[],
): readonly (readonly [string, readonly number[]])[] {
  const topics = new Map<string, number[]>();
  for (const name of partitions) {
    const dash = name.lastIndexOf('-');
    const topic = name.slice(0, dash);
    topics.set(topic, [...(topics.get(topic) ?? []), Number(name.slice(dash + 1))]);
  }
  return [...topics].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `p0 p1`, and from three in a row on `p0–p2`. */
function runsOf(numbers: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.to === n - 1) last.to = n;
    else runs.push({ from: n, to: n });
  }
  return runs
    .flatMap(({ from, to }) =>
      to - from > 1 ? [`p${from}–p${to}`] : from === to ? [`p${from}`] : [`p${from}`, `p${to}`],
    )
    .join(' ');
}
