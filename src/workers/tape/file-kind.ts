import type { TapeFormat } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { isAccessLogEntry } from './access-log-rows.ts';
import { csvParse } from './csv-rows.ts';
import { guessTimeFormat } from './time-format.ts';

/** How a file is to be read. */
export interface FileKind {
  readonly format: TapeFormat;
  /** Between the cells of a CSV file; '' otherwise. */
  readonly delimiter: string;
}

const SIGNATURES: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x1f, 0x8b], 'compressed with gzip; unpack it first'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive or a spreadsheet; save the data as CSV first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with Zstandard; unpack it first'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file; save the data as CSV or JSON lines first'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
  [[0xff, 0xfe], 'text in UTF-16; save it as UTF-8 first'],
  [[0xfe, 0xff], 'text in UTF-16; save it as UTF-8 first'],
];

/** One sentence if the first bytes show that a file is no text; null otherwise. */
export function binarySentence(head: Uint8Array): string | null {
  const known = SIGNATURES.find(([bytes]) => bytes.every((byte, i) => head[i] === byte));
  if (known !== undefined) return `The file is ${known[1]}.`;
  if (head.includes(0)) return 'The file is not text: it has NUL characters.';
  const controls = head.filter(
    (byte) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b,
  ).length;
  return controls * 20 > head.length ? 'The file is not text: it has many control characters.' : null;
}

const SAMPLE = 20;

/**
 * What a file is, by its first lines (the last of them may be cut off). `asked`: the format that a scenario names, which
 * then is not guessed. The error is one sentence.
 */
export function fileKind(head: string, asked?: TapeFormat): Result<FileKind, string> {
  const lines = head
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE);
  const [first] = lines;
  if (first === undefined) return err('The file is empty.');
  if (asked === 'jsonl' || asked === 'access-log') return ok({ format: asked, delimiter: '' });
  if (asked === undefined) {
    if (lines.filter(isAccessLogEntry).length * 2 >= lines.length)
      return ok({ format: 'access-log', delimiter: '' });
    if (/^\s*[{[]/.test(first)) return jsonKind(lines);
  }
  return csvKind(first, lines);
}

function jsonKind(lines: readonly string[]): Result<FileKind, string> {
  if (lines.some(isJsonObject)) return ok({ format: 'jsonl', delimiter: '' });
  return err(
    'The file looks like one JSON document; what can be read is JSON lines, one object on each line.',
  );
}

function isJsonObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const DELIMITERS: readonly string[] = [',', ';', '\t', '|'];

function csvKind(first: string, lines: readonly string[]): Result<FileKind, string> {
  const delimiter =
    [...DELIMITERS].sort((a, b) => agreeing(b, first, lines) - agreeing(a, first, lines))[0] ?? ',';
  const header = csvParse(delimiter)(first)[0] ?? [];
  if (header.length < 2)
    return err('The file has only one column; a time and something that happened then are needed.');
  if (header.every((cell) => isValue(cell)))
    return err('The first line holds values; in a CSV file it has to name the columns.');
  return ok({ format: 'csv', delimiter });
}

/** Cells that a delimiter finds in the header, on all lines that have as many. */
function agreeing(delimiter: string, first: string, lines: readonly string[]): number {
  const parse = csvParse(delimiter);
  const cells = parse(first)[0]?.length ?? 0;
  return cells < 2 ? 0 : cells * lines.filter((line) => parse(line)[0]?.length === cells).length;
}

const isValue = (cell: string): boolean =>
  /^-?\d+(?:[.,]\d+)?$/.test(cell.trim()) || guessTimeFormat([cell]) !== null;
