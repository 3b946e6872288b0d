import type { Cell, TapeTable } from './tape-table.ts';

/** A cell as plain text: the content of a JSON text, any other JSON as it is written, null for nothing. */
export function cellText(table: Pick<TapeTable, 'format'>, cell: Cell): string | null {
  if (cell === null || table.format !== 'jsonl') return cell;
  if (cell === 'null') return null;
  return cell.startsWith('"') ? (JSON.parse(cell) as string) : cell;
}

/** The plain texts of one column, from the first row on. */
export function* columnValues(table: TapeTable, column: number): Generator<Cell> {
  for (const row of table.rows) yield cellText(table, row[column] ?? null);
}
