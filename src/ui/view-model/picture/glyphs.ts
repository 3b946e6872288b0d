import { boxOf, line, path, px, rect, text, type Box, type Mark } from './figure.ts';

type Point = readonly [number, number];

/** A race is two banks and the ground between them: width is records a second. Below 2 px it is one line of that width. */
export function race(from: Point, to: Point, width: number, bend = 0.5): Mark[] {
  if (width <= 0) return [];
  const [x1, y1] = from;
  const [x2, y2] = to;
  const middle = (x2 - x1) * bend;
  const bank = (dy: number): string =>
    `M${px(x1)} ${px(y1 + dy)}${curve([x1 + middle, y1 + dy], [x2 - middle, y2 + dy], [x2, y2 + dy])}`;
  if (width < 2) return [path(bank(0), 'water', Math.max(0.6, Math.round(width * 10) / 10))];
  const h = width / 2;
  const back = curve([x2 - middle, y2 + h], [x1 + middle, y1 + h], [x1, y1 + h]);
  const ground = `${bank(-h)}L${px(x2)} ${px(y2 + h)}${back}Z`;
  return [path(ground, 'ground'), path(bank(-h) + bank(h), 'water', 1)];
}

/** A cubic to `end`, or a straight line when everything is on one level. */
export function curve(c1: Point, c2: Point, end: Point): string {
  if (c1[1] === end[1] && c2[1] === end[1]) return `L${px(end[0])} ${px(end[1])}`;
  return `C${px(c1[0])} ${px(c1[1])} ${px(c2[0])} ${px(c2[1])} ${px(end[0])} ${px(end[1])}`;
}

/** What a replica is for its partition; `led` led before its broker failed, `believes` thinks that it still leads. */
export type ReplicaKind = 'leader' | 'sync' | 'out' | 'led' | 'believes';

/** A replica, `c` px square. The leader's frame and flag are drawn by {@link leaderFlag}. */
export function replica(x: number, y: number, kind: ReplicaKind, c: number): Mark[] {
  const box = boxOf(x, y, c, c);
  if (kind === 'leader') return [];
  if (kind === 'sync') return [rect(boxOf(x + 0.75, y + 0.75, c - 1.5, c - 1.5), 'frame fc', 2)];
  if (kind === 'believes') return [rect(box, 'frame fc', 2), path(pennant(x, y, c), 'inkl fc')];
  const ghost = rect(box, 'ghost fc', 2);
  return kind === 'led'
    ? [ghost, line([x + c * 0.2, y + c * 0.8], [x + c * 0.8, y + c * 0.2], 'thin')]
    : [ghost];
}

export const leaderFlag = (x: number, y: number, c: number): Mark[] => [
  rect(boxOf(x, y, c, c), 'leader fc', 2),
  path(pennant(x, y, c), 'fi'),
  line([x + c * 0.3, y + c * 0.82], [x + c * 0.3, y + c * 0.2], 'inkl'),
];

const pennant = (x: number, y: number, c: number): string =>
  `M${px(x + c * 0.3)} ${px(y + c * 0.78)}V${px(y + c * 0.22)}h${px(c * 0.5)}l${px(-c * 0.16)} ${px(c * 0.17)}` +
  `l${px(c * 0.16)} ${px(c * 0.17)}h${px(-c * 0.5)}`;

/** How a machine's frame says how it is. */
export type FrameState = 'up' | 'down' | 'fenced';

/** A machine as a frame that rows cross; a crashed one is broken in several places. */
export function machineFrame(box: Box, state: FrameState): Mark[] {
  if (state !== 'down') return [rect(box, state === 'fenced' ? 'frame dashed' : 'frame', 3)];
  const { x, y, width: w, height: h } = box;
  const at = (fx: number, fy: number): string => `${px(x + w * fx)} ${px(y + h * fy)}`;
  const broken =
    `M${at(0, 0.16)}L${at(0, 0)}L${at(0.62, 0)}M${at(1, 0.05)}L${at(1, 0.3)}M${at(1, 0.4)}L${at(1, 0.62)}` +
    `M${at(0, 0.3)}L${at(0, 0.55)}M${at(0, 0.63)}L${at(0, 0.9)}M${at(1, 0.72)}L${at(1, 1)}L${at(0.5, 1)}` +
    `M${at(0.3, 1)}L${at(0, 1)}L${at(0, 0.96)}`;
  return [path(broken, 'frame')];
}

