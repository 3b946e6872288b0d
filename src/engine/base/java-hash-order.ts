import { javaHashCode } from './java-hash-code.ts';

/**
 * The order in which a `java.util.HashSet` of these texts is iterated, given the order of insertion. Kafka prints some
 * sets in this order, and some results of its own follow from it.
 */
export function javaHashOrder(texts: Iterable<string>): string[] {
  const distinct = [...new Set(texts)];
  const capacity = tableSize(distinct.length);
  const buckets = distinct.map((text, at) => ({
    text,
    at,
    bucket: spread(javaHashCode(text)) & (capacity - 1),
  }));
  buckets.sort((a, b) => a.bucket - b.bucket || a.at - b.at);
  return buckets.map(({ text }) => text);
}

/** `HashMap.hash`. */
const spread = (hash: number): number => hash ^ (hash >>> 16);

/** The smallest table, from 16 in powers of two, whose load factor of 0.75 is not exceeded. */
function tableSize(entries: number): number {
  let size = 16;
  while (entries > size * 0.75) size *= 2;
  return size;
}

/** The order in which a `HashSet<Bytes>` is iterated that has held up to `most` elements at once. */
export function javaBytesOrder(keys: Iterable<string>, most: number): string[] {
  const capacity = tableSize(most);
  const buckets = [...keys].map((bytes, at) => ({
    bytes,
    at,
    bucket: spread(javaBytesHash(bytes)) & (capacity - 1),
  }));
  buckets.sort((a, b) => a.bucket - b.bucket || a.at - b.at);
  return buckets.map(({ bytes }) => bytes);
}

/** `Arrays.hashCode(byte[])`: bytes are signed. */
function javaBytesHash(bytes: string): number {
  let hash = 1;
  for (let i = 0; i < bytes.length; i++)
    hash = (Math.imul(hash, 31) + ((bytes.charCodeAt(i) << 24) >> 24)) | 0;
  return hash;
}
