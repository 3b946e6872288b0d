import type { LoomGraph, Station } from './graph.ts';
import {
  bodySpan,
  leadSpan,
  PARTITION_LABEL,
  ROW_MIN,
  threadRoom,
  type Measuring,
  type Span,
} from './measures.ts';
import { headOver, levelPitch, reachOf, stackOf, stacksNeed, tiersOf, type Tiers } from './stacks.ts';

/** Where one station stands. Rows of partition `i` are centred on `y0 + pitch × (i + ½)`. */
export interface Placed {
  readonly station: Station;
  readonly column: number;
  /** Start of what leads into the station. */
  readonly lead: number;
  readonly x: number;
  readonly width: number;
  /** Right end of its own marks; others of the column may be wider. */
  readonly right: number;
  /** Baselines of the name, the line below it, and of the machines' names. */
  readonly nameY: number;
  /** Shares its column with others. */
  readonly stacked: boolean;
  readonly machineY: number;
  readonly y0: number;
  readonly pitch: number;
  readonly bottom: number;
  readonly detail: 'rows' | 'bars';
  /** A topic whose replicas are drawn, not only its leaders. */
  readonly expanded: boolean;
  /** Distance of machines, their frame's width and the edge of a mark in it. */
  readonly machinePitch: number;
  readonly frame: number;
  readonly mark: number;
}

export interface LoomLayout {
  readonly width: number;
  readonly height: number;
  readonly low: boolean;
  readonly placed: ReadonlyMap<string, Placed>;
  /** Baseline of the first line of sums, null without room for them. */
  readonly sumsY: number | null;
  readonly sumsPitch: number;
  /** Centre of the picked row below the bars, null while rows are in full. */
  readonly pickedY: number | null;
  readonly legendY: number;
  /** The legend has a band of its own, with room for all of it. */
  readonly legendApart: boolean;
}

export const PAD = 12;

export interface LayoutOptions {
  readonly width: number;
  readonly height: number;
  readonly expanded: string | null;
  /** Rows are drawn in full, however high the picture gets. */
  readonly full: boolean;
}

interface Vertical {
  readonly low: boolean;
  readonly y0: number;
  readonly pitch: number;
  /** Lowest pitch of columns that several stations share. */
  readonly least: number;
  readonly bottom: number;
  /** Where rows may end at most. */
  readonly most: number;
  readonly sums: boolean;
  readonly sumsPitch: number;
  /** Height of a band for the legend; 0 where it shares the foot. */
  readonly legend: number;
}

const FOOT = 72;
const BARS_FOOT = 46;
const LEGEND = 26;
const PICKED = 64;
const SUM_LINES = 3;

export function layoutLoom(graph: LoomGraph, options: LayoutOptions): LoomLayout {
  const stations = new Map(graph.columns.flat().map((s) => [s.key, s]));
  const rows = Math.max(1, ...graph.columns.map((c) => (c.length === 1 ? (c[0]?.rows ?? 1) : 1)));
  const tiers = tiersOf(graph.columns, options.expanded, new Set(graph.edges.map(({ from }) => from)));
  const vertical = verticalOf(rows, options, tiers);
  const by: Measuring = { graph, stations, expanded: options.expanded, bars: vertical.pitch < ROW_MIN };
  const horizontal = horizontalOf(graph, by, options.width);
  const placed = new Map<string, Placed>();
  let bottom = vertical.bottom;
  graph.columns.forEach((column, i) => {
    const at = horizontal.columns[i];
    if (at === undefined) return;
    for (const p of placeColumn({ column, index: i, at, vertical, by, tiers, placed })) {
      placed.set(p.station.key, p);
      const isLast = p.station === column.at(-1) && column.length > 1;
      bottom = Math.max(bottom, p.bottom - (isLast ? reachOf(tiers.get(column.length) ?? [], FOOT) : 0));
    }
  });
  const end = bottom + (by.bars ? BARS_FOOT : FOOT);
  const pickedY = by.bars ? end + 18 : null;
  const sumsY = vertical.sums ? end + (by.bars ? PICKED : 0) + 4 : null;
  const below =
    sumsY === null ? end + (by.bars ? PICKED - 8 : 0) : sumsY + SUM_LINES * vertical.sumsPitch - 10;
  const height = Math.max(options.height, below + vertical.legend);
  return {
    width: horizontal.width,
    height,
    low: vertical.low,
    placed,
    sumsY,
    sumsPitch: vertical.sumsPitch,
    pickedY,
    legendY: height - 12,
    legendApart: vertical.legend > 0,
  };
}

