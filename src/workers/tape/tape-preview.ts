import type { TapeFormat } from '../../engine/api/scenario.ts';
import { quoted } from '../../engine/api/scenario-problem.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { columnKinds, type ColumnKind } from './column-kind.ts';
import { digestTape, type BadLines, type TapeTable } from './tape-table.ts';
import { cellText, columnValues } from './table-cells.ts';
import { guessTimeFormat, readTime, type TimeFormat } from './time-format.ts';

/** A column as a person may judge it. */
export interface ColumnGuess {
  readonly name: string;
  readonly kind: ColumnKind;
  /** How it writes times; null when it holds none. */
  readonly time: TimeFormat | null;
}

/** What a person is shown of a data file before it is played. */
export interface TapePreview {
  readonly format: TapeFormat;
  readonly columns: readonly ColumnGuess[];
  /** The column that most likely is the time. */
  readonly timeColumn: string;
  readonly rowCount: number;
  /** Rows beyond the most that are kept. */
  readonly rowsUnread: number;
  /** The first rows as text, cut to what can be shown. */
  readonly firstRows: readonly (readonly string[])[];
  readonly bad: BadLines;
  readonly times: TimeSpan;
  readonly digest: string;
}

/** Of the time column. A scenario has to start after `latest`: brokers refuse records from the future. */
export interface TimeSpan {
  /** In ms since 1970. */
  readonly earliest: number;
  readonly latest: number;
  /** Rows that are earlier than a row before them. */
  readonly backwards: number;
}

const ROWS_SHOWN = 20;

/** Guesses what the columns are. The error, one sentence, is that no column holds times. */
export function previewTape(table: TapeTable): Result<TapePreview, string> {
  const kinds = columnKinds(table);
  const columns = table.columns.map((name, i) => ({
    name,
    kind: kinds[i] ?? 'empty',
    time: guessTimeFormat(columnValues(table, i)),
  }));
  const time = likeliestTime(columns);
  if (time === undefined || time.time === null)
    return err(
      'No column holds times: ISO 8601, epoch seconds, ms or µs, or those of an access log are read.',
    );
  return ok({
    format: table.format,
    columns,
    timeColumn: time.name,
    rowCount: table.rows.length,
    rowsUnread: table.rowsUnread,
    firstRows: table.rows
      .slice(0, ROWS_SHOWN)
      .map((row) => table.columns.map((_, i) => quoted(cellText(table, row[i] ?? null) ?? '').slice(1, -1))),
    bad: table.bad,
    times: timeSpan(table, table.columns.indexOf(time.name), time.time),
    digest: digestTape(table),
  });
}

const TIME_NAME =
  /^@?(?:time_?stamp|time|ts|date_?time|date|event_?time|created(?:_?at)?)(?:[_ ]?(?:ms|us|s|utc))?$/i;

/** By name, else the first that is written as a date, else the first bare number. */
function likeliestTime(columns: readonly ColumnGuess[]): ColumnGuess | undefined {
  const times = columns.filter(({ time }) => time !== null);
  return (
    times.find(({ name }) => TIME_NAME.test(name)) ??
    times.find(({ time }) => time === 'ISO 8601' || time === 'access log') ??
    times[0]
  );
}

function timeSpan(table: TapeTable, column: number, format: TimeFormat): TimeSpan {
  let earliest = Number.POSITIVE_INFINITY;
  let latest = -1;
  let backwards = 0;
  for (const value of columnValues(table, column)) {
    const time = value === null ? null : readTime(format, value);
    if (time === null) continue;
    if (time < latest) backwards += 1;
    earliest = Math.min(earliest, time);
    latest = Math.max(latest, time);
  }
  return { earliest, latest, backwards };
}
