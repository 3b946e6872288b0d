import type { TapeFormat } from '../../engine/api/scenario.ts';
import type { Result } from '../../engine/base/result.ts';
import { csvKind } from './csv-kind.ts';
import { CsvRows } from './csv-rows.ts';
import type { RowReader, RowSink } from './row-reader.ts';

/** How a file is to be read. */
export interface FileKind {
  readonly format: TapeFormat;
  /** Between the cells of a CSV file; '' otherwise. */
  readonly delimiter: string;
}

/** What a file is, and who takes its lines. */
export interface Formats {
  /** By the first lines, the last of which may be cut off. The error is one sentence. */
  kindOf(head: string): Result<FileKind, string>;
  rowReader(kind: FileKind, sink: RowSink): RowReader;
}

/** The tape of the first screen is a CSV file: it needs nothing else. */
const CSV: Formats = {
  kindOf: csvKind,
  rowReader: ({ delimiter }, sink) => new CsvRows(delimiter, sink),
};

/** `asked`: the format that a scenario names; without it what the file is will be guessed. */
export async function formatsFor(asked?: TapeFormat): Promise<Formats> {
  if (asked === 'csv') return CSV;
  const { allFormats } = await import('./all-formats.ts');
  return allFormats(asked);
}
