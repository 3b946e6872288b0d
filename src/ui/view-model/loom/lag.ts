import type { GroupEntity, GroupPartition } from '../../../engine/api/entities/group.ts';
import type { PartitionEntity } from '../../../engine/api/entities/partition.ts';
import type { LoomGraph, ReaderStation } from './graph.ts';

/** How far one reader is behind in one partition, in records. */
export interface RowLag {
  readonly name: string;
  /** Read but not committed. */
  readonly done: number;
  /** Not read yet. */
  readonly wait: number;
  /** Age of the oldest unread record, ms. */
  readonly ageMs: number;
  /** Records a second by which `wait` grows. */
  readonly trend: number;
  /** Records read a second. */
  readonly rate: number;
  /** Nobody leads it or its leader does not answer: how much there is to read, nobody knows. */
  readonly silent: boolean;
}

const byName = new WeakMap<GroupEntity, ReadonlyMap<string, GroupPartition>>();

function partitionsOf(group: GroupEntity): ReadonlyMap<string, GroupPartition> {
  const known = byName.get(group) ?? new Map(group.partitions.map((p) => [p.name, p]));
  byName.set(group, known);
  return known;
}

/** Lag of each row of a reader; a task with several inputs has several. */
export function lagsOf(station: ReaderStation, partitions: ReadonlyMap<string, PartitionEntity>): RowLag[][] {
  const isShared = station.kind === 'group' && station.group.share !== undefined;
  const lag = (read: GroupPartition | undefined): RowLag[] =>
    read === undefined ? [] : [rowLag(read, partitions.get(read.name), isShared)];
  if (station.kind === 'group') return station.reads.map(lag);
  const group = station.group;
  if (group === null) return station.tasks.map(() => []);
  const reads = partitionsOf(group);
  return station.tasks.map((task) => (task?.inputs ?? []).flatMap((name) => lag(reads.get(name))));
}

/** In a share group records behind the start offset may be done with: what is left of the lag is in somebody's hands. */
function rowLag(read: GroupPartition, partition: PartitionEntity | undefined, isShared: boolean): RowLag {
  const { position, committed, end, name } = read;
  const silent = end < 0;
  const wait = position >= 0 && !silent ? Math.max(0, end - position) : Math.max(0, read.lag);
  return {
    name,
    done: position < 0 || committed < 0 ? 0 : Math.max(0, isShared ? read.lag - wait : position - committed),
    wait,
    ageMs: read.lagMs,
    trend: (partition?.recordsPerSecond ?? 0) - read.recordsPerSecond,
    rate: read.recordsPerSecond,
    silent,
  };
}

/** By `topic-partition` name. */
export function partitionsByName(graph: LoomGraph): ReadonlyMap<string, PartitionEntity> {
  const all = new Map<string, PartitionEntity>();
  for (const column of graph.columns)
    for (const station of column)
      if (station.kind === 'topic')
        for (const p of station.partitions) if (p !== undefined) all.set(p.name, p);
  return all;
}
