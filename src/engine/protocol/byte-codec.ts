import { int32ToBytes, utf8Decode, utf8Encode, type Bytes } from '../base/bytes.ts';

/** Kafka's primitive types of non-flexible versions, big-endian, as bytes. */
export const int16 = (value: number): Bytes => String.fromCharCode((value >>> 8) & 0xff, value & 0xff);
export const int32 = int32ToBytes;

/** STRING: at most 32,767 bytes of UTF-8. */
export function string(text: string): Bytes {
  const bytes = utf8Encode(text);
  return int16(bytes.length) + bytes;
}

export const nullableString = (text: string | null): Bytes => (text === null ? int16(-1) : string(text));

export const nullableBytes = (bytes: Bytes | null): Bytes =>
  bytes === null ? int32(-1) : int32(bytes.length) + bytes;

export const array = <T>(items: readonly T[], encode: (item: T) => Bytes): Bytes =>
  int32(items.length) + items.map(encode).join('');

/** A place in bytes that are being read. Reading beyond the end gives zeros and sets `overrun`. */
export interface ByteCursor {
  readonly bytes: Bytes;
  at: number;
  overrun: boolean;
}

export const cursorOf = (bytes: Bytes): ByteCursor => ({ bytes, at: 0, overrun: false });

function take(cursor: ByteCursor, length: number): Bytes {
  const taken = cursor.bytes.slice(cursor.at, cursor.at + length);
  if (taken.length < length) cursor.overrun = true;
  cursor.at += taken.length;
  return taken;
}

function readInt(cursor: ByteCursor, size: 2 | 4): number {
  const taken = take(cursor, size).padEnd(size, '\0');
  let value = 0;
  for (let i = 0; i < size; i++) value = (value << 8) | taken.charCodeAt(i);
  return size === 2 ? (value << 16) >> 16 : value;
}

export const readInt16 = (cursor: ByteCursor): number => readInt(cursor, 2);
export const readInt32 = (cursor: ByteCursor): number => readInt(cursor, 4);

export function readNullableString(cursor: ByteCursor): string | null {
  const length = readInt16(cursor);
  return length < 0 ? null : utf8Decode(take(cursor, length));
}

export const readString = (cursor: ByteCursor): string => readNullableString(cursor) ?? '';

export function readNullableBytes(cursor: ByteCursor): Bytes | null {
  const length = readInt32(cursor);
  return length < 0 ? null : take(cursor, length);
}

/** Stops at the end of the bytes, whatever count they claim. */
export function readArray<T>(cursor: ByteCursor, read: (cursor: ByteCursor) => T): T[] {
  const count = readInt32(cursor);
  const items: T[] = [];
  for (let i = 0; i < count && !cursor.overrun; i++) items.push(read(cursor));
  return items;
}
