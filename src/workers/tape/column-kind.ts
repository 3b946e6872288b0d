import type { TapeTable } from './tape-table.ts';

/** What all values of a column are. `json`: objects and lists, or values of several kinds. */
export type ColumnKind = 'number' | 'text' | 'boolean' | 'json' | 'empty';

/** Numbers that JSON can hold and a browser keeps exactly; no leading zeros, so that postal codes stay text. */
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

/** The kind of each column. Text is the answer unless every value that is there is a number. */
export function columnKinds(table: TapeTable): readonly ColumnKind[] {
  return table.columns.map((_, column) => {
    let kind: ColumnKind = 'empty';
    for (const row of table.rows) {
      const cell = row[column];
      if (cell === null || cell === undefined || cell.trim() === '' || cell === 'null') continue;
      const next = table.format === 'jsonl' ? jsonKind(cell) : NUMBER.test(cell.trim()) ? 'number' : 'text';
      if (kind !== 'empty' && kind !== next) return table.format === 'jsonl' ? 'json' : 'text';
      kind = next;
      if (kind === 'text' && table.format !== 'jsonl') return kind;
    }
    return kind;
  });
}

function jsonKind(json: string): ColumnKind {
  if (json.startsWith('"')) return 'text';
  if (json === 'true' || json === 'false') return 'boolean';
  return /^[-\d]/.test(json) ? 'number' : 'json';
}