/** What gives way first when rows would become too low to be drawn in full: sums, then the legend's own band. */
const BELOW_ROWS = [
  { sums: true, legend: LEGEND },
  { sums: false, legend: LEGEND },
  { sums: false, legend: 0 },
] as const;

/** Rows come so close, and no closer, for shared columns to stand level with the others. */
const LEVEL_MIN = 28;

function verticalOf(rows: number, { height, full }: LayoutOptions, tiers: Tiers): Vertical {
  const need = stacksNeed(tiers);
  const low = height <= 500;
  const y0 = low ? 90 : 104;
  const sumsPitch = low ? 21 : 24;
  const sumsHeight = SUM_LINES * sumsPitch;
  const pitchFor = (foot: number, { sums, legend }: { sums: boolean; legend: number }): number =>
    (height - y0 - foot - (sums ? sumsHeight : 0) - legend) / rows;
  const fits = (below: { sums: boolean; legend: number }): boolean => pitchFor(FOOT, below) >= ROW_MIN;
  const room = (below: { sums: boolean; legend: number }): number => pitchFor(FOOT, below) * rows + y0;
  const whole =
    BELOW_ROWS.find((below) => fits(below) && room(below) >= need) ??
    BELOW_ROWS.find((below) => fits(below)) ??
    (full ? BELOW_ROWS[2] : undefined);
  const sums = whole?.sums ?? pitchFor(PICKED + BARS_FOOT, { sums: true, legend: LEGEND }) * rows > 150;
  const legend = whole?.legend ?? LEGEND;
  const foot = whole === undefined ? PICKED + BARS_FOOT : FOOT;
  const free = pitchFor(foot, { sums, legend });
  const most = height - foot - (sums ? sumsHeight : 0) - legend;
  const level = Math.floor(levelPitch(tiers, { y0, total: most, foot }));
  const inFull = Math.min(46, Math.max(ROW_MIN, free), level < LEVEL_MIN ? 46 : level);
  const pitch = whole === undefined ? Math.min(ROW_MIN - 2, Math.max(2, free)) : inFull;
  const bottom = y0 + rows * pitch;
  return { low, y0, pitch, least: full ? ROW_MIN : 3, bottom, most, sums, sumsPitch, legend };
}

/** Leads are stretched by so much for each share; what is still left over lies on both sides. */
const GROW = 44;

interface Slot {
  readonly lead: number;
  readonly x: number;
  readonly width: number;
}

/** Squeezes or stretches leads and bodies alike; what cannot be squeezed makes the picture wider than the stage. */
function horizontalOf(graph: LoomGraph, by: Measuring, width: number): { columns: Slot[]; width: number } {
  const widest = (spans: readonly Span[]): Span =>
    spans.reduce(
      (a, b) => ({
        min: Math.max(a.min, b.min),
        ideal: Math.max(a.ideal, b.ideal),
        grow: Math.max(a.grow, b.grow),
      }),
      { min: 0, ideal: 0, grow: 0 },
    );
  const spans = graph.columns.flatMap((c) => [
    widest(c.map((s) => leadSpan(s, by))),
    widest(c.map((s) => bodySpan(s, by))),
  ]);
  const sum = (of: (s: Span) => number): number => spans.reduce((total, s) => total + of(s), 0);
  const [min, ideal, grow] = [sum((s) => s.min), sum((s) => s.ideal), sum((s) => s.grow)];
  const room = Math.max(min, width - 2 * PAD);
  const squeeze = ideal > min ? Math.min(1, (room - min) / (ideal - min)) : 1;
  const extra = grow > 0 ? Math.min(GROW, Math.max(0, room - ideal) / grow) : 0;
  const sizes = spans.map((s) => s.min + squeeze * (s.ideal - s.min) + s.grow * extra);
  const used = sizes.reduce((a, b) => a + b, 0);
  let at = PAD + Math.max(0, (room - used) / 2);
  const columns = graph.columns.map((_, i) => {
    const lead = at;
    const x = lead + (sizes[2 * i] ?? 0);
    const body = sizes[2 * i + 1] ?? 0;
    at = x + body;
    return { lead, x, width: body };
  });
  return { columns, width: at + PAD > width + 1 ? Math.ceil(at + PAD) : width };
}

