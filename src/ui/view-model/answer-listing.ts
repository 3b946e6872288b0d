import type { AnswerTable } from '../../engine/api/trace-event.ts';

/** What a tool has listed, as it is shown. */
export interface AnswerListing {
  /** `Topic clicks`: what would be the same in every row. */
  readonly all: readonly string[];
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly more: number;
}

/** A column that says the same in every row takes room and tells nothing: it is said once, before the others. */
export function answerListing({ heads, rows, more }: AnswerTable): AnswerListing {
  const [first = []] = rows;
  const same = heads.map((_, i) => rows.length > 1 && rows.every((row) => row[i] === first[i]));
  const isSame = (i: number): boolean => same[i] === true && same.includes(false);
  const kept = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, i) => !isSame(i));
  const all = heads.flatMap((head, i) => (isSame(i) && first[i] !== '' ? [`${head} ${first[i]}`] : []));
  return { all, heads: kept(heads), rows: rows.map(kept), more };
}
