import type { Line } from './line-splitter.ts';
import { ColumnNames, type RowReader, type RowSink } from './row-reader.ts';
import { TAPE_LIMITS, type Cell } from './tape-table.ts';

/** JSON lines: one object on each line. Columns are its fields, in the order in which they are first seen. */
export class JsonRows implements RowReader {
  private readonly names = new ColumnNames();
  private readonly indexOf = new Map<string, number>();
  private readonly sink: RowSink;

  constructor(sink: RowSink) {
    this.sink = sink;
  }

  columns(): readonly string[] {
    return this.names.names;
  }

  accept(line: Line): void {
    if (line.text.trim() === '') return;
    const read = line.tooLong ? 'is longer than 64 KiB.' : jsonObject(line.text);
    const why = typeof read === 'string' ? read : this.unfit(read);
    if (why !== null || typeof read === 'string') this.sink.bad.add(line.number, line.text, why ?? '');
    else this.sink.row(line.number, this.cells(read));
  }

  end(): void {
    // Nothing is held back.
  }

  private unfit(object: object): string | null {
    let columns = this.indexOf.size;
    for (const name of Object.keys(object)) if (!this.indexOf.has(name)) columns += 1;
    return columns > TAPE_LIMITS.columnsMax
      ? `brings the columns to more than ${TAPE_LIMITS.columnsMax}.`
      : null;
  }

  private cells(object: object): Cell[] {
    const values: Readonly<Record<string, unknown>> = object as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(values))
      if (!this.indexOf.has(name)) {
        this.indexOf.set(name, this.names.names.length);
        this.names.add(name);
      }
    const cells: Cell[] = Array.from(this.names.names, () => null);
    for (const name of Object.keys(values)) cells[this.indexOf.get(name) ?? 0] = JSON.stringify(values[name]);
    return cells;
  }
}

/** The object of a line, or the end of a sentence that says why there is none. */
function jsonObject(text: string): object | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not valid JSON.';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not a JSON object.';
  return misfit(value, 1) ?? value;
}

/** JSON's numbers have any size, those of a browser do not: a large integer would silently become another one. */
function misfit(value: unknown, depth: number): string | null {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
      ? null
      : 'has a number beyond 9,007,199,254,740,991, which cannot be kept exactly; write it as text.';
  if (typeof value !== 'object' || value === null) return null;
  if (depth > TAPE_LIMITS.depthMax) return `is nested deeper than ${TAPE_LIMITS.depthMax} levels.`;
  for (const part of Object.values(value) as unknown[]) {
    const why = misfit(part, depth + 1);
    if (why !== null) return why;
  }
  return null;
}
