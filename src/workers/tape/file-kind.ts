import type { TapeFormat } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { isAccessLogEntry } from './access-log-rows.ts';
import { csvParse } from './csv-rows.ts';
import type { FileKind } from './formats.ts';
import { guessTimeFormat } from './time-format.ts';

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
