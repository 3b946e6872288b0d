import { int32ToBytes, int64FromBytes, utf8Decode, utf8Encode, type Bytes } from '../../base/bytes.ts';

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

/**
 * Reads what the functions above write. Reading beyond the end gives zeros and empty texts and raises {@link overrun};
 * whoever reads bytes that others made must look at it.
 */
export class RecordReader {
  overrun = false;
  protected readonly content: Bytes;
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

  protected slice(length: number): Bytes {
    const at = this.take(length);
    return at < 0 ? '' : this.content.slice(at, at + length);
  }

  /** Where the next `length` bytes begin, or −1 if they are not all there. */
  protected take(length: number): number {
    const at = this.at;
    if (at + length > this.content.length) {
      this.overrun = true;
      return -1;
    }
    this.at = at + length;
    return at;
  }
}
