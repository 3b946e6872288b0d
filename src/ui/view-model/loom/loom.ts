import type { Entity, EntityId } from '../../../engine/api/frame.ts';
import type { PartitionEntity } from '../../../engine/api/entities/partition.ts';
import { FigureCache } from '../picture/figure-cache.ts';
import { centre, figure, text, type Figure, type Picture, type Port } from '../picture/figure.ts';
import type { LaterParts, LoomContext } from './context.ts';
import { lagRoom, LEAST_ROOM } from './context.ts';
import { entityOrder, loomGraph, type LoomGraph } from './graph.ts';
import { applicationFigures, headFigures, machineFigures } from './heads.ts';
import { lagsOf, partitionsByName, type RowLag } from './lag.ts';
import { layoutLoom, machineX, rowY, type LoomLayout } from './layout.ts';
import { producerFigures } from './producers.ts';
import { raceFigures } from './races.ts';
import { cardBox, ownersOf, readerRowFigures, type PlacedReader } from './reader-rows.ts';
import { scalesFor, type LoomScales } from './scales.ts';
import { legendFigures, loomTitle, sumFigures } from './sums.ts';
import { layoutTurned, type TurnedLayout } from './turned-layout.ts';
import { turnedPicture } from './turned.ts';
import { leaderX, topicRowFigures, type PlacedTopic } from './topic-rows.ts';

export interface LoomInput {
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly selection: EntityId | null;
  readonly at: number;
  readonly width: number;
  readonly height: number;
  /** Columns are partitions: for a narrow stage. */
  readonly turned: boolean;
}

/** What one picture leaves for the next, so that scales stay and unchanged figures are the same objects. */
export class LoomMemory {
  /** Without them all rows are in full, and the picture may be higher than the stage. */
  readonly later: LaterParts | null;
  readonly cache = new FigureCache();
  order: readonly EntityId[] | null = null;
  expanded: string | null = null;
  shape: object = {};
  sizes = '';
  turned: TurnedLayout | null = null;
  scales: LoomScales | null = null;

  constructor(later: LaterParts | null = null) {
    this.later = later;
  }
}

/** The topology: rows are partitions, columns are machines, the mark at a crossing is the work done there. */
export function loomPicture(input: LoomInput, memory: LoomMemory): Picture {
  const context = prepareLoom(input, memory);
  if (input.turned && context.layout.placed.size > 0) return turnedLoom(context, input, memory);
  const figures = drawLoom(context);
  memory.cache.turn();
  return {
    width: context.layout.width,
    height: context.layout.height,
    title: loomTitle(context, input.at),
    figures,
    ports: () => loomPorts(context),
  };
}

export function prepareLoom(input: LoomInput, memory: LoomMemory): LoomContext {
  memory.order = entityOrder(input.entities, memory.order);
  const graph = loomGraph(input.entities, memory.order);
  memory.expanded = expandedTopic(graph, input, memory.expanded);
  const layout = layoutLoom(graph, { ...input, expanded: memory.expanded, full: memory.later === null });
  const partitions = partitionsByName(graph);
  const lags = new Map<string, RowLag[][]>();
  for (const { station } of layout.placed.values())
    if (station.kind === 'subtopology' || station.kind === 'group')
      lags.set(station.key, lagsOf(station, partitions));
  memory.scales = scalesFor(
    input.turned ? turnedExtremes(layout, lags) : extremesOf(layout, lags),
    memory.scales,
  );
  const base = {
    graph,
    layout,
    shape: shapeOf(layout, memory),
    scales: memory.scales,
    cache: memory.cache,
    partitions,
    lags,
    later: memory.later,
  };
  return { ...base, picked: memory.later?.pick(base, input.selection) ?? null };
}

function turnedLoom(context: LoomContext, input: LoomInput, memory: LoomMemory): Picture {
  const layout = layoutTurned(context.graph, {
    width: input.width,
    expanded: memory.expanded,
    before: memory.turned,
  });
  memory.turned = layout;
  const picture = turnedPicture(context, layout, input.at);
  memory.cache.turn();
  return picture;
}

/** The topic whose replicas are drawn: the one that was selected last, at first the one nearest to the sources. */
export function expandedTopic(graph: LoomGraph, input: LoomInput, before: string | null): string | null {
  const names = graph.columns.flat().flatMap((s) => (s.kind === 'topic' ? [s.topic.name] : []));
  const selected = input.selection === null ? undefined : input.entities.get(input.selection);
  const wanted =
    selected?.kind === 'topic' ? selected.name : selected?.kind === 'partition' ? selected.topic : before;
  return wanted !== null && names.includes(wanted) ? wanted : (names[0] ?? null);
}

/** The same object as before while every station stands where it stood. */
function shapeOf(layout: LoomLayout, memory: LoomMemory): object {
  const sizes = [...layout.placed.values()].map(
    (p) =>
      `${p.station.key} ${p.lead} ${p.x} ${p.width} ${p.y0} ${p.pitch} ${p.station.rows} ${p.machinePitch}`,
  );
  const sizesKey = [layout.width, layout.height, layout.sumsY, memory.expanded, ...sizes].join('|');
  if (memory.sizes !== sizesKey) memory.shape = {};
  memory.sizes = sizesKey;
  return memory.shape;
}

