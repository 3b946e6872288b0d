import { boxOf, type Box, type Mark, type Picture, type TextMark } from './picture/figure.ts';
import { fontSize, textWidth } from './picture/text-width.ts';

const HEIGHT = 14;

/** Boxes of a picture that words beside an envelope must not touch: other words, and marks with a ground of their own. */
export const takenBoxes = (picture: Picture): Box[] =>
  boxes(picture, (mark) =>
    mark.tag === 'text' ? wordBox(mark) : mark.tag === 'rect' && GROUND.test(mark.classes) ? mark : null,
  );

/** Boxes of the words alone, which an envelope passes below. */
export const wordBoxes = (picture: Picture): Box[] =>
  boxes(picture, (mark) => (mark.tag === 'text' ? wordBox(mark) : null));

const boxes = ({ figures }: Picture, of: (mark: Mark) => Box | null): Box[] =>
  figures.flatMap(({ marks, at }) => {
    const [dx, dy] = at ?? [0, 0];
    return marks.flatMap((mark): Box[] => {
      const box = of(mark);
      return box === null ? [] : [boxOf(box.x + dx, box.y + dy, box.width, box.height)];
    });
  });

const GROUND = /\b(fc|fp)\b/;

function wordBox({ x, y, text, classes }: TextMark): Box {
  const width = textWidth(text, classes);
  const size = fontSize(classes);
  const anchor = /\bm\b/.test(classes) ? width / 2 : /\be\b/.test(classes) ? width : 0;
  return boxOf(x - anchor, y - size * 0.8, width, size);
}

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

const HALF_WIDE = 9;
const HALF_HIGH = 7;

/** A place for an envelope that stands: its own, or the nearest above or below where it hides no words. */
export function besideWords(x: number, y: number, taken: readonly Box[]): number {
  for (let far = 0; far <= 24; far += 2)
    for (const at of [y - far, y + far]) {
      const box = boxOf(x - HALF_WIDE, at - HALF_HIGH, 2 * HALF_WIDE, 2 * HALF_HIGH);
      if (taken.every((b) => apart(b, box))) return at;
    }
  return y;
}

/**
 * Where words stand beside an envelope: above a request, below an answer, or on the side that is free; null when they
 * would touch other words or leave the picture.
 */
export function placeBeside(
  { x, y, words, below }: { x: number; y: number; words: string; below: boolean },
  taken: readonly Box[],
  { width, height }: Pick<Picture, 'width' | 'height'>,
): Box | null {
  const wide = textWidth(words, 'tt') + 4;
  const over = boxOf(x - wide / 2, y - 9 - HEIGHT, wide, HEIGHT);
  const under = boxOf(x - wide / 2, y + 9, wide, HEIGHT);
  const right = boxOf(x + 12, y - HEIGHT / 2, wide, HEIGHT);
  const left = boxOf(x - 12 - wide, y - HEIGHT / 2, wide, HEIGHT);
  const places = below ? [under, over, right, left] : [over, under, right, left];
  const inside = (b: Box): boolean =>
    b.x >= 0 && b.y >= 0 && b.x + b.width <= width && b.y + b.height <= height;
  return places.find((place) => inside(place) && taken.every((b) => apart(b, place))) ?? null;
}
