import type { Entity, EntityId } from '../../engine/api/frame.ts';
import type { GroupEntity, GroupPartition } from '../../engine/api/entities/group.ts';
import type { Names } from './caption.ts';
import { count, seconds } from './number-format.ts';

/** One partition as one group reads it, in words. */
export interface LagRow {
  readonly id: EntityId;
  readonly partition: string;
  readonly owner: string;
  readonly position: string;
  readonly committed: string;
  /** A dash, as its lag, while no leader answers. */
  readonly end: string;
  readonly lag: string;
  /** Whether anything waits. */
  readonly behind: boolean;
  readonly age: string;
  readonly rate: string;
}

export interface LagTable {
  readonly id: EntityId;
  readonly group: string;
  /** `Stable, generation 3, 2 members`. */
  readonly state: string;
  readonly rows: readonly LagRow[];
  readonly total: string;
  readonly oldest: string;
  readonly rate: string;
}

/** A table for each group that has partitions, groups by name. */
export function lagTables(entities: ReadonlyMap<EntityId, Entity>, names: Names): readonly LagTable[] {
  return [...entities.values()]
    .filter((entity): entity is GroupEntity => entity.kind === 'group')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((group) => lagTable(group, names));
}

export function lagTable(group: GroupEntity, names: Names): LagTable {
  const { partitions, members, generation, state } = group;
  return {
    id: group.id,
    group: group.name,
    state: `${state}, ${group.assignmentEpoch === undefined ? 'generation' : 'epoch'} ${generation}, ${members.length} ${members.length === 1 ? 'member' : 'members'}`,
    rows: partitions.map((partition) => ({
      ...lagRow(partition, names),
      ...(group.share === undefined ? {} : { owner: 'all members' }),
    })),
    total: count(partitions.reduce((sum, { lag }) => sum + lag, 0)),
    oldest: age(Math.max(0, ...partitions.map(({ lagMs }) => lagMs))),
    rate: count(group.recordsPerSecond),
  };
}

function lagRow(partition: GroupPartition, names: Names): LagRow {
  const { name, owner, lag, lagMs } = partition;
  return {
    id: `partition:${name}`,
    partition: name,
    owner: owner === '' ? 'nobody' : names.node(owner),
    position: known(partition.position),
    committed: known(partition.committed),
    end: known(partition.end),
    lag: partition.end < 0 ? '–' : count(lag),
    behind: lag > 0,
    age: partition.end < 0 ? '–' : age(lag === 0 ? 0 : lagMs),
    rate: count(partition.recordsPerSecond),
  };
}

const age = (ms: number): string => (ms === 0 ? '0 s' : seconds(ms));

/** Offsets that nobody has are a dash, not a number. */
const known = (offset: number): string => (offset < 0 ? '–' : count(offset));
