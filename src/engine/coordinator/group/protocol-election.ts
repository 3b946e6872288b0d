import { assert } from '../../base/assert.ts';
import { javaHashOrder } from '../../base/java-hash-order.ts';

/**
 * The name with most votes. Kafka counts in a `java.util.HashMap` and takes the first maximum in its order, so a tie is
 * decided by the hash codes of the names: the same here.
 */
export function electProtocol(votes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of votes) counts.set(name, (counts.get(name) ?? 0) + 1);
  let elected: string | undefined;
  for (const name of javaHashOrder(counts.keys()))
    if (elected === undefined || (counts.get(name) ?? 0) > (counts.get(elected) ?? 0)) elected = name;
  assert(elected !== undefined, 'an election needs a vote');
  return elected;
}
