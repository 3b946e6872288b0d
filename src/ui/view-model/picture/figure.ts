import type { EntityId } from '../../../engine/api/frame.ts';

/** A rectangle in CSS pixels of the stage. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One thing to draw. Classes carry colour, stroke and type; the style sheet of the stage says what they mean. */
export type Mark = RectMark | PathMark | TextMark;

export interface RectMark extends Box {
  readonly tag: 'rect';
  readonly classes: string;
  readonly radius: number;
}

export interface PathMark {
  readonly tag: 'path';
  readonly classes: string;
  readonly d: string;
  /** Overrides the stroke width of the class. */
  readonly strokeWidth: number | null;
}

export interface TextMark {
  readonly tag: 'text';
  readonly classes: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Marks that appear and change together, and what they stand for. Reused as the same object while nothing changed. */
export interface Figure {
  readonly key: string;
  /** What a click on it selects. */
  readonly entity: EntityId | null;
  /** The figure in words; '' for decoration that other words already say. */
  readonly label: string;
  /** Where it can be hit and outlined. */
  readonly box: Box | null;
  /** Where it is outlined when that is not its box: a machine around its frame, without its name. */
  readonly outline: Box | null;
  /** Where the keyboard finds it when that is not its box: a machine is found at its name, not under its rows. */
  readonly handle: Box | null;
  readonly marks: readonly Mark[];
  /** Displacement that may glide when it changes. */
  readonly at: readonly [number, number] | null;
}

/** A whole picture. */
export interface Picture {
  /** May exceed the stage; then the stage scrolls. */
  readonly width: number;
  readonly height: number;
  /** The picture in one sentence. */
  readonly title: string;
  /** In order of drawing. */
  readonly figures: readonly Figure[];
  /** Where messages of a node start and end; made when asked, for most pictures show none. */
  readonly ports: () => readonly Port[];
}

/** A place of a node on the stage; `partition` narrows it to one row, `topic-partition` name. */
export interface Port {
  readonly node: string;
  readonly partition: string | null;
  readonly x: number;
  readonly y: number;
}

/** Halves of a pixel are as fine as anything is placed; it keeps attribute values short and equal when nothing moved. */
export const px = (n: number): number => Math.round(n * 4) / 4;

export const rect = (box: Box, classes: string, radius = 0): RectMark => ({
  tag: 'rect',
  classes,
  radius,
  x: px(box.x),
  y: px(box.y),
  width: Math.max(0, px(box.width)),
  height: Math.max(0, px(box.height)),
});

export const boxOf = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height });

export const path = (d: string, classes: string, strokeWidth: number | null = null): PathMark => ({
  tag: 'path',
  classes,
  d,
  strokeWidth,
});

export const line = (
  from: readonly [number, number],
  to: readonly [number, number],
  classes: string,
): PathMark => path(`M${px(from[0])} ${px(from[1])}L${px(to[0])} ${px(to[1])}`, classes);

export const text = (x: number, y: number, words: string, classes = ''): TextMark => ({
  tag: 'text',
  classes,
  x: px(x),
  y: px(y),
  text: words,
});

export const figure = (key: string, marks: readonly Mark[], more: Partial<Figure> = {}): Figure => ({
  key,
  entity: null,
  label: '',
  box: null,
  outline: null,
  handle: null,
  at: null,
  ...more,
  marks,
});

export const grow = (box: Box, by: number): Box =>
  boxOf(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by);

export const centre = (box: Box): readonly [number, number] => [
  box.x + box.width / 2,
  box.y + box.height / 2,
];
