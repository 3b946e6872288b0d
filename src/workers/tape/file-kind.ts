import type { TapeFormat } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { isAccessLogEntry } from './access-log-rows.ts';
import { csvKind, linesIn } from './csv-kind.ts';
import type { FileKind } from './formats.ts';

/**
 * What a file is, by its first lines (the last of them may be cut off). `asked`: the format that a scenario names, which
 * then is not guessed. The error is one sentence.
 */
export function fileKind(head: string, asked?: TapeFormat): Result<FileKind, string> {
  const lines = linesIn(head);
  const [first] = lines;
  if (first === undefined) return err('The file is empty.');
  if (asked === 'jsonl' || asked === 'access-log') return ok({ format: asked, delimiter: '' });
  if (asked === undefined) {
    if (lines.filter(isAccessLogEntry).length * 2 >= lines.length)
      return ok({ format: 'access-log', delimiter: '' });
    if (/^\s*[{[]/.test(first)) return jsonKind(lines);
  }
  return csvKind(head);
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
