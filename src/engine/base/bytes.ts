/**
 * Bytes as a string whose every code unit is one byte (0 to 255).
 *
 * Such a string is immutable (so replicas, checkpoints and messages may share it), a valid `Map` key, compares with
 * `<` as unsigned lexicographic bytes (the order of Kafka's `Bytes`), and costs one byte a character in V8.
 * ASCII text is its own encoding.
 */
export type Bytes = string;

const NON_ASCII = /[^\0-\x7f]/;
/** Texts up to this length are looked at by hand: calling a regular expression costs more than they do. */
const SHORT = 48;

function isAscii(text: string): boolean {
  const { length } = text;
  if (length > SHORT) return !NON_ASCII.test(text);
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** UTF-8 encoding of a text. Lone surrogates become U+FFFD, as `String.getBytes` of the JVM makes them `?`-like. */
export function utf8Encode(text: string): Bytes {
  if (isAscii(text)) return text;
  let bytes = '';
  for (const char of text) bytes += encodeCodePoint(char.codePointAt(0) ?? 0);
  return bytes;
}

function encodeCodePoint(point: number): Bytes {
  if (point >= 0xd800 && point <= 0xdfff) return encodeCodePoint(0xfffd);
  if (point < 0x80) return String.fromCharCode(point);
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), continuation(point));
  if (point < 0x10000)
    return String.fromCharCode(0xe0 | (point >> 12), continuation(point >> 6), continuation(point));
  return String.fromCharCode(
    0xf0 | (point >> 18),
    continuation(point >> 12),
    continuation(point >> 6),
    continuation(point),
  );
}

const continuation = (bits: number): number => 0x80 | (bits & 0x3f);

/** The text of UTF-8 bytes; each malformed byte becomes U+FFFD. */
export function utf8Decode(bytes: Bytes): string {
  if (isAscii(bytes)) return bytes;
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes, i);
    text += length === 0 ? '\ufffd' : String.fromCodePoint(decodeSequence(bytes, i, length));
    i += Math.max(length, 1);
  }
  return text;
}

/** Smallest code point that a sequence of this many bytes may encode; index is the length. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

/** Length of the well-formed sequence that starts at `i`, or 0. */
function sequenceLength(bytes: Bytes, i: number): number {
  const lead = bytes.charCodeAt(i);
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0;
  for (let k = 1; k < length; k++) if ((bytes.charCodeAt(i + k) & 0xc0) !== 0x80) return 0;
  if (length === 0 || i + length > bytes.length) return 0;
  const point = decodeSequence(bytes, i, length);
  const valid =
    point >= (SMALLEST[length] ?? 0) && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return valid ? length : 0;
}

function decodeSequence(bytes: Bytes, i: number, length: number): number {
  const lead = bytes.charCodeAt(i);
  if (length === 1) return lead;
  let point = lead & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) point = (point << 6) | (bytes.charCodeAt(i + k) & 0x3f);
  return point;
}

/** Four bytes, big-endian two's complement. */
export function int32ToBytes(value: number): Bytes {
  return String.fromCharCode(
    (value >>> 24) & 0xff,
    (value >>> 16) & 0xff,
    (value >>> 8) & 0xff,
    value & 0xff,
  );
}

/** Encodings of the smallest numbers, which are by far the most frequent ones. Only a memo. */
const SMALL = new Array<Bytes>(1_024).fill('');

/** Eight bytes, big-endian two's complement, of a safe integer. */
export function int64ToBytes(value: number): Bytes {
  const isSmall = value >= 0 && value < SMALL.length;
  const known = isSmall ? (SMALL[value] as Bytes) : '';
  if (known !== '') return known;
  const high = Math.floor(value / 0x100000000);
  const bytes = int32ToBytes(high) + int32ToBytes(value - high * 0x100000000);
  if (isSmall) SMALL[value] = bytes;
  return bytes;
}

/** Reads four bytes at `at` as unsigned. */
function uint32At(bytes: Bytes, at: number): number {
  return (
    bytes.charCodeAt(at) * 0x1000000 +
    ((bytes.charCodeAt(at + 1) << 16) | (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3))
  );
}

/** The 64-bit integer at `at`; exact only while its magnitude is at most 2^53 − 1. */
export function int64FromBytes(bytes: Bytes, at = 0): number {
  return (uint32At(bytes, at) | 0) * 0x100000000 + uint32At(bytes, at + 4);
}

/** Lower-case hexadecimal, two digits a byte. */
export function toHex(bytes: Bytes): string {
  let hex = '';
  for (let i = 0; i < bytes.length; i++) hex += bytes.charCodeAt(i).toString(16).padStart(2, '0');
  return hex;
}

/** The bytes of an even number of hexadecimal digits. */
export function fromHex(hex: string): Bytes {
  let bytes = '';
  for (let i = 0; i + 1 < hex.length; i += 2)
    bytes += String.fromCharCode(Number.parseInt(hex.slice(i, i + 2), 16));
  return bytes;
}
