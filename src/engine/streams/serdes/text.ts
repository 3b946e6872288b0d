import { jsonText } from './json-text.ts';
import { Windowed } from './windowed.ts';

/** A key or value in words: texts as they are, longs in decimal, objects as compact JSON, windowed keys `[key@start/end]`. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Windowed) return `[${textOf(value.key)}@${value.start}/${value.end}]`;
  return jsonText(value);
}