/** Two bars: the machine stands still. */
export const pauseBars = (x: number, y: number): Mark =>
  path(`M${px(x - 3)} ${px(y - 5)}v10M${px(x + 3)} ${px(y - 5)}v10`, 'mark');

export const padlock = (x: number, y: number): Mark[] => [
  rect(boxOf(x, y + 6, 12, 9), 'inkl fc', 1.5),
  path(`M${px(x + 3)} ${px(y + 6)}v-2.5a3 3 0 0 1 6 0v2.5`, 'inkl'),
];

export type CardState = 'docked' | 'waiting' | 'restoring';

/** The work that sits where a row crosses a machine. */
export function card(box: Box, words: string, state: CardState, classes = 's12'): Mark[] {
  const outline = { docked: 'inkl fp', waiting: 'ghost fc', restoring: 'inkl fc dashed' }[state];
  const middle = text(
    box.x + box.width / 2,
    box.y + box.height / 2 + 4.5,
    words,
    `m ${classes}${state === 'waiting' ? ' t2' : ''}`,
  );
  return words === '' ? [rect(box, outline, 2)] : [rect(box, outline, 2), middle];
}

/**
 * Lag from the committed offset to the high watermark, rightwards (or downwards when `turned`): open part read but not
 * committed, solid part unread, a rule at the end. Lengths in px.
 */
export function lagBar(
  at: Point,
  lengths: { done: number; wait: number },
  options: { thick: number; turned?: boolean },
): Mark[] {
  const { done, wait } = lengths;
  const { thick, turned = false } = options;
  const part = (start: number, length: number, half: number): Box =>
    turned
      ? boxOf(at[0] - half, at[1] + start, 2 * half, length)
      : boxOf(at[0] + start, at[1] - half, length, 2 * half);
  const rule = (offset: number, half: number, classes: string): Mark =>
    turned
      ? line([at[0] - half, at[1] + offset], [at[0] + half, at[1] + offset], classes)
      : line([at[0] + offset, at[1] - half], [at[0] + offset, at[1] + half], classes);
  const marks = [rule(0, thick / 2 + 3.5, 'thin')];
  if (done > 1) marks.push(rect(part(0, done, thick / 2 - 0.5), 'bar'));
  if (wait > 0.4) marks.push(rect(part(done, wait, thick / 2), 'f2'));
  return [...marks, rule(done + wait, thick / 2 + 3, 'inkl')];
}

/** A state store. */
export const drum = (x: number, y: number, width: number, height: number): Mark[] => {
  const e = 4;
  return [
    path(
      `M${px(x)} ${px(y)}c0 ${-e} ${width} ${-e} ${width} 0v${height}c0 ${e} ${-width} ${e} ${-width} 0z`,
      'inkl fc',
    ),
    path(`M${px(x)} ${px(y)}c0 ${e} ${width} ${e} ${width} 0`, 'inkl'),
  ];
};

export type Direction = 'left' | 'right' | 'up' | 'down';

/** An arrow's open head with its point at x, y. */
export function arrowHead(x: number, y: number, to: Direction, classes: string): Mark {
  const d = {
    right: `M${px(x - 6)} ${px(y - 4.5)}l6 4.5l-6 4.5`,
    left: `M${px(x + 6)} ${px(y - 4.5)}l-6 4.5l6 4.5`,
    down: `M${px(x - 4.5)} ${px(y - 6)}l4.5 6l4.5 -6`,
    up: `M${px(x - 4.5)} ${px(y + 6)}l4.5 -6l4.5 6`,
  }[to];
  return path(d, classes);
}

/** A caret or the head of a rule. */
export function triangle(
  x: number,
  y: number,
  to: 'up' | 'down',
  options: { filled: boolean; size?: number },
): Mark {
  const s = options.size ?? 6;
  const d =
    to === 'down'
      ? `M${px(x - s)} ${px(y - s * 1.5)}h${2 * s}l${-s} ${s * 1.5}z`
      : `M${px(x - s)} ${px(y + s * 1.5)}h${2 * s}l${-s} ${-s * 1.5}z`;
  return path(d, options.filled ? 'fi' : 'inkl fc');
}

/** Words over lines or hatch get a ground, 3 px wider than they are. */
export const ground = (x: number, y: number, width: number): Mark =>
  rect(boxOf(x - 3, y - 11, width + 6, 15), 'fc');
