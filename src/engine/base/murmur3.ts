import type { Bytes } from './bytes.ts';

const MASK = 0xffffffffffffffffn;
const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;
const N1 = 0x52dce729n;
const N2 = 0x38495ab5n;
/** The seed of Kafka Streams' `Murmur3`. */
const SEED = 104729n;

const rotateLeft = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;
const mixFirst = (k: bigint): bigint => (rotateLeft((k * C1) & MASK, 31n) * C2) & MASK;
const mixSecond = (k: bigint): bigint => (rotateLeft((k * C2) & MASK, 33n) * C1) & MASK;

function finish(hash: bigint): bigint {
  let h = hash;
  h = ((h ^ (h >> 33n)) * 0xff51afd7ed558ccdn) & MASK;
  h = ((h ^ (h >> 33n)) * 0xc4ceb9fe1a85ec53n) & MASK;
  return h ^ (h >> 33n);
}

/** Up to eight bytes from `from` on, little-endian. */
function wordAt(bytes: Bytes, from: number, to: number): bigint {
  let word = 0n;
  for (let i = Math.min(from + 8, to) - 1; i >= from; i--) word = (word << 8n) | BigInt(bytes.charCodeAt(i));
  return word;
}

const toBytes = (word: bigint): Bytes => {
  let bytes = '';
  for (let shift = 56n; shift >= 0n; shift -= 8n)
    bytes += String.fromCharCode(Number((word >> shift) & 0xffn));
  return bytes;
};

/** The 128-bit murmur3 of the bytes for 64-bit machines, as 16 bytes, high word first. */
export function murmur3Hash128(bytes: Bytes): Bytes {
  let [h1, h2] = [SEED, SEED];
  const { length } = bytes;
  const blocks = length - (length % 16);
  for (let i = 0; i < blocks; i += 16) {
    h1 = (rotateLeft(h1 ^ mixFirst(wordAt(bytes, i, length)), 27n) + h2) & MASK;
    h1 = (h1 * 5n + N1) & MASK;
    h2 = (rotateLeft(h2 ^ mixSecond(wordAt(bytes, i + 8, length)), 31n) + h1) & MASK;
    h2 = (h2 * 5n + N2) & MASK;
  }
  if (length - blocks > 8) h2 ^= mixSecond(wordAt(bytes, blocks + 8, length));
  if (length - blocks > 0) h1 ^= mixFirst(wordAt(bytes, blocks, length));
  h1 ^= BigInt(length);
  h2 ^= BigInt(length);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  [h1, h2] = [finish(h1), finish(h2)];
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  return toBytes(h1) + toBytes(h2);
}
