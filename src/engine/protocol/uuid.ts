import type { Bytes } from '../base/bytes.ts';
import { nextUint32, type PrngState } from '../base/prng.ts';

/** A 128-bit id as Kafka prints it: 22 characters of URL-safe base64. */
export type Uuid = string;

/** The id that stands for "no id". */
export const ZERO_UUID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A random id that does not begin with a dash (`org.apache.kafka.common.Uuid.randomUuid`). */
export function randomUuid(prng: PrngState): Uuid {
  let id = '';
  for (let i = 0; i < 21; i++) id += ALPHABET[nextUint32(prng) >>> 26];
  id += ALPHABET[(nextUint32(prng) >>> 30) * 16];
  return id.startsWith('-') ? randomUuid(prng) : id;
}

/** As `Uuid.compareTo`: by the 128 bits, those that begin with a one first (its halves are signed). */
export function compareUuids(a: Uuid, b: Uuid): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = ALPHABET.indexOf(a.charAt(i)) - ALPHABET.indexOf(b.charAt(i));
    if (difference !== 0) return i === 0 && signsDiffer(a, b) ? -difference : difference;
  }
  return 0;
}

const signsDiffer = (a: Uuid, b: Uuid): boolean => isNegative(a) !== isNegative(b);

const isNegative = (id: Uuid): boolean => ALPHABET.indexOf(id.charAt(0)) >= 32;

/** The 16 bytes of an id. */
export function uuidToBytes(id: Uuid): Bytes {
  let bytes = '';
  let bits = 0;
  let count = 0;
  for (const char of id) {
    bits = ((bits << 6) | ALPHABET.indexOf(char)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += String.fromCharCode((bits >>> count) & 0xff);
  }
  return bytes;
}

export function uuidFromBytes(bytes: Bytes): Uuid {
  let id = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1) || 0, bytes.charCodeAt(i + 2) || 0];
    const bits = (a << 16) | (b << 8) | c;
    for (let k = 0; k < Math.min(4, bytes.length - i + 1); k++)
      id += ALPHABET.charAt((bits >>> (18 - 6 * k)) & 63);
  }
  return id;
}

/** A random version 4 UUID as `java.util.UUID` prints it. */
export function randomJavaUuid(prng: PrngState): string {
  const word = (): string => nextUint32(prng).toString(16).padStart(8, '0');
  const hex = word() + word() + word() + word();
  const variant = '89ab'[nextUint32(prng) >>> 30];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Where the lower half of a UUID begins as Java prints it. */
const LOWER_HALF = 19;

/** As `java.util.UUID.compareTo`: by its two halves, each as a signed number. */
export const compareJavaUuids = (a: string, b: string): number =>
  compareSigned(a.slice(0, LOWER_HALF), b.slice(0, LOWER_HALF)) ||
  compareSigned(a.slice(LOWER_HALF), b.slice(LOWER_HALF));

/** Hexadecimal numbers of one length: with a first digit from 8 they are negative. */
function compareSigned(a: string, b: string): number {
  if (a === b) return 0;
  const isReversed = /^[89a-f]/.test(a) !== /^[89a-f]/.test(b);
  return a < b === isReversed ? 1 : -1;
}
