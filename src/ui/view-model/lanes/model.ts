import type { RecordCell, RecordsDetail } from '../../../engine/api/detail.ts';
import type { Entity, EntityId, LinkEntity } from '../../../engine/api/frame.ts';
import type { GroupEntity, GroupPartition } from '../../../engine/api/entities/group.ts';
import type { NodeEntity } from '../../../engine/api/entities/node.ts';
import type { PartitionEntity, ReplicaState } from '../../../engine/api/entities/partition.ts';
import type { ProducerEntity } from '../../../engine/api/entities/producer.ts';
import { brokerNode, type BrokerId } from '../../../engine/api/ids.ts';
import type { CutRecord } from '../../../engine/api/trace-event.ts';
import { writersOf, type Writer } from '../transaction-table.ts';

export interface Lane {
  readonly state: ReplicaState;
  readonly node: NodeEntity | undefined;
  readonly leader: boolean;
  readonly inSync: boolean;
  /** By offset, oldest first. */
  readonly cells: readonly RecordCell[];
  /** What was cut off a short while ago. */
  readonly ghosts: readonly CutRecord[];
}

export interface Reader {
  readonly group: GroupEntity;
  readonly read: GroupPartition;
  readonly owner: NodeEntity | undefined;
}

/** One partition with all that touches it. */
export interface LanesModel {
  readonly partition: PartitionEntity;
  readonly lanes: readonly Lane[];
  readonly highWatermark: number;
  /** Null while no transaction has written to it, and without a leader that is up. */
  readonly lastStable: number | null;
  /** Who writes in transactions, by producer id. */
  readonly writers: ReadonlyMap<number, Writer>;
  /** Largest log end of all replicas. */
  readonly end: number;
  readonly readers: readonly Reader[];
  readonly producers: readonly { readonly producer: ProducerEntity; readonly node: NodeEntity | undefined }[];
  readonly links: readonly LinkEntity[];
}

export interface LanesSource {
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly focusPartition: EntityId | null;
  readonly records: RecordsDetail | null;
  readonly at: number;
}

const NO_WRITERS: ReadonlyMap<number, Writer> = new Map();

/** The partition in focus, or the first there is; null before any exists. */
export function lanesModel(source: LanesSource): LanesModel | null {
  const { entities, records } = source;
  const partition = partitionInFocus(source);
  if (partition === null) return null;
  const detail = records?.id === partition.id ? records : null;
  const node = (id: string): NodeEntity | undefined => {
    const entity = entities.get(id);
    return entity?.kind === 'node' ? entity : undefined;
  };
  const lanes = [...partition.states]
    .sort((a, b) => a.broker - b.broker)
    .map((state) => ({
      state,
      node: node(brokerNode(state.broker)),
      leader: state.broker === partition.leader,
      inSync: partition.isr.includes(state.broker),
      ...recordsOn(detail, state.broker),
    }));
  const leading = lanes.find((l) => l.leader)?.state;
  return {
    partition,
    lanes,
    highWatermark: leading?.highWatermark ?? Math.max(0, ...partition.states.map((s) => s.highWatermark)),
    lastStable: leading?.lastStable ?? null,
    writers: leading?.lastStable === undefined ? NO_WRITERS : writersOf(entities),
    end: Math.max(0, ...partition.states.map((s) => s.logEnd)),
    ...clientsOf(entities, partition, node),
  };
}

function recordsOn(detail: RecordsDetail | null, broker: BrokerId): Pick<Lane, 'cells' | 'ghosts'> {
  const replica = detail?.replicas.find((one) => one.broker === broker);
  return { cells: replica?.cells ?? [], ghosts: replica?.cut ?? [] };
}

/** The partition in focus: the one that was chosen, or the first there is. */
export function partitionInFocus({
  entities,
  focusPartition,
}: Pick<LanesSource, 'entities' | 'focusPartition'>): PartitionEntity | null {
  const wanted = focusPartition === null ? undefined : entities.get(focusPartition);
  if (wanted?.kind === 'partition') return wanted;
  for (const entity of entities.values()) if (entity.kind === 'partition') return entity;
  return null;
}

function clientsOf(
  entities: ReadonlyMap<EntityId, Entity>,
  partition: PartitionEntity,
  node: (id: string) => NodeEntity | undefined,
): Pick<LanesModel, 'readers' | 'producers' | 'links'> {
  const readers: Reader[] = [];
  const producers: { producer: ProducerEntity; node: NodeEntity | undefined }[] = [];
  const links: LinkEntity[] = [];
  for (const entity of entities.values()) {
    if (entity.kind === 'producer' && entity.topic === partition.topic) {
      producers.push({ producer: entity, node: node(entity.node) });
    } else if (entity.kind === 'link') links.push(entity);
    else if (entity.kind === 'group') {
      const read = entity.partitions.find((p) => p.name === partition.name);
      if (read !== undefined) readers.push({ group: entity, read, owner: node(read.owner) });
    }
  }
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  readers.sort((a, b) => byId(a.group, b.group));
  producers.sort((a, b) => byId(a.producer, b.producer));
  return { readers, producers, links };
}

export interface EpochBand {
  readonly epoch: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Runs of offsets that were written in one leader epoch. */
export function epochBands(cells: readonly RecordCell[]): EpochBand[] {
  const bands: { epoch: number; from: number; to: number }[] = [];
  for (const { leaderEpoch, offset } of cells) {
    const last = bands.at(-1);
    if (last?.epoch === leaderEpoch && last.to <= offset) last.to = offset + 1;
    else bands.push({ epoch: leaderEpoch, from: offset, to: offset + 1 });
  }
  return bands;
}
