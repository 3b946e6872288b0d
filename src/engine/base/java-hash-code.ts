/** `String.hashCode` of the JVM: 31-polynomial over UTF-16 units, wrapped to a signed 32-bit integer. */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Absolute value as `org.apache.kafka.common.utils.Utils.abs` takes it: the smallest integer becomes 0. */
export function javaAbs(value: number): number {
  return value === -0x80000000 ? 0 : Math.abs(value);
}

/** The bucket, out of `count`, in which Kafka's coordinators look for a group id or a transactional id. */
export function javaHashBucket(text: string, count: number): number {
  return javaAbs(javaHashCode(text)) % count;
}
