import type { Station } from './graph.ts';
import { ROW_MIN } from './measures.ts';

/** What stands above and below the rows of a station, and how many rows there are. */
interface Tier {
  /** Topics that nobody reads: nothing hangs below their rows. */
  readonly ends: boolean;
  readonly head: number;
  readonly foot: number;
  readonly rows: number;
}

/** Where the rows of a column's stations begin, one after the other, and what stands above each. */
export interface Stack {
  readonly pitch: number;
  readonly tiers: readonly { readonly y0: number; readonly head: number }[];
  /** The first station stands where a station alone would. */
  readonly level: boolean;
}

/** Tiers of all columns with so many stations: they are laid out alike, so that rows keep their level from hop to hop. */
export type Tiers = ReadonlyMap<number, readonly Tier[]>;

/** Name, the line below it, and the names of machines. */
export const headOver = (station: Station, expanded: string | null): number =>
  'machines' in station || isExpanded(station, expanded) ? 68 : 42;

const isExpanded = (station: Station, expanded: string | null): boolean =>
  station.kind === 'topic' && station.topic.name === expanded;

/** Words below machines, and state below its operator. */
const footUnder = (station: Station, expanded: string | null): number =>
  Math.max(stateUnder(station), 'machines' in station || isExpanded(station, expanded) ? 32 : 8);

/** What hangs below an operator reaches under its right neighbour, whose second station stands below it. */
const stateUnder = (station: Station): number =>
  (station.kind === 'subtopology' && station.facts.stores.length > 0) ||
  (station.kind === 'group' && station.group.service !== undefined)
    ? 56
    : 0;

/** What hangs below the last station hangs into the foot of the picture. */
const words = (tiers: readonly Tier[]): number =>
  tiers.reduce((n, { head, foot }, k) => n + head + (k < tiers.length - 1 ? foot : 0), 0);

const rowsOf = (tiers: readonly Tier[]): number => tiers.reduce((n, t) => n + t.rows, 0);

/** `read`: keys of the stations that others go on with. */
export function tiersOf(
  columns: readonly (readonly Station[])[],
  expanded: string | null,
  read: ReadonlySet<string> = new Set(),
): Tiers {
  const tiers = new Map<number, Tier[]>();
  for (const [i, column] of columns.entries()) {
    if (column.length < 2) continue;
    const before = tiers.get(column.length);
    const [left, ...others] = columns[i - 1] ?? [];
    const beside = left === undefined || others.length > 0 ? 0 : stateUnder(left);
    tiers.set(
      column.length,
      column.map((station, k) => ({
        ends: (before?.[k]?.ends ?? true) && !('machines' in station) && !read.has(station.key),
        head: Math.max(before?.[k]?.head ?? 0, headOver(station, expanded)),
        foot: Math.max(before?.[k]?.foot ?? 0, footUnder(station, expanded), k === 0 ? beside : 0),
        rows: Math.max(before?.[k]?.rows ?? 1, station.rows),
      })),
    );
  }
  return tiers;
}

/** Height down to the last row that the tallest of the shared columns needs for rows in full; 0 without one. */
export const stacksNeed = (tiers: Tiers): number =>
  Math.max(0, ...[...tiers.values()].map((t) => words(t) + rowsOf(t) * ROW_MIN));

/** How far such a column may reach into the foot of the picture: where its last station has nothing below its rows. */
export const reachOf = (tiers: readonly Tier[], foot: number): number =>
  tiers.at(-1)?.ends === true ? foot - BARE_FOOT : 0;

const BARE_FOOT = 20;

/** Highest pitch at which the first stations of all shared columns stand level with the columns of one station. */
export const levelPitch = (
  tiers: Tiers,
  { y0, total, foot }: Readonly<Record<'y0' | 'total' | 'foot', number>>,
): number =>
  Math.min(
    ...[...tiers.values()].map(
      (t) => (total + reachOf(t, foot) - y0 + (t[0]?.head ?? 0) - words(t)) / Math.max(1, rowsOf(t)),
    ),
  );

/** Level with the columns of one station where the height allows it, else as far down as it reaches; `total`: to the last row. */
export function stackOf(
  tiers: readonly Tier[],
  { y0, pitch, least, total }: Readonly<Record<'y0' | 'pitch' | 'least' | 'total', number>>,
): Stack {
  const first = tiers[0]?.head ?? 0;
  const rows = rowsOf(tiers);
  const level = y0 - first + words(tiers) + rows * pitch <= total;
  const own = level ? pitch : Math.min(pitch, Math.max(least, (total - words(tiers)) / rows));
  let top = level ? y0 - first : 0;
  const left = total - top - words(tiers) - rows * own;
  const gap = Math.min(24, Math.max(0, left / Math.max(1, tiers.length - 1)));
  return {
    pitch: own,
    level,
    tiers: tiers.map((t) => {
      const at = { y0: top + t.head, head: t.head };
      top += t.head + t.rows * own + t.foot + gap;
      return at;
    }),
  };
}
