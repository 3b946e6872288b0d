import type { Pace, Tape, TapeSpec } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { buildTape } from '../../workers/tape/build-tape.ts';
import { readTapeFile } from '../../workers/tape/read-tape-file.ts';
import type { TapePreview as Preview } from '../../workers/tape/tape-preview.ts';
import type { TapeTable } from '../../workers/tape/tape-table.ts';

/** A data file as it looks before anybody says which column is the time. */
export interface TapePreview {
  readonly file: string;
  readonly columns: readonly string[];
  /** The first few rows. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rowCount: number;
  /** Lines that could not be used, and the first of them in words. */
  readonly badCount: number;
  readonly badLines: readonly string[];
  /** Rows after the last that is kept. */
  readonly rowsUnread: number;
  /** Columns that look like a time, best first; may be empty. */
  readonly timeColumns: readonly string[];
}

/** What a person says about a file. */
export interface TapeChoice {
  readonly timeColumn: string;
  readonly keyColumn: string | null;
  /** What the application counts by. */
  readonly countBy: string;
  readonly pace: Pace;
}

export interface MadeTape {
  readonly tape: Tape;
  readonly spec: TapeSpec;
  /** What a person should know about it, '' for nothing. */
  readonly remark: string;
}

/** Reads files that a person brings. One file is open at a time. */
export interface TapeDesk {
  /** The error is one plain sentence. */
  readonly open: (file: File) => Promise<Result<TapePreview, string>>;
  readonly make: (choice: TapeChoice) => Result<MadeTape, string>;
}

const NOTHING_OPEN = 'No file is open.';

export function createTapeDesk(): TapeDesk {
  let open: { readonly file: string; readonly table: TapeTable; readonly preview: Preview } | null = null;
  return {
    open: async (file) => {
      const table = await readTapeFile(file);
      if (!table.ok) return table;
      const { previewTape } = await import('../../workers/tape/tape-preview.ts');
      const preview = previewTape(table.value);
      if (!preview.ok) return preview;
      open = { file: file.name, table: table.value, preview: preview.value };
      return ok(shownPreview(file.name, preview.value));
    },
    make: (choice) => {
      if (open === null) return err(NOTHING_OPEN);
      const built = buildTape(open.table, { ...choice, limit: 0 });
      if (!built.ok) return built;
      const { tape, skipped } = built.value;
      if (tape.count === 0) return err(`No row has a time in the column “${choice.timeColumn}”.`);
      const { format, digest } = open.preview;
      const { timeColumn, keyColumn } = choice;
      const spec = {
        file: open.file,
        origin: 'own',
        digest,
        format,
        timeColumn,
        keyColumn,
        limit: 0,
      } as const;
      return ok({ tape, spec, remark: remark(skipped.count) });
    },
  };
}

const remark = (skipped: number): string =>
  skipped === 0
    ? ''
    : skipped === 1
      ? 'One row has no readable time and is left out.'
      : `${skipped} rows have no readable time and are left out.`;

const shownPreview = (file: string, preview: Preview): TapePreview => ({
  file,
  columns: preview.columns.map(({ name }) => name),
  rows: preview.firstRows.slice(0, ROWS_SHOWN),
  rowCount: preview.rowCount,
  badCount: preview.bad.count,
  badLines: preview.bad.examples.map(({ line, why }) => `Line ${line} ${why}`),
  rowsUnread: preview.rowsUnread,
  timeColumns: [
    preview.timeColumn,
    ...preview.columns.flatMap(({ name, time }) =>
      time === null || name === preview.timeColumn ? [] : [name],
    ),
  ],
});

const ROWS_SHOWN = 8;
