import { fromHex, toHex, utf8Decode, utf8Encode, type Bytes } from '../../base/bytes.ts';
import { TableChange } from '../serdes/table-change.ts';
import { parseLongText } from '../serdes/long.ts';
import type { Serde } from '../serdes/serde.ts';
import { Windowed } from '../serdes/windowed.ts';
import type { Headers } from '../task/stream-record.ts';
import { isObject, type Json } from '../../base/json.ts';

/** Exactly these bytes, if the JSON says `{"hex"}` or `{"utf8"}`. */
function rawBytes(json: Json): Bytes | undefined {
  if (!isObject(json) || Object.keys(json).length !== 1) return undefined;
  if (typeof json.hex === 'string') return fromHex(json.hex);
  return typeof json.utf8 === 'string' ? utf8Encode(json.utf8) : undefined;
}

/** The bytes of a key or value that is piped into a topic of this type. */
export function bytesOf(json: Json | undefined, serde: Serde): Bytes | null {
  if (json === null || json === undefined) return null;
  const raw = rawBytes(json);
  if (raw !== undefined) return raw;
  if (serde.name === 'long' && typeof json === 'string') return serde.serialize(parseLongText(json));
  return serde.serialize(json);
}

/** A key or value of the engine as JSON: 64-bit numbers beyond 2^53 − 1 as digits, windowed keys with start and end. */
export function jsonOf(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Windowed) return { key: jsonOf(value.key), start: value.start, end: value.end };
  if (value instanceof TableChange) return { new: jsonOf(value.newValue), old: jsonOf(value.oldValue) };
  return value as Json;
}

export const hexOf = (bytes: Bytes | null): Json => (bytes === null ? null : { hex: toHex(bytes) });

const UNPRINTABLE = /[\0-\x08\x0e-\x1f\x7f\ufffd]/;

export function headersJson(headers: Headers): Json {
  return headers.map(([name, value]) => [name, headerJson(value)]);
}

function headerJson(value: Bytes | null): Json {
  if (value === null) return null;
  const text = utf8Decode(value);
  return UNPRINTABLE.test(text) ? { hex: toHex(value) } : text;
}

/** Header values are texts; null is null. */
export const headersOf = (headers: readonly (readonly [string, string | null])[] = []): Headers =>
  headers.map(([name, value]) => [name, value === null ? null : utf8Encode(value)] as const);
