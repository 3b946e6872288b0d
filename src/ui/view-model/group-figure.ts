import type { Entity, EntityId } from '../../engine/api/frame.ts';
import type { GroupEntity, GroupMember, GroupPartition } from '../../engine/api/entities/group.ts';
import type { NodeEntity } from '../../engine/api/entities/node.ts';
import type { TopicPartitionName } from '../../engine/api/ids.ts';
import type { Names } from './caption.ts';
import { byNode, epochWord, epochWords, memberWords, partitionList } from './member-table.ts';
import { count, plural } from './number-format.ts';

/**
 * A partition in a member's hands. `shares`: others may have it beside it; `leaving`: it has to give it up; `waits`: it is to
 * have it when another has let go; `takes`: it was given it and does not read it yet.
 */
export type Card = 'owns' | 'shares' | 'leaving' | 'waits' | 'takes' | 'empty';

/** From the column of who has a partition to that of who is to have it. */
export interface Way {
  readonly from: number;
  readonly to: number;
}

export interface MemberColumn {
  readonly key: string;
  readonly node: EntityId;
  readonly name: string;
  readonly epoch: string;
  /** Its epoch is not the one that the group works towards. */
  readonly behind: boolean;
  /** In capitals; '' for a member of the classic protocol that is as it should be. */
  readonly status: string;
}

export interface PartitionRow {
  readonly id: EntityId;
  readonly name: TopicPartitionName;
  /** `p3`. */
  readonly short: string;
  /** The topic, where another begins and there are several; else ''. */
  readonly topic: string;
  /** One for each column. */
  readonly cards: readonly Card[];
  readonly way: Way | null;
  /** Read, but not committed, as a share of the most that is not committed in any of the partitions. */
  readonly read: number;
  /** Not read, as a share of the same. */
  readonly wait: number;
  /** Records from what is committed to the high watermark. */
  readonly uncommitted: string;
  /** Nobody reads it now. */
  readonly orphan: boolean;
}

/** A group as its coordinator and its members have it: a column for each member, a row for each partition. */
export interface GroupFigure {
  /** `generation` or `epoch`. */
  readonly epochWord: string;
  readonly columns: readonly MemberColumn[];
  readonly rows: readonly PartitionRow[];
  /** Partitions in order that have no row. */
  readonly hidden: number;
  /** Who moves what, or that nothing moves. */
  readonly sentence: string;
}

/** More partitions than these have rows only where something moves. */
const ROWS_MAX = 24;

/** Null without members: there is nothing to draw. */
export function groupFigure(
  group: GroupEntity,
  entities: ReadonlyMap<EntityId, Entity>,
  names: Names,
): GroupFigure | null {
  if (group.members.length === 0) return null;
  const members = [...group.members].sort(byNode);
  const all = rowsOf(group, members, entities);
  const rows = all.length <= ROWS_MAX ? all : all.filter(isNews).slice(0, ROWS_MAX);
  return {
    epochWord: epochWord(group),
    columns: members.map((member) => columnOf(member, group, { entities, names })),
    rows,
    hidden: all.length - rows.length,
    sentence: sentenceOf(group, members, { entities, names }),
  };
}

/** Whether a person has to see the row: it moves, or nobody has it. */
const isNews = ({ cards, orphan }: PartitionRow): boolean =>
  orphan || cards.some((card) => card !== 'owns' && card !== 'shares' && card !== 'empty');

interface Known {
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly names: Names;
}

function columnOf(member: GroupMember, group: GroupEntity, { entities, names }: Known): MemberColumn {
  const { memberId, node, epoch } = member;
  const machine = entities.get(node);
  const down = machine?.kind === 'node' ? machineWord(machine) : '';
  return {
    key: memberId,
    node,
    name: memberWords(member, group, names),
    epoch: epochWords(epoch),
    behind: epoch !== (group.assignmentEpoch ?? group.generation),
    status: down === '' && group.assignmentEpoch !== undefined ? standing(member) : down,
  };
}

const machineWord = ({ status, stopping }: NodeEntity): string =>
  stopping ? 'STOPPING' : status === 'up' ? '' : status.toUpperCase();

/** A member's state in the consumer protocol, as its coordinator tells it (KIP-848). */
function standing({ giving, coming, assigned }: GroupMember): string {
  if (giving.length > 0) return 'UNREVOKED';
  return coming.some((name) => !assigned.includes(name)) ? 'UNRELEASED' : 'STABLE';
}

