import { dsvFormat } from 'd3';
import type { Line } from './line-splitter.ts';
import { ColumnNames, type RowReader, type RowSink } from './row-reader.ts';
import { TAPE_LIMITS } from './tape-table.ts';

/** Cuts a text into rows of cells. */
export type CsvParse = (text: string) => readonly (readonly string[])[];

export function csvParse(delimiter: string): CsvParse {
  const format = dsvFormat(delimiter);
  return (text) => format.parseRows(text);
}

/**
 * CSV with a header (RFC 4180): a record may span lines within double quotes. Where a quote never closes, or what it
 * closes is no record, its first line stands alone and reading goes on with the next: one stray quote costs one line.
 */
export class CsvRows implements RowReader {
  private readonly names = new ColumnNames();
  private readonly delimiter: string;
  private readonly parse: CsvParse;
  private readonly sink: RowSink;
  /** Lines of a record whose quotes are still open. */
  private open: Line[] = [];
  private openLength = 0;

  constructor(delimiter: string, sink: RowSink) {
    this.delimiter = delimiter;
    this.parse = csvParse(delimiter);
    this.sink = sink;
  }

  columns(): readonly string[] {
    return this.names.names;
  }

  accept(line: Line): void {
    if (this.sink.headerError !== null) return;
    const waiting = [line];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      waiting.push(...this.take(next).reverse());
  }

  end(): void {
    while (this.open.length > 0) for (const line of this.standAlone()) this.accept(line);
  }

  /** Takes a line; returns those that have to be taken again because a record fell apart, in order. */
  private take(line: Line): Line[] {
    if (line.tooLong) {
      const again = this.open.length > 0 ? [...this.standAlone(), line] : [];
      if (again.length === 0) this.bad(line, 'is longer than 64 KiB.');
      return again;
    }
    const odd = hasOddQuotes(line.text);
    if (this.open.length === 0 && !odd) {
      if (line.text.trim() !== '') this.single(line);
      return [];
    }
    const closes = this.open.length > 0 && odd;
    this.open.push(line);
    this.openLength += line.text.length + 1;
    if (closes) return this.record();
    return this.openLength > TAPE_LIMITS.lineMax ? this.standAlone() : [];
  }

  /** The open lines as one record; if they are none, the first of them alone. */
  private record(): Line[] {
    const rows = this.parse(this.open.map(({ text }) => text).join('\n'));
    const [cells] = rows;
    const first = this.open[0];
    if (rows.length !== 1 || cells === undefined || first === undefined || this.mismatch(cells) !== null)
      return this.standAlone();
    this.open = [];
    this.openLength = 0;
    this.row(first.number, cells);
    return [];
  }

  /** Gives up the open record: its first line is read by itself, the others are returned. */
  private standAlone(): Line[] {
    const [first, ...others] = this.open;
    this.open = [];
    this.openLength = 0;
    if (first !== undefined) this.single(first);
    return others;
  }

  private single(line: Line): void {
    if (hasOddQuotes(line.text) && line.text.split(this.delimiter).some((cell) => cell.startsWith('"'))) {
      this.bad(line, 'has a double quote that is never closed.');
      return;
    }
    const cells = this.parse(line.text)[0] ?? [];
    const why = this.mismatch(cells);
    if (why === null) this.row(line.number, cells);
    else this.bad(line, why);
  }

  private mismatch(cells: readonly string[]): string | null {
    const { length } = this.names.names;
    if (length === 0)
      return cells.length > TAPE_LIMITS.columnsMax
        ? `has more than ${TAPE_LIMITS.columnsMax} columns.`
        : null;
    return cells.length === length ? null : `has ${counted(cells.length)} where the header has ${length}.`;
  }

  private row(line: number, cells: readonly string[]): void {
    if (this.names.names.length > 0) this.sink.row(line, cells);
    else for (const cell of cells) this.names.add(cell);
  }

  private bad({ number, text }: Line, why: string): void {
    if (this.names.names.length > 0) this.sink.bad.add(number, text, why);
    else this.sink.headerError ??= `The header, line ${number}, ${why}`;
  }
}

const counted = (columns: number): string => `${columns} column${columns === 1 ? '' : 's'}`;

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
