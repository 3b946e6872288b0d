import type { RecordCell } from '../../../engine/api/detail.ts';
import { boxOf, line, path, px, rect, text, type Mark } from '../picture/figure.ts';
import { cellMarks, letterClass } from './cells.ts';
import type { KeyMark } from './keys.ts';
import type { CellSize } from './layout.ts';

type Place = readonly [number, number];

/** What stands at an offset: a record by the fate of its transaction, or the marker that ended one. */
export function offsetMarks(at: Place, cell: RecordCell, key: KeyMark, size: CellSize): Mark[] {
  if (cell.marker !== undefined) return markerMarks(at, cell.marker, size);
  switch (cell.transaction?.fate) {
    case 'open':
      return openMarks(at, key, size);
    case 'aborted':
      return struckMarks(at, key, size);
    default:
      return cellMarks(at, key, size);
  }
}

/** No key, and sharp corners: it is no record, but it has an offset. */
function markerMarks([x, y]: Place, kind: 'COMMIT' | 'ABORT', { cell: c }: CellSize): Mark[] {
  const q = c / 4;
  const sign =
    kind === 'COMMIT'
      ? `M${px(x + q)} ${px(y + c / 2)}l${px(q * 0.7)} ${px(q * 0.8)}l${px(q * 1.3)} ${px(-q * 1.6)}`
      : `M${px(x + q * 1.15)} ${px(y + q * 1.15)}l${px(q * 1.7)} ${px(q * 1.7)}m0 ${px(-q * 1.7)}l${px(-q * 1.7)} ${px(q * 1.7)}`;
  return [
    rect(boxOf(x + 0.5, y + 0.5, c - 1, c - 1), 'inkl fc'),
    rect(boxOf(x + 3, y + 3, c - 6, c - 6), 'thin'),
    path(sign, 'mark', c > 30 ? 2.5 : 2),
  ];
}

/** Nobody has decided yet: the fill lets go of its outline. */
function openMarks([x, y]: Place, key: KeyMark, size: CellSize): Mark[] {
  const c = size.cell;
  const inset = c > 20 ? 3 : 2.5;
  return [
    rect(boxOf(x, y, c, c), 'fc', size.radius),
    rect(boxOf(x + inset, y + inset, c - 2 * inset, c - 2 * inset), `k${key.hue ?? 'o'}`, 1.5),
    rect(boxOf(x, y, c, c), 'inkl open', size.radius),
    letterOf([x, y], key, size),
  ];
}

/** It is in the log and does not count. */
function struckMarks(at: Place, key: KeyMark, size: CellSize): Mark[] {
  const [x, y] = at;
  const c = size.cell;
  const over = c > 20 ? 3 : 1.5;
  const [from, to]: [Place, Place] = [
    [x - over, y + c + over],
    [x + c + over, y - over],
  ];
  const [box = rect(boxOf(x, y, c, c), 'inkl')] = cellMarks(at, key, size);
  return [box, line(from, to, 'halo'), line(from, to, c > 20 ? 'mark' : 'inkl'), letterOf(at, key, size)];
}

const letterOf = ([x, y]: Place, key: KeyMark, size: CellSize): Mark =>
  text(
    x + size.cell / 2,
    y + size.cell / 2 + size.letterSize * 0.36,
    key.letters,
    `m on on-${key.hue ?? 'o'} ${letterClass(key, size)}`,
  );
