import { assert } from '../../base/assert.ts';
import { javaHashCode } from '../../base/java-hash-code.ts';

/**
 * The name with most votes. Kafka counts in a `java.util.HashMap` and takes the first maximum in its order, so a tie is
 * decided by the hash codes of the names: the same here.
 */
export function electProtocol(votes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of votes) counts.set(name, (counts.get(name) ?? 0) + 1);
  let elected: string | undefined;
  for (const name of inHashMapOrder([...counts.keys()]))
    if (elected === undefined || (counts.get(name) ?? 0) > (counts.get(elected) ?? 0)) elected = name;
  assert(elected !== undefined, 'an election needs a vote');
  return elected;
}

/** Initial number of buckets of a `HashMap`; it doubles when three quarters as many keys are in it. */
const BUCKETS = 16;

function inHashMapOrder(names: readonly string[]): string[] {
  let buckets = BUCKETS;
  while (names.length > buckets * 0.75) buckets *= 2;
  const bucketOf = (name: string): number => {
    const hash = javaHashCode(name);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return [...names].sort((a, b) => bucketOf(a) - bucketOf(b));
}
