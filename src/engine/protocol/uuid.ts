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
