/** Pixels for one record a second, and for one record of lag. One pair for the whole stage, stated on it. */
export interface LoomScales {
  readonly flow: number;
  readonly lag: number;
}

const FLOW_UNIT = 0.13;
const LAG_UNIT = 0.2;
/** A scale gets finer again only when it could be this much finer: calm is worth more than a full width. */
const STICKY = 8;

/** Largest of the `steps` of a decade that is not above `limit`. */
function stepBelow(limit: number, steps: readonly number[]): number {
  if (!Number.isFinite(limit) || limit <= 0) return 1;
  const decade = 10 ** Math.floor(Math.log10(limit));
  return steps.map((s) => s * decade).find((s) => s <= limit * 1.000001) ?? decade;
}

const ROUND = [5, 2, 1];
const FINE = [8, 6, 5, 4, 3, 2.5, 2, 1.5, 1];

/** The step for which `largest` still fits `room`; the one from `before` while it fits and is not far too coarse. */
function fit(
  largest: number,
  room: number,
  limits: { unit: number; finest: number; before: number | null },
): number {
  const { unit, finest, before } = limits;
  const possible = largest > 0 ? Math.min(finest, unit * stepBelow(room / largest / unit, FINE)) : finest;
  if (before !== null && before <= possible * 1.000001 && possible < before * STICKY) return before;
  return possible;
}

export interface Extremes {
  /** Largest sum of rates that one race carries, and the largest rate of a row. */
  readonly total: number;
  readonly row: number;
  /** Room for the width of a row's race. */
  readonly rowRoom: number;
  /** Largest lag of a row for each px of room it has. */
  readonly lagPerPixel: number;
}

export function scalesFor(extremes: Extremes, before: LoomScales | null): LoomScales {
  const { total, row, rowRoom, lagPerPixel } = extremes;
  const load = Math.max(total / 42, row / rowRoom);
  return {
    flow: fit(load, 1, { unit: FLOW_UNIT, finest: FLOW_UNIT * 2, before: before?.flow ?? null }),
    lag: fit(lagPerPixel, 1, { unit: LAG_UNIT, finest: LAG_UNIT, before: before?.lag ?? null }),
  };
}

/** A round number of records whose mark is about `length` px wide, for the legend. */
export const legendNumber = (scale: number, length: number): number =>
  Math.max(1, stepBelow(length / scale, ROUND));
