import { UNPRINTABLE } from '../../engine/api/scenario-problem.ts';
import type { Line } from './line-splitter.ts';
import { BadLineList, TAPE_LIMITS, type Row } from './tape-table.ts';

/** Takes the lines of one format and gives rows. */
export interface RowReader {
  /** The columns seen so far; JSON lines may bring more with any line. */
  columns(): readonly string[];
  accept(line: Line): void;
  /** After the last line. */
  end(): void;
}

/** Where a row reader puts what it reads. */
export class RowSink {
  readonly rows: Row[] = [];
  readonly lines: number[] = [];
  readonly bad = new BadLineList();
  rowsUnread = 0;
  /** Why the header cannot be read, one sentence; then nothing can. */
  headerError: string | null = null;

  row(line: number, row: Row): void {
    if (this.rows.length >= TAPE_LIMITS.rowsMax) this.rowsUnread += 1;
    else {
      this.rows.push(row);
      this.lines.push(line);
    }
  }
}

const UNPRINTABLE_ALL = new RegExp(UNPRINTABLE.source, 'gu');
const NAME_MAX = 100;

/** Column names fit to be shown and to stand in a scenario: visible, not empty, not too long, each only once. */
export class ColumnNames {
  readonly names: string[] = [];
  private readonly taken = new Set<string>();

  add(raw: string): void {
    const visible = raw.trim().replace(UNPRINTABLE_ALL, '\ufffd');
    const wanted = [...visible].slice(0, NAME_MAX).join('') || `column ${this.names.length + 1}`;
    let name = wanted;
    for (let n = 2; this.taken.has(name); n++) name = `${wanted} ${n}`;
    this.taken.add(name);
    this.names.push(name);
  }
}
