import type {
  ApplicationEntity,
  SubtopologyFacts,
  TaskEntity,
} from '../../../engine/api/entities/application.ts';
import type { Entity, EntityId, LinkEntity } from '../../../engine/api/frame.ts';
import type { GroupEntity, GroupPartition } from '../../../engine/api/entities/group.ts';
import type { NodeEntity } from '../../../engine/api/entities/node.ts';
import type { PartitionEntity, TopicEntity } from '../../../engine/api/entities/partition.ts';
import type { ProducerEntity } from '../../../engine/api/entities/producer.ts';

/** Producers that write to one topic. */
export interface ProducersStation {
  readonly kind: 'producers';
  readonly key: string;
  readonly topic: string;
  readonly producers: readonly ProducerEntity[];
  readonly rows: 1;
}

export interface TopicStation {
  readonly kind: 'topic';
  readonly key: string;
  readonly topic: TopicEntity;
  /** By number; a hole while the topic is being created. */
  readonly partitions: readonly (PartitionEntity | undefined)[];
  readonly rows: number;
}

/** What one sub-topology of an application does, task by task. */
export interface SubtopologyStation {
  readonly kind: 'subtopology';
  readonly key: string;
  readonly application: ApplicationEntity;
  readonly facts: SubtopologyFacts;
  /** By partition. */
  readonly tasks: readonly (TaskEntity | undefined)[];
  readonly machines: readonly NodeEntity[];
  readonly group: GroupEntity | null;
  readonly rows: number;
}

/** A consumer group that is not an application's. */
export interface GroupStation {
  readonly kind: 'group';
  readonly key: string;
  readonly group: GroupEntity;
  readonly machines: readonly NodeEntity[];
  /** Sorted by topic, then partition. */
  readonly reads: readonly GroupPartition[];
  readonly rows: number;
}

export type Station = ProducersStation | TopicStation | SubtopologyStation | GroupStation;
export type ReaderStation = SubtopologyStation | GroupStation;

export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The loom before it has sizes: stations in columns from left to right, sources first, and who feeds whom. */
export interface LoomGraph {
  readonly columns: readonly (readonly Station[])[];
  readonly edges: readonly Edge[];
  readonly brokers: readonly NodeEntity[];
  readonly controllers: readonly NodeEntity[];
  readonly links: readonly LinkEntity[];
  readonly nodes: ReadonlyMap<EntityId, NodeEntity>;
}

const KIND_ORDER: Readonly<Record<Station['kind'], number>> = {
  producers: 0,
  topic: 1,
  subtopology: 2,
  group: 3,
};

/** Topics that carry a store or a group's own notes stand beside their owner, never on the way of the records. */
export const isChangelog = (topic: TopicEntity): boolean =>
  topic.internal && topic.name.endsWith('-changelog');

/** `order`: ids of `entities` as {@link entityOrder} gives them. */
export function loomGraph(entities: ReadonlyMap<EntityId, Entity>, order: readonly EntityId[]): LoomGraph {
  const kinds = byKind(entities, order);
  const nodes = new Map(kinds.node.map((n) => [n.id, n]));
  const stations: Station[] = [
    ...producerStations(kinds.producer),
    ...subtopologyStations(kinds, nodes),
    ...groupStations(kinds, nodes),
  ];
  const touched = new Set(stations.flatMap((s) => [...inputsOf(s), ...outputsOf(s)]));
  stations.push(...topicStations(kinds, (t) => (!t.internal || touched.has(t.name)) && !isChangelog(t)));
  const edges = edgesOf(stations);
  return {
    columns: intoColumns(stations, edges),
    edges,
    brokers: kinds.node.filter((n) => n.role === 'broker').sort(byBrokerId),
    controllers: kinds.node.filter((n) => n.role === 'controller'),
    links: kinds.link,
    nodes,
  };
}

type Kinds = { readonly [K in Entity['kind']]: Extract<Entity, { kind: K }>[] };

function byKind(entities: ReadonlyMap<EntityId, Entity>, order: readonly EntityId[]): Kinds {
  const kinds: Kinds = {
    cluster: [],
    node: [],
    topic: [],
    partition: [],
    producer: [],
    application: [],
    task: [],
    group: [],
    transaction: [],
    link: [],
  };
  for (const id of order) {
    const entity = entities.get(id);
    if (entity !== undefined) (kinds[entity.kind] as Entity[]).push(entity);
  }
  return kinds;
}

/** Ids in natural order (b2 before b10); `before` is given back while the same entities exist, for sorting is slow. */
export function entityOrder(
  entities: ReadonlyMap<EntityId, Entity>,
  before: readonly EntityId[] | null,
): readonly EntityId[] {
  if (before?.length === entities.size && before.every((id) => entities.has(id))) return before;
  return [...entities.keys()].sort((a, b) => naturalOrder.compare(a, b) || (a < b ? -1 : 1));
}

const naturalOrder = new Intl.Collator('en', { numeric: true });
const byNaturalId = (a: { id: string }, b: { id: string }): number => naturalOrder.compare(a.id, b.id);
const byBrokerId = (a: NodeEntity, b: NodeEntity): number =>
  (a.broker?.brokerId ?? 0) - (b.broker?.brokerId ?? 0);

function producerStations(producers: readonly ProducerEntity[]): ProducersStation[] {
  return [...new Set(producers.map((p) => p.topic))].map((topic) => ({
    kind: 'producers',
    key: `producers:${topic}`,
    topic,
    producers: producers.filter((p) => p.topic === topic),
    rows: 1,
  }));
}

