import { javaHashCode } from './java-hash-code.ts';

/**
 * The order in which a `java.util.HashSet` of these texts is iterated, given the order of insertion. Kafka prints some
 * sets in this order, and some results of its own follow from it.
 */
export function javaHashOrder(texts: Iterable<string>): string[] {
  const distinct = [...new Set(texts)];
  return inBuckets(distinct, distinct.length, javaHashCode);
}

/** The order in which a `HashSet<Bytes>` is iterated that has held up to `most` elements at once. */
export const javaBytesOrder = (keys: Iterable<string>, most: number): string[] =>
  inBuckets([...keys], most, javaBytesHash);

/**
 * Distinct items, in the order of insertion, as a `java.util.HashSet` iterates them that has held up to `most` at once.
 * `hashOf`: their `hashCode()`.
 */
export function inBuckets<T>(items: readonly T[], most: number, hashOf: (item: T) => number): T[] {
  const last = tableSize(most) - 1;
  const placed = items.map((item, at) => ({ item, at, bucket: spread(hashOf(item)) & last }));
  placed.sort((a, b) => a.bucket - b.bucket || a.at - b.at);
  return placed.map(({ item }) => item);
}

/** `HashMap.hash`. */
const spread = (hash: number): number => hash ^ (hash >>> 16);

/** The smallest table, from 16 in powers of two, whose load factor of 0.75 is not exceeded. */
function tableSize(entries: number): number {
  let size = 16;
  while (entries > size * 0.75) size *= 2;
  return size;
}

/** `Arrays.hashCode(byte[])`: bytes are signed. */
function javaBytesHash(bytes: string): number {
  let hash = 1;
  for (let i = 0; i < bytes.length; i++)
    hash = (Math.imul(hash, 31) + ((bytes.charCodeAt(i) << 24) >> 24)) | 0;
  return hash;
}