function rowsOf(
  group: GroupEntity,
  members: readonly GroupMember[],
  entities: ReadonlyMap<EntityId, Entity>,
): readonly PartitionRow[] {
  const { partitions, share } = group;
  const severalTopics = new Set(partitions.map(({ name }) => topicOf(name))).size > 1;
  const most = Math.max(1, ...partitions.map(uncommittedOf));
  return partitions.map((partition, i) => {
    const { name, lag } = partition;
    const topic = topicOf(name);
    const before = partitions[i - 1];
    const begins = severalTopics && (before === undefined || topicOf(before.name) !== topic);
    const cards = members.map((member) =>
      share === undefined ? cardOf(member, name) : sharedCard(member, name),
    );
    const uncommitted = uncommittedOf(partition);
    const wait = Math.min(lag, uncommitted);
    return {
      id: `partition:${name}`,
      name,
      short: `p${name.slice(topic.length + 1)}`,
      topic: begins ? topic : '',
      cards,
      way: wayOf(cards),
      read: (uncommitted - wait) / most,
      wait: wait / most,
      uncommitted: count(uncommitted),
      orphan: isOrphan(partition, group, entities),
    };
  });
}

/** No member that is up shares it, or none of a group that shares nothing knows that it owns it. */
const isOrphan = (
  { name, owner }: GroupPartition,
  { members, share }: GroupEntity,
  entities: ReadonlyMap<EntityId, Entity>,
): boolean =>
  share === undefined
    ? owner === ''
    : !members.some(({ node, assigned }) => {
        const machine = entities.get(node);
        return assigned.includes(name) && machine?.kind === 'node' && machine.status === 'up';
      });

/** Without a commit nothing is known of what was read before, so that only what waits counts. */
const uncommittedOf = ({ committed, end, lag }: GroupPartition): number =>
  committed < 0 || end < 0 ? lag : Math.max(0, end - committed);

const topicOf = (name: TopicPartitionName): string => name.slice(0, name.lastIndexOf('-'));

function cardOf({ owned, assigned, giving, coming }: GroupMember, name: TopicPartitionName): Card {
  if (giving.includes(name)) return 'leaving';
  if (owned.includes(name)) return 'owns';
  if (!coming.includes(name)) return 'empty';
  return assigned.includes(name) ? 'takes' : 'waits';
}

const sharedCard = ({ assigned }: GroupMember, name: TopicPartitionName): Card =>
  assigned.includes(name) ? 'shares' : 'empty';

function wayOf(cards: readonly Card[]): Way | null {
  const from = cards.findIndex((card) => card === 'leaving' || card === 'owns');
  const to = cards.indexOf('waits');
  return from < 0 || to < 0 ? null : { from, to };
}

/** One sentence on who has to move. The names of partitions without their topic, as in the figure. */
function sentenceOf(group: GroupEntity, members: readonly GroupMember[], { entities, names }: Known): string {
  const parts = members.flatMap((member) => moveOf(member, memberWords(member, group, names)));
  const orphans = group.partitions
    .filter((partition) => isOrphan(partition, group, entities))
    .map(({ name }) => name);
  if (orphans.length > 0) parts.push(`Nobody reads ${partitionList(orphans)} now`);
  if (parts.length === 0)
    return group.share === undefined
      ? 'Every partition has its reader, and nothing moves.'
      : 'Every partition is shared by members that are up.';
  const rest = parts.length - SAID_MAX;
  return `${parts.slice(0, SAID_MAX).join('. ')}.${rest > 0 ? ` ${plural(rest, 'move')} more.` : ''}`;
}

const SAID_MAX = 4;

function moveOf({ giving, coming, assigned }: GroupMember, name: string): readonly string[] {
  const given = coming.filter((partition) => assigned.includes(partition));
  const waited = coming.filter((partition) => !assigned.includes(partition));
  return [
    ...(giving.length > 0 ? [`${name} has to give up ${partitionList(giving)}`] : []),
    ...(given.length > 0 ? [`${name} was given ${partitionList(given)} and does not read there yet`] : []),
    ...(waited.length > 0 ? [`${name} waits for ${partitionList(waited)} until their owner lets go`] : []),
  ];
}
