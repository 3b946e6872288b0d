import type { EntityId } from '../../../engine/api/frame.ts';
import { figure, grow, rect, type Box, type Figure, type Picture } from './figure.ts';

export type Arrow = 'left' | 'right' | 'up' | 'down';

/** What is pointed at, and how. These are different things and may occur together. */
export interface Pointing {
  readonly selection: EntityId | null;
  readonly hover: EntityId | null;
  /** The stage has the keyboard's focus, and it came by the keyboard. */
  readonly focused: boolean;
}

/** Outlines over the marks: 3 px for hover, a second outline for the selection, a ring for the keyboard. */
export function pointingFigures(picture: Picture, { selection, hover, focused }: Pointing): Figure[] {
  const boxes = (id: EntityId | null): Box[] => (id === null ? [] : boxesOf(picture, id));
  const chosen = boxes(selection);
  const focusBoxes =
    chosen.length > 0
      ? chosen.slice(0, 1)
      : [{ x: 3, y: 3, width: picture.width - 6, height: picture.height - 6 }];
  const hovered = hover === selection ? [] : boxes(hover);
  return [
    figure(
      'hovered',
      hovered.map((b) => rect(b, 'hovered', 3)),
    ),
    figure(
      'selected',
      chosen.map((b) => rect(grow(b, 4), 'inkl', 5)),
    ),
    figure(
      'focused',
      focused ? focusBoxes.map((b) => rect(grow(b, chosen.length > 0 ? 8 : 0), 'ring', 7)) : [],
    ),
  ];
}

export const boxesOf = (picture: Picture, id: EntityId): Box[] =>
  picture.figures.flatMap((f) => (f.entity === id && f.box !== null ? [f.outline ?? f.box] : []));

const middle = (b: Box): readonly [number, number] => [b.x + b.width / 2, b.y + b.height / 2];

/**
 * The mark next to `id` in a direction, by eye: straight ahead before slanted, near before far. Without a selection the first
 * mark of the picture; null when there is nothing further that way.
 */
export function neighbour(picture: Picture, id: EntityId | null, direction: Arrow): EntityId | null {
  const marks = picture.figures.filter((f) => f.entity !== null && f.box !== null);
  const from = marks.find((f) => f.entity === id);
  const start = from === undefined ? null : placeOf(from);
  if (start === null) return firstOf(marks);
  let best: EntityId | null = null;
  let least = Infinity;
  for (const mark of marks) {
    const place = placeOf(mark);
    if (mark.entity === id || place === null) continue;
    const cost = distance(start, place, direction);
    if (cost < least) {
      least = cost;
      best = mark.entity;
    }
  }
  return best;
}

const placeOf = (figure: Figure): Box | null => figure.handle ?? figure.box;

const firstOf = (marks: readonly Figure[]): EntityId | null =>
  marks.reduce<Figure | null>((a, b) => (a === null || readingOrder(b, a) < 0 ? b : a), null)?.entity ?? null;

const readingOrder = (a: Figure, b: Figure): number =>
  (a.box?.x ?? 0) - (b.box?.x ?? 0) || (a.box?.y ?? 0) - (b.box?.y ?? 0);

const SLANTED = 10_000;

/** Infinity when the other's middle is not beyond this one's edge. What lies straight ahead comes before what does not. */
function distance(from: Box, to: Box, direction: Arrow): number {
  const [x1, y1] = middle(from);
  const [x2, y2] = middle(to);
  const across = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const along = sign * (across ? x2 - x1 : y2 - y1);
  if (along < Math.max(1, (across ? from.width : from.height) / 2 - 1)) return Infinity;
  const aside = across ? Math.abs(y2 - y1) : Math.abs(x2 - x1);
  const slack = (across ? Math.min(from.height, to.height) : Math.min(from.width, to.width)) / 2;
  const outside = Math.max(0, aside - slack);
  if (outside > along * 2.5 + 24) return Infinity;
  return outside > 1 ? SLANTED + along + 2 * outside : along + aside * 0.1;
}
