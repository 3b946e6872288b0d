import { err, ok, type Result } from '../../engine/base/result.ts';
import { csvParse } from './csv-rows.ts';
import type { FileKind } from './formats.ts';
import { guessTimeFormat } from './time-format.ts';

const SAMPLE = 20;

/** The first lines of a text that say something. */
export const linesIn = (head: string): string[] =>
  head
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE);

const DELIMITERS: readonly string[] = [',', ';', '\t', '|'];

/** How a CSV file is to be read, by its first lines (the last of them may be cut off). The error is one sentence. */
export function csvKind(head: string): Result<FileKind, string> {
  const lines = linesIn(head);
  const [first] = lines;
  if (first === undefined) return err('The file is empty.');
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
