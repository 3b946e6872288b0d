import type { Bytes } from './bytes.ts';

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** Kafka's 32-bit murmur2 of the bytes, as a signed integer (`org.apache.kafka.common.utils.Utils.murmur2`). */
export function murmur2(bytes: Bytes): number {
  const length = bytes.length;
  let h = SEED ^ length;
  const blocks = length - (length % 4);
  for (let i = 0; i < blocks; i += 4) {
    let k =
      bytes.charCodeAt(i) |
      (bytes.charCodeAt(i + 1) << 8) |
      (bytes.charCodeAt(i + 2) << 16) |
      (bytes.charCodeAt(i + 3) << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  h = mixTail(bytes, blocks, h);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

function mixTail(bytes: Bytes, from: number, start: number): number {
  let h = start;
  const rest = bytes.length - from;
  if (rest === 0) return h;
  if (rest === 3) h ^= bytes.charCodeAt(from + 2) << 16;
  if (rest >= 2) h ^= bytes.charCodeAt(from + 1) << 8;
  h ^= bytes.charCodeAt(from);
  return Math.imul(h, M);
}

/** Partition of a keyed record: the sign bit is masked, not negated (`BuiltInPartitioner.partitionForKey`). */
export function partitionForKey(key: Bytes, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}
