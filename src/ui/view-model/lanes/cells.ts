import type { RecordCell } from '../../../engine/api/detail.ts';
import { boxOf, line, rect, text, type Mark } from '../picture/figure.ts';
import type { KeyMark } from './keys.ts';
import type { CellSize } from './layout.ts';

type Place = readonly [number, number];

/** One record: the letter is the key, the fill repeats it, the outline is always there. */
export function cellMarks(at: Place, key: KeyMark, size: CellSize): Mark[] {
  const [x, y] = at;
  const c = size.cell;
  const box = boxOf(x, y, c, c);
  return [
    rect(box, `inkl k${key.hue ?? 'o'}`, size.radius),
    text(
      x + c / 2,
      y + c / 2 + size.letterSize * 0.36,
      key.letters,
      `m on on-${key.hue ?? 'o'} ${letterClass(key, size)}`,
    ),
  ];
}

export const letterClass = (key: KeyMark, size: CellSize): string =>
  key.letters.length === 1 ? size.letter : size.letterSize > 13 ? 's15' : 's10';

/** A record that was cut off: fallen out, dotted, struck. */
export function ghostMarks(at: Place, key: KeyMark, size: CellSize): Mark[] {
  const [x, y] = at;
  const c = size.cell;
  return [
    rect(boxOf(x, y, c, c), 'ghost fc', size.radius),
    text(x + c / 2, y + c / 2 + size.letterSize * 0.36, key.letters, `m t2 tb ${letterClass(key, size)}`),
    line([x + 4, y + c - 4], [x + c - 4, y + 4], 'thin'),
  ];
}

/** An offset that another replica has and this one lacks. */
export const hole = (at: Place, size: CellSize): Mark =>
  rect(boxOf(at[0] + 0.5, at[1] + 0.5, size.cell - 1, size.cell - 1), 'thin', size.radius);

/** `writer` names who wrote a transaction's marker. */
export const describeCell = (
  cell: RecordCell,
  partition: string,
  writer: (producerId: number) => string,
): string =>
  cell.marker === undefined
    ? describeRecord(cell, partition)
    : `${partition} offset ${cell.offset}, ${cell.marker} marker of ${writer(cell.transaction?.producerId ?? -1)}`;

const describeRecord = (cell: RecordCell, partition: string): string =>
  `${partition} offset ${cell.offset}, ${cell.key === null ? 'no key' : `key ${cell.key}`}, value ${cell.value.slice(0, 60)}, epoch ${cell.leaderEpoch}${cell.transaction === undefined ? '' : `, transaction ${cell.transaction.fate}`}`;
