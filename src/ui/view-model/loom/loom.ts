import type { EntityId } from '../../../engine/api/frame.ts';
import type { PartitionEntity } from '../../../engine/api/entities/partition.ts';
import { FigureCache } from '../picture/figure-cache.ts';
import { figure, text, type Figure, type Picture } from '../picture/figure.ts';
import type { LaterParts, LoomContext, LoomInput } from './context.ts';
import { lagRoom, LEAST_ROOM } from './context.ts';
import { entityOrder, loomGraph, type LoomGraph } from './graph.ts';
import { lagsOf, partitionsByName, type RowLag } from './lag.ts';
import { layoutLoom, type LoomLayout } from './layout.ts';
import { scalesFor, type LoomScales } from './scales.ts';
import type { TurnedLayout } from './turned-layout.ts';

/** Draws the loom one of its ways; the context is not empty. */
export type DrawLoom = (context: LoomContext, input: LoomInput, memory: LoomMemory) => Picture;

/** A stage is rarely both wide and narrow: each way comes when it is needed, and one can stand in for the other. */
export interface LoomWays {
  readonly across?: DrawLoom;
  readonly turned?: DrawLoom;
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
  readonly ways: LoomWays;

  constructor(ways: LoomWays, later: LaterParts | null = null) {
    this.ways = ways;
    this.later = later;
  }
}

/** The topology: rows are partitions, columns are machines, the mark at a crossing is the work done there. */
export function loomPicture(input: LoomInput, memory: LoomMemory): Picture {
  const context = prepareLoom(input, memory);
  const { across, turned } = memory.ways;
  const draw = (input.turned ? turned : across) ?? across ?? turned;
  const { width, height, placed } = context.layout;
  const picture =
    draw === undefined || placed.size === 0
      ? { width, height, title: 'Nothing yet', figures: NOTHING, ports: () => [] }
      : draw(context, input, memory);
  memory.cache.turn();
  return picture;
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
