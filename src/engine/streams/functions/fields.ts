import { parseLongText, type Long } from '../serdes/long.ts';
import { jsonText } from '../serdes/json-text.ts';

const LONG_TEXT = /^-?[0-9]{1,18}$/;

/** The text as a long if it is at most 18 digits with an optional minus, else null. */
export const textAsLong = (text: string): Long | null => (LONG_TEXT.test(text) ? parseLongText(text) : null);

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return null;
  return (value as Readonly<Record<string, unknown>>)[name] ?? null;
}

/** A field of an object as text: text as it is, anything else as its JSON; null if absent. */
export function fieldText(value: unknown, name: string): string | null {
  const field = fieldOf(value, name);
  if (field === null) return null;
  return typeof field === 'string' ? field : jsonText(field);
}

/** A field of an object as a long: an integer, or text that reads as one; else null. */
export function fieldLong(value: unknown, name: string): Long | null {
  const field = fieldOf(value, name);
  if (typeof field === 'bigint') return field;
  if (typeof field === 'number') return Number.isSafeInteger(field) ? field : null;
  return typeof field === 'string' ? textAsLong(field) : null;
}