function extremesOf(
  layout: LoomLayout,
  lags: ReadonlyMap<string, readonly (readonly RowLag[])[]>,
): Parameters<typeof scalesFor>[0] {
  let [total, row, rowRoom, lagPerPixel] = [0, 0, 24, 0];
  for (const placed of layout.placed.values()) {
    const { station } = placed;
    rowRoom = Math.min(rowRoom, Math.max(4, placed.pitch - 12));
    if (station.kind === 'producers')
      total = Math.max(
        total,
        station.producers.reduce((n, p) => n + p.recordsPerSecond, 0),
      );
    if (station.kind === 'topic')
      row = Math.max(
        row,
        ...station.partitions.map((p: PartitionEntity | undefined) => p?.recordsPerSecond ?? 0),
      );
    if (station.kind === 'subtopology')
      row = Math.max(row, ...station.tasks.map((t) => t?.recordsPerSecond ?? 0));
    const room = lagRoom(placed).width;
    if (room < LEAST_ROOM) continue;
    for (const rows of lags.get(station.key) ?? [])
      for (const lag of rows) lagPerPixel = Math.max(lagPerPixel, (lag.done + lag.wait) / room);
  }
  return { total, row: layout.pickedY === null ? row : 0, rowRoom, lagPerPixel };
}

/** Turned, lag has {@link TURNED_LAG} px downwards and a race less than half a column. */
function turnedExtremes(
  layout: LoomLayout,
  lags: ReadonlyMap<string, RowLag[][]>,
): Parameters<typeof scalesFor>[0] {
  const all = [...lags.values()].flat(2);
  const rates = all.map((l) => l.rate);
  const most = Math.max(0, ...all.map((l) => l.done + l.wait));
  const rows = Math.max(1, ...[...layout.placed.values()].map((p) => p.station.rows));
  return {
    total: 0,
    row: Math.max(0, ...rates),
    rowRoom: Math.max(3, 150 / rows),
    lagPerPixel: most / TURNED_LAG,
  };
}

const TURNED_LAG = 38;

const NOTHING: Figure[] = [
  figure('empty', [
    text(16, 40, 'Nothing stands here yet.', 'tb'),
    text(16, 60, 'Machines and partitions will appear here.', 't2'),
  ]),
];

function drawLoom(context: LoomContext): Figure[] {
  const figures: Figure[] = [...raceFigures(context), ...(context.later?.lenses(context) ?? [])];
  for (const placed of context.layout.placed.values()) figures.push(...machineFigures(context, placed));
  for (const placed of context.layout.placed.values()) {
    const { kind } = placed.station;
    if (kind === 'producers') continue;
    if (kind === 'topic') {
      const draw = (placed.detail === 'bars' ? context.later?.topic : null) ?? topicRowFigures;
      figures.push(...draw(context, placed as PlacedTopic));
    } else {
      const draw = (placed.detail === 'bars' ? context.later?.reader : null) ?? readerRowFigures;
      figures.push(...draw(context, placed as PlacedReader));
      figures.push(...(context.later?.service(context, placed as PlacedReader) ?? []));
    }
  }
  figures.push(
    ...producerFigures(context),
    ...(context.later?.picked(context) ?? []),
    ...applicationFigures(context),
  );
  figures.push(...headFigures(context), ...sumFigures(context), ...legendFigures(context));
  return context.layout.placed.size === 0 ? NOTHING : figures;
}

/** Where envelopes start and end: a machine for each of its rows, and its middle. */
function loomPorts(context: LoomContext): Port[] {
  const ports: Port[] = [];
  for (const placed of context.layout.placed.values()) {
    const { station } = placed;
    if (station.kind === 'producers') {
      for (const p of station.producers) ports.push(producerPort(context, p.node, placed.x + placed.width));
    } else if (station.kind === 'topic') ports.push(...topicPorts(context, placed as PlacedTopic));
    else ports.push(...readerPorts(placed as PlacedReader));
  }
  return ports;
}

function producerPort(context: LoomContext, node: string, x: number): Port {
  const rows = [...context.layout.placed.values()].find((p) => p.expanded);
  return { node, partition: null, x, y: rows ? (rows.y0 + rows.bottom) / 2 : 0 };
}

function topicPorts(context: LoomContext, placed: PlacedTopic): Port[] {
  const ports = placed.station.partitions.flatMap((p, row): Port[] => {
    const leader = context.graph.brokers.find((b) => b.broker?.brokerId === p?.leader);
    if (p === undefined || leader === undefined) return [];
    const x = leaderX(context, placed, row) + (placed.expanded ? placed.mark / 2 : 9);
    return [{ node: leader.id, partition: p.name, x, y: rowY(placed, row) }];
  });
  if (!placed.expanded) return ports;
  const middles = context.graph.brokers.map((b, i) => ({
    node: b.id,
    partition: null,
    x: machineX(placed, i) + placed.frame / 2,
    y: (placed.y0 + placed.bottom) / 2,
  }));
  return [...ports, ...middles];
}

function readerPorts(placed: PlacedReader): Port[] {
  const { station } = placed;
  const names =
    station.kind === 'group' ? station.reads.map((r) => [r.name]) : station.tasks.map((t) => t?.inputs ?? []);
  const rows = names.flatMap((inputs, row): Port[] => {
    return ownersOf(station, row).flatMap((owner) => {
      const node = station.machines[owner]?.id;
      if (node === undefined) return [];
      const [x, y] = centre(cardBox(placed, owner, row));
      return inputs.map((partition) => ({ node, partition, x, y }));
    });
  });
  const middles = station.machines.map((m, i) => ({
    node: m.id,
    partition: null,
    x: machineX(placed, i) + placed.frame / 2,
    y: (placed.y0 + placed.bottom) / 2,
  }));
  return [...rows, ...middles];
}
