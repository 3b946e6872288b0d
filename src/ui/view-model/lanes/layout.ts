import type { LanesModel } from './model.ts';

/** Sizes of a cell and of the lane around it, CSS pixels. */
export interface CellSize {
  readonly cell: number;
  readonly gap: number;
  readonly radius: number;
  /** Class that sets the size of the letter. */
  readonly letter: string;
  readonly letterSize: number;
  readonly padding: number;
  /** Height of the epoch band below the cells, 0 without one. */
  readonly band: number;
  /** Every so many offsets has its number. */
  readonly every: number;
  readonly ghostDrop: number;
  readonly pitch: number;
}

export const FIGURE: CellSize = {
  cell: 36,
  gap: 6,
  radius: 4,
  letter: 's18',
  letterSize: 18,
  padding: 8,
  band: 19,
  every: 1,
  ghostDrop: 27,
  pitch: 106,
};
export const REGULAR: CellSize = {
  cell: 22,
  gap: 4,
  radius: 3,
  letter: 's13',
  letterSize: 13,
  padding: 6,
  band: 19,
  every: 1,
  ghostDrop: 17,
  pitch: 92,
};
export const DENSE: CellSize = {
  cell: 18,
  gap: 2,
  radius: 3,
  letter: 's11',
  letterSize: 11,
  padding: 3,
  band: 0,
  every: 5,
  ghostDrop: 12,
  pitch: 36,
};

export interface LanesLayout {
  readonly width: number;
  readonly height: number;
  readonly phone: boolean;
  readonly size: CellSize;
  /** Left edge of the frames, and where the cells begin in them. */
  readonly x: number;
  readonly cellsX: number;
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** Top of the first frame. */
  readonly y: number;
  readonly pitch: number;
  readonly first: number;
  readonly columns: number;
  /** Room for the log ends beside the frames. */
  readonly readouts: boolean;
  readonly readersY: number;
  readonly readersPitch: number;
  readonly readersShown: number;
  /** Baseline of the messages under way, null without room. */
  readonly flightsY: number | null;
}

const WIDE_LEFT = 250;
const MIDDLE_LEFT = 216;
const READOUT = 84;
const READERS = 54;
const FLIGHTS = 62;

export function layoutLanes(
  model: LanesModel,
  stage: { width: number; height: number; phone: boolean },
): LanesLayout {
  const { width, phone } = stage;
  const wide = width >= 760;
  const x = phone ? 14 : wide ? WIDE_LEFT : MIDDLE_LEFT;
  const lanes = Math.max(1, model.lanes.length);
  const y = phone ? 126 : 82;
  const readersShown = Math.min(model.readers.length, phone ? 2 : 3);
  const below = readersShown * READERS + 24;
  const room = stage.height - y - below - (phone ? 0 : FLIGHTS);
  const lab = phone ? 62 : 80;
  const columnsFor = (size: CellSize): number =>
    Math.max(4, Math.floor((width - x - lab - (phone ? 66 : READOUT) - 4) / (size.cell + size.gap)));
  const size = pickSize({
    span: spanOf(model),
    pitch: phone ? REGULAR.pitch : room / lanes,
    columnsFor,
    phone,
  });
  const columns = columnsFor(size);
  const frameHeight = size.padding + size.cell + 3 + size.band + 3;
  const pitch = phone ? frameHeight + 16 : Math.min(size.pitch, Math.max(frameHeight + 8, room / lanes));
  const lanesEnd = y + (lanes - 1) * pitch + frameHeight;
  const readersY = lanesEnd + (phone ? 26 : 36);
  const end = readersY + readersShown * READERS;
  const flightsY = phone || end + FLIGHTS > stage.height + 8 ? null : Math.max(end + 26, stage.height - 46);
  return {
    width,
    height: phone ? end + 18 : Math.max(stage.height, end),
    phone,
    size,
    x,
    cellsX: x + lab,
    frameWidth: lab + columns * (size.cell + size.gap) + 4,
    frameHeight,
    y,
    pitch,
    first: firstOffset(model, columns),
    columns,
    readouts: !phone,
    readersY,
    readersPitch: READERS,
    readersShown,
    flightsY,
  };
}

interface Choice {
  readonly span: number;
  readonly pitch: number;
  readonly columnsFor: (size: CellSize) => number;
  readonly phone: boolean;
}

/** Figure while everything fits at that size, regular while there is room, dense for many replicas. */
function pickSize({ span, pitch, columnsFor, phone }: Choice): CellSize {
  if (!phone && span + 1 <= columnsFor(FIGURE) && pitch >= 80) return FIGURE;
  return pitch >= 60 ? REGULAR : DENSE;
}

const lowest = (model: LanesModel): number =>
  Math.min(
    model.end,
    ...model.lanes.flatMap((l) => [l.cells[0]?.offset ?? Infinity, Math.max(l.state.logStart, 0)]),
  );

const spanOf = (model: LanesModel): number => model.end - lowest(model);

const JUMP = 4;

/** The newest offsets; the window moves in jumps, so that a record stays where it stands while others arrive. */
function firstOffset(model: LanesModel, columns: number): number {
  const low = lowest(model);
  if (model.end + 1 - low <= columns) return low;
  return Math.max(low, Math.ceil((model.end + 1) / JUMP) * JUMP - columns);
}

export const laneY = (layout: LanesLayout, lane: number): number => layout.y + lane * layout.pitch;

export const cellX = (layout: LanesLayout, offset: number): number =>
  layout.cellsX + (offset - layout.first) * (layout.size.cell + layout.size.gap);

/** The boundary before an offset, where rules and carets stand; held at the ends of the window. */
export function boundaryX(layout: LanesLayout, offset: number): number {
  const inside = Math.max(layout.first, Math.min(layout.first + layout.columns, offset));
  return cellX(layout, inside) - layout.size.gap / 2;
}

export const isShown = (layout: LanesLayout, offset: number): boolean =>
  offset >= layout.first && offset < layout.first + layout.columns;
