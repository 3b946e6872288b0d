import type { TapeFormat } from '../../engine/api/scenario.ts';
import { AccessLogRows } from './access-log-rows.ts';
import { CsvRows } from './csv-rows.ts';
import { fileKind } from './file-kind.ts';
import type { FileKind, Formats } from './formats.ts';
import { JsonRows } from './json-rows.ts';
import type { RowReader, RowSink } from './row-reader.ts';

/** Every format that can be read. `asked`: the only one that a file may be. */
export const allFormats = (asked?: TapeFormat): Formats => ({
  kindOf: (head) => fileKind(head, asked),
  rowReader,
});

function rowReader({ format, delimiter }: FileKind, sink: RowSink): RowReader {
  if (format === 'jsonl') return new JsonRows(sink);
  return format === 'csv' ? new CsvRows(delimiter, sink) : new AccessLogRows(sink);
}
