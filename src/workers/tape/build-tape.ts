import type { Tape, TombstoneRows } from '../../engine/api/scenario.ts';
import { quoted } from '../../engine/api/scenario-problem.ts';
import { utf8Encode } from '../../engine/base/bytes.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { columnKinds, type ColumnKind } from './column-kind.ts';
import { BadLineList, type BadLines, type Cell, type TapeTable } from './tape-table.ts';
import { cellText, columnValues } from './table-cells.ts';
import { guessTimeFormat, readTime } from './time-format.ts';

/** Which columns of a table are time and key, as in a scenario's `TapeSpec`. */
export interface TapeChoice {
  readonly timeColumn: string;
  /** Null: records without a key. */
  readonly keyColumn: string | null;
  /** At most so many rows; 0 for all. */
  readonly limit: number;
  /** Rows whose records have no value. */
  readonly tombstones?: TombstoneRows;
}

export interface BuiltTape {
  readonly tape: Tape;
  /** Rows without a readable time. */
  readonly skipped: BadLines;
}

/**
 * The rows of a table as records: in file order, whatever their times. A value is the JSON object of its row, fields in
 * column order, and null for a tombstone. The error is one sentence.
 */
export function buildTape(
  table: TapeTable,
  { timeColumn, keyColumn, limit, tombstones }: TapeChoice,
): Result<BuiltTape, string> {
  const time = table.columns.indexOf(timeColumn);
  const key = keyColumn === null ? -1 : table.columns.indexOf(keyColumn);
  if (time < 0) return err(`The file has no column ${quoted(timeColumn)} to take the time from.`);
  if (keyColumn !== null && key < 0)
    return err(`The file has no column ${quoted(keyColumn)} to take the key from.`);
  const marked = tombstones === undefined ? -1 : table.columns.indexOf(tombstones.column);
  if (tombstones !== undefined && marked < 0)
    return err(`The file has no column ${quoted(tombstones.column)} to know tombstones by.`);
  const format = guessTimeFormat(columnValues(table, time));
  if (format === null) return err(noTimes(table, time));
  const skipped = new BadLineList();
  const timestamps: number[] = [];
  const keys: (string | null)[] = [];
  const values: (string | null)[] = [];
  const writeValue = valueWriter(table);
  const most = limit === 0 ? table.rows.length : limit;
  for (const [i, row] of table.rows.entries()) {
    if (values.length === most) break;
    const written = cellText(table, row[time] ?? null);
    const at = written === null ? null : readTime(format, written);
    if (at === null)
      skipped.add(table.lines[i] ?? 0, written ?? '', `has no time in column ${quoted(timeColumn)}.`);
    else {
      timestamps.push(at);
      keys.push(key < 0 ? null : keyOf(cellText(table, row[key] ?? null)));
      const isTombstone = marked >= 0 && cellText(table, row[marked] ?? null) === tombstones?.value;
      values.push(isTombstone ? null : utf8Encode(writeValue(row, values.length)));
    }
  }
  const tape = { count: values.length, timestamps, keys, values };
  for (const column of [timestamps, keys, values]) Object.freeze(column);
  return ok({ tape: Object.freeze(tape), skipped });
}

/** Names the first row that shows it. */
function noTimes(table: TapeTable, column: number): string {
  const name = quoted(table.columns[column] ?? '');
  const at = table.rows.findIndex((row) => guessTimeFormat([cellText(table, row[column] ?? null)]) === null);
  const cell = cellText(table, table.rows[at]?.[column] ?? null) ?? '';
  const shown = cell.trim() === '' ? 'is empty there' : `has ${quoted(cell)} there`;
  return at < 0
    ? `The column ${name} holds times of different kinds.`
    : `The column ${name} does not hold times: line ${table.lines[at] ?? 0} ${shown}.`;
}

/** An empty cell is no key. */
const keyOf = (text: string | null): string | null =>
  text === null || text === '' ? null : utf8Encode(text);

/**
 * Writes a row as JSON. Its first field `row` is its number in the tape, so that two equal rows are two records to whoever
 * counts; a table with a column of that name keeps its own.
 */
function valueWriter(table: TapeTable): (row: readonly Cell[], number: number) => string {
  const kinds = columnKinds(table);
  const names = table.columns.map((name) => `${JSON.stringify(name)}:`);
  const numbered = !table.columns.includes('row');
  return (row, number) => {
    let json = numbered ? `"row":${number}` : '';
    for (const [i, name] of names.entries()) {
      const cell = cellJson(table, kinds[i], row[i]);
      if (cell !== undefined) json += `${json === '' ? '' : ','}${name}${cell}`;
    }
    return `{${json}}`;
  };
}

/** A field that a JSON line does not have is left out; a cell without a value is null. */
function cellJson(
  table: TapeTable,
  kind: ColumnKind | undefined,
  cell: Cell | undefined,
): string | undefined {
  if (table.format === 'jsonl') return cell ?? undefined;
  if (cell === null || cell === undefined) return 'null';
  if (kind !== 'number') return JSON.stringify(cell);
  return cell.trim() === '' ? 'null' : cell.trim();
}
