import type { TapeFormat } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { AccessLogRows } from './access-log-rows.ts';
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

/** The bundled tape of the first screen is one: it needs nothing else. */
const ACCESS_LOG: Formats = {
  kindOf: (head) =>
    head.trim() === '' ? err('The file is empty.') : ok({ format: 'access-log', delimiter: '' }),
  rowReader: (_kind, sink) => new AccessLogRows(sink),
};

/** `asked`: the format that a scenario names; without it what the file is will be guessed. */
export async function formatsFor(asked?: TapeFormat): Promise<Formats> {
  if (asked === 'access-log') return ACCESS_LOG;
  const { allFormats } = await import('./all-formats.ts');
  return allFormats(asked);
}