function topicStations(kinds: Kinds, wanted: (t: TopicEntity) => boolean): TopicStation[] {
  const partitions = new Map<string, PartitionEntity[]>();
  for (const p of kinds.partition) {
    const list = partitions.get(p.topic) ?? [];
    list[p.partition] = p;
    partitions.set(p.topic, list);
  }
  return kinds.topic.filter(wanted).map((topic) => ({
    kind: 'topic',
    key: topic.id,
    topic,
    partitions: Array.from({ length: topic.partitions }, (_, i) => partitions.get(topic.name)?.[i]),
    rows: topic.partitions,
  }));
}

function subtopologyStations(kinds: Kinds, nodes: ReadonlyMap<EntityId, NodeEntity>): SubtopologyStation[] {
  return kinds.application.flatMap((application) =>
    application.subtopologies.map((facts): SubtopologyStation => {
      const tasks: TaskEntity[] = [];
      for (const t of kinds.task)
        if (t.application === application.name && t.subtopology === facts.id) tasks[t.partition] = t;
      return {
        kind: 'subtopology',
        key: `${application.id}/${facts.id}`,
        application,
        facts,
        tasks: Array.from(tasks),
        machines: application.instances.flatMap((id) => nodes.get(id) ?? []),
        group: kinds.group.find((g) => g.name === application.name) ?? null,
        rows: tasks.length,
      };
    }),
  );
}

function groupStations(kinds: Kinds, nodes: ReadonlyMap<EntityId, NodeEntity>): GroupStation[] {
  const applications = new Set(kinds.application.map((a) => a.name));
  return kinds.group
    .filter((g) => !applications.has(g.name))
    .map((group) => ({
      kind: 'group',
      key: group.id,
      group,
      machines: membersOf(group, nodes),
      reads: [...group.partitions].sort((a, b) => naturalOrder.compare(a.name, b.name)),
      rows: group.partitions.length,
    }));
}

/** Machines that belong to the group, also those that are down or not let in; and strangers that are members. */
function membersOf(group: GroupEntity, nodes: ReadonlyMap<EntityId, NodeEntity>): NodeEntity[] {
  const ids = new Set([...nodes.values()].filter((n) => n.memberOf === group.name).map((n) => n.id));
  for (const member of group.members) ids.add(member.node);
  return [...ids].flatMap((id) => nodes.get(id) ?? []).sort(byNaturalId);
}

/** `clicks` of `clicks-3`. */
export const topicOf = (partition: string): string => partition.slice(0, partition.lastIndexOf('-'));

/** Topics that a station reads. */
export function inputsOf(station: Station): readonly string[] {
  if (station.kind === 'subtopology') return station.facts.sources;
  if (station.kind === 'group') return [...new Set(station.reads.map((r) => topicOf(r.name)))];
  return [];
}

function outputsOf(station: Station): readonly string[] {
  if (station.kind === 'subtopology') return station.facts.sinks;
  return station.kind === 'producers' ? [station.topic] : [];
}

function edgesOf(stations: readonly Station[]): Edge[] {
  const topics = new Map(
    stations.flatMap((s) => (s.kind === 'topic' ? [[s.topic.name, s.key] as const] : [])),
  );
  const keyOf = (name: string): string[] => (topics.has(name) ? [topics.get(name) as string] : []);
  return stations.flatMap((s) => [
    ...inputsOf(s).flatMap((t) => keyOf(t).map((from) => ({ from, to: s.key }))),
    ...outputsOf(s).flatMap((t) => keyOf(t).map((to) => ({ from: s.key, to }))),
  ]);
}

/** Longest way from a source; a cycle of topics is cut where it would lead back. */
function depths(stations: readonly Station[], edges: readonly Edge[]): Map<string, number> {
  const depth = new Map(
    stations.map((s) => [s.key, s.kind === 'producers' ? 0 : s.kind === 'topic' ? 1 : 2]),
  );
  for (let round = 0; round < stations.length; round++) {
    let moved = false;
    for (const { from, to } of edges) {
      const next = (depth.get(from) ?? 0) + 1;
      if (next <= (depth.get(to) ?? 0) || next > stations.length) continue;
      depth.set(to, next);
      moved = true;
    }
    if (!moved) break;
  }
  return depth;
}

function intoColumns(stations: readonly Station[], edges: readonly Edge[]): Station[][] {
  const depth = depths(stations, edges);
  const levels = [...new Set(depth.values())].sort((a, b) => a - b);
  const place = new Map<string, number>();
  return levels.map((level) => {
    const column = stations.filter((s) => depth.get(s.key) === level);
    const pull = (s: Station): number => {
      const from = edges.flatMap((e) => (e.to === s.key ? (place.get(e.from) ?? []) : []));
      return from.length === 0 ? Infinity : from.reduce((a, b) => a + b, 0) / from.length;
    };
    const pulls = new Map(column.map((s) => [s.key, pull(s)]));
    const by = (s: Station): number => pulls.get(s.key) ?? Infinity;
    column.sort(
      (a, b) =>
        compare(by(a), by(b)) ||
        beyond(b.key, edges) - beyond(a.key, edges) ||
        KIND_ORDER[a.kind] - KIND_ORDER[b.kind] ||
        naturalOrder.compare(a.key, b.key),
    );
    column.forEach((s, i) => place.set(s.key, (i + 0.5) / column.length));
    return column;
  });
}

/** Stations that a station leads to in the end: what goes furthest stands first, and its way is straight. */
function beyond(key: string, edges: readonly Edge[]): number {
  const seen = new Set([key]);
  for (const at of seen) for (const { from, to } of edges) if (from === at) seen.add(to);
  return seen.size;
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