interface ColumnPlace {
  readonly column: readonly Station[];
  readonly index: number;
  readonly at: Slot;
  readonly vertical: Vertical;
  readonly by: Measuring;
  readonly tiers: Tiers;
  /** What stands further left. */
  readonly placed: ReadonlyMap<string, Placed>;
}

/** One station takes the whole height; several share it, each with its own head. */
function placeColumn(place: ColumnPlace): Placed[] {
  const { column, vertical, tiers } = place;
  const { y0, pitch, low, least } = vertical;
  const nameY = low ? 18 : 22;
  if (column.length === 1)
    return column.map((s) =>
      placeStation(place, s, goneOn(place, s) ?? { y0, pitch, nameY, stacked: false }),
    );
  const own = tiers.get(column.length) ?? [];
  const reach = place.by.bars ? 0 : reachOf(own, FOOT);
  const stack = stackOf(own, { y0, pitch, least, total: Math.max(vertical.bottom, vertical.most) + reach });
  return column.map((s, k) => {
    const at = stack.tiers[k] ?? { y0, head: 0 };
    const alone = stack.level && k === 0;
    return placeStation(place, s, {
      y0: at.y0,
      pitch: stack.pitch,
      nameY: alone ? nameY : at.y0 - at.head + 16,
      stacked: !alone,
    });
  });
}

/** A station that only goes on with what stands on a level of its own stands on that level. */
function goneOn({ by, placed }: ColumnPlace, s: Station): Level | null {
  const feeders = by.graph.edges.flatMap((e) => (e.to === s.key ? (placed.get(e.from) ?? []) : []));
  const [feeder] = feeders;
  if (feeder === undefined || feeder.station.rows !== s.rows || !feeders.every((f) => f.stacked)) return null;
  const { y0, pitch } = feeder;
  const nameY = Math.min(feeder.nameY, y0 - headOver(s, by.expanded) + 16);
  return nameY < NAME_MIN ? null : { y0, pitch, nameY, stacked: true };
}

/** Baseline of the highest name that is seen whole. */
const NAME_MIN = 14;

type Level = Pick<Placed, 'y0' | 'pitch' | 'nameY' | 'stacked'>;

/** Machines stand no further apart, however much room there is. */
const MACHINE_MOST = 44;

function placeStation(
  { at, by, index }: ColumnPlace,
  station: Station,
  { y0, pitch, nameY, stacked }: Level,
): Placed {
  const expanded = station.kind === 'topic' && station.topic.name === by.expanded;
  const machines = expanded ? by.graph.brokers.length : 'machines' in station ? station.machines.length : 1;
  const room = at.width - (expanded ? PARTITION_LABEL : 0);
  const machinePitch = Math.min(MACHINE_MOST, room / Math.max(1, machines));
  const frame = machinePitch - Math.max(2, Math.min(8, machinePitch * 0.22));
  return {
    station,
    column: index,
    lead: at.lead + ('machines' in station ? threadRoom(station, by.graph) : 0),
    x: at.x,
    width: at.width,
    right: at.x + (station.kind === 'topic' && !expanded ? bodySpan(station, by).ideal : at.width),
    nameY,
    stacked,
    machineY: y0 - 18,
    y0,
    pitch,
    bottom: y0 + Math.max(1, station.rows) * pitch,
    detail: pitch < ROW_MIN ? 'bars' : 'rows',
    expanded,
    machinePitch,
    frame,
    mark: Math.min(20, frame - Math.max(4, frame * 0.36), pitch - 6),
  };
}

/** Middle of a row. */
export const rowY = (placed: Placed, row: number): number => placed.y0 + placed.pitch * (row + 0.5);

/** Left edge of a machine's frame. */
export const machineX = (placed: Placed, machine: number): number => placed.x + machine * placed.machinePitch;
