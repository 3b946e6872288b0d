import { int32ToBytes, int64FromBytes, utf8Decode, utf8Encode, type Bytes } from '../../base/bytes.ts';
import { uuidFromBytes, type Uuid } from '../../protocol/uuid.ts';

/** Two bytes, big-endian two's complement. */
export const int16 = (value: number): Bytes => String.fromCharCode((value >> 8) & 0xff, value & 0xff);

/** A text as the non-flexible versions of Kafka's messages write it: its length in two bytes, then UTF-8. */
export function string(text: string): Bytes {
  const bytes = utf8Encode(text);
  return int16(bytes.length) + bytes;
}

export const nullableString = (text: string | null): Bytes => (text === null ? int16(-1) : string(text));

/** Bytes with their length in four bytes before them. */
export const bytes = (content: Bytes): Bytes => int32ToBytes(content.length) + content;

/** The types of flexible versions: lengths and counts are varints, one more than they say; 0 is null. */
export function uvarint(value: number): Bytes {
  return value < 0x80
    ? String.fromCharCode(value)
    : String.fromCharCode((value & 0x7f) | 0x80) + uvarint(value >>> 7);
}

export const compactBytes = (content: Bytes): Bytes => uvarint(content.length + 1) + content;

export const compactString = (text: string): Bytes => compactBytes(utf8Encode(text));

export const compactNullableString = (text: string | null): Bytes =>
  text === null ? uvarint(0) : compactString(text);

export const compactArray = <T>(items: readonly T[], encode: (item: T) => Bytes): Bytes =>
  uvarint(items.length + 1) + items.map(encode).join('');

/** The end of a structure: fields with tags 0, 1 …, of which the records here have one at most. */
export const taggedFields = (fields: readonly Bytes[]): Bytes =>
  uvarint(fields.length) + fields.map((field, tag) => uvarint(tag) + uvarint(field.length) + field).join('');

/**
 * Reads what the functions above write. Reading beyond the end gives zeros and empty texts and raises {@link overrun};
 * whoever reads bytes that others made must look at it.
 */
export class RecordReader {
  overrun = false;
  private readonly content: Bytes;
  private at = 0;

  constructor(content: Bytes) {
    this.content = content;
  }

  int16(): number {
    const at = this.take(2);
    return at < 0 ? 0 : (((this.content.charCodeAt(at) << 8) | this.content.charCodeAt(at + 1)) << 16) >> 16;
  }

  int32(): number {
    const high = this.int16();
    return (high << 16) | (this.int16() & 0xffff);
  }

  int64(): number {
    const at = this.take(8);
    return at < 0 ? 0 : int64FromBytes(this.content, at);
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  nullableString(): string | null {
    const length = this.int16();
    return length < 0 ? null : utf8Decode(this.slice(length));
  }

  bytes(): Bytes {
    return this.slice(Math.max(this.int32(), 0));
  }

  int8(): number {
    const at = this.take(1);
    return at < 0 ? 0 : this.content.charCodeAt(at);
  }

  uvarint(): number {
    const byte = this.int8();
    return byte < 0x80 ? byte : (byte & 0x7f) + this.uvarint() * 0x80;
  }

  compactNullableString(): string | null {
    const length = this.uvarint() - 1;
    return length < 0 ? null : utf8Decode(this.slice(length));
  }

  compactString(): string {
    return this.compactNullableString() ?? '';
  }

  compactBytes(): Bytes {
    return this.slice(Math.max(this.uvarint() - 1, 0));
  }

  /** Stops at the end of the bytes, whatever count they claim. */
  compactArray<T>(read: (reader: RecordReader) => T): T[] {
    const count = this.uvarint() - 1;
    const items: T[] = [];
    for (let i = 0; i < count && !this.overrun; i++) items.push(read(this));
    return items;
  }

  uuid(): Uuid {
    return uuidFromBytes(this.slice(16));
  }

  /** The tagged fields that end a structure: reads the one with tag 0 if it is there. */
  tagged<T>(read?: (reader: RecordReader) => T): T | undefined {
    let found: T | undefined;
    const count = this.uvarint();
    for (let i = 0; i < count && !this.overrun; i++) {
      const tag = this.uvarint();
      const field = this.slice(this.uvarint());
      if (tag === 0 && read !== undefined) found = read(new RecordReader(field));
    }
    return found;
  }

  private slice(length: number): Bytes {
    const at = this.take(length);
    return at < 0 ? '' : this.content.slice(at, at + length);
  }

  /** Where the next `length` bytes begin, or −1 if they are not all there. */
  private take(length: number): number {
    const at = this.at;
    if (at + length > this.content.length) {
      this.overrun = true;
      return -1;
    }
    this.at = at + length;
    return at;
  }
}
