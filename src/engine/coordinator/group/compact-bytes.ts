import { utf8Decode, utf8Encode, type Bytes } from '../../base/bytes.ts';
import { uuidFromBytes, type Uuid } from '../../protocol/uuid.ts';
import { RecordReader } from './record-bytes.ts';

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

/** Reads these too. */
export class CompactReader extends RecordReader {
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
  compactArray<T>(read: (reader: CompactReader) => T): T[] {
    const count = this.uvarint() - 1;
    const items: T[] = [];
    for (let i = 0; i < count && !this.overrun; i++) items.push(read(this));
    return items;
  }

  uuid(): Uuid {
    return uuidFromBytes(this.slice(16));
  }

  /** The tagged fields that end a structure: reads the one with tag 0 if it is there. */
  tagged<T>(read?: (reader: CompactReader) => T): T | undefined {
    let found: T | undefined;
    const count = this.uvarint();
    for (let i = 0; i < count && !this.overrun; i++) {
      const tag = this.uvarint();
      const field = this.slice(this.uvarint());
      if (tag === 0 && read !== undefined) found = read(new CompactReader(field));
    }
    return found;
  }
}
