import type { TapeFormat } from '../../engine/api/scenario.ts';
import { quoted } from '../../engine/api/scenario-problem.ts';
import { Digest } from '../../engine/base/digest.ts';

/** Caps on a data file. */
export const TAPE_LIMITS = Object.freeze({
  bytesMax: 50_000_000,
  /** Characters of one line, and of one CSV record over several lines. */
  lineMax: 65_536,
  rowsMax: 1_000_000,
  columnsMax: 200,
  /** Nesting of one JSON line. */
  depthMax: 16,
  /** Bad lines that are shown; all are counted. */
  badShownMax: 5,
});

/** One value of a row: as it is written in the file, or null where the row has none. */
export type Cell = string | null;
export type Row = readonly Cell[];

/** A data file as read: what stands in it, before anybody says which column is the time. */
export interface TapeTable {
  readonly format: TapeFormat;
  readonly columns: readonly string[];
  /** In file order. A row of JSON lines may be shorter than `columns`, and its cells are JSON texts. */
  readonly rows: readonly Row[];
  /** Line of each row, counted from 1. */
  readonly lines: readonly number[];
  readonly bad: BadLines;
  /** Rows after the last that is kept. */
  readonly rowsUnread: number;
}

/** Lines that could not be used: all are counted, the first few are shown. */
export interface BadLines {
  readonly count: number;
  readonly examples: readonly BadLine[];
}

export interface BadLine {
  readonly line: number;
  /** The beginning of the line, fit to be shown. */
  readonly text: string;
  /** The end of a sentence that begins with "Line 7". */
  readonly why: string;
}

/** Counts bad lines and keeps the first few. */
export class BadLineList implements BadLines {
  count = 0;
  readonly examples: BadLine[] = [];

  add(line: number, text: string, why: string): void {
    this.count += 1;
    if (this.examples.length < TAPE_LIMITS.badShownMax)
      this.examples.push({ line, text: quoted(text).slice(1, -1), why });
  }
}

/**
 * Digest of a data file as read: equal for files with the same columns and rows, whatever their line ends, and whichever
 * columns a scenario uses. Sixteen hexadecimal digits.
 */
export function digestTape({ format, columns, rows }: TapeTable): string {
  const digest = new Digest();
  digest.value([format, columns, rows.length]);
  for (const row of rows)
    for (let i = 0; i < columns.length; i++) {
      const cell = row[i] ?? null;
      if (cell === null) digest.int(-1);
      else digest.string(cell);
    }
  return digest.hex();
}
