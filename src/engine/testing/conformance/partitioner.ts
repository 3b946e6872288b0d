import { fromHex } from '../../base/bytes.ts';
import { javaAbs, javaHashBucket, javaHashCode } from '../../base/java-hash-code.ts';
import { murmur2, partitionForKey } from '../../base/murmur2.ts';
import type { Adapter } from './adapter.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError } from './case-file.ts';
import type { Json, JsonObject } from './case-file.ts';

/** Where a key, or the state of a coordinator, lives. */
export const partitionerAdapter: Adapter = {
  check({ given, expect }, comparison) {
    const op = textOf(given.op, 'op');
    if (op === 'murmur2') comparison.compare(askMurmur2(given), expect);
    else if (op === 'coordinatorPartition') comparison.compare(askCoordinator(given), expect);
    else throw new UnsupportedError(`op "${op}"`);
  },
};

function askMurmur2(given: JsonObject): Json {
  onlyFields(given, ['op', 'key', 'counts'], 'murmur2');
  const key = fromHex(textOf(objectOf(given.key, 'key').hex, 'key'));
  const hash = murmur2(key);
  const partitions = countsOf(given).map((count) => partitionForKey(key, count));
  return { murmur2: hash, positive: hash & 0x7fffffff, partitions };
}

function askCoordinator(given: JsonObject): Json {
  onlyFields(given, ['op', 'id', 'counts'], 'coordinatorPartition');
  const id = textOf(given.id, 'id');
  const hashCode = javaHashCode(id);
  const partitions = countsOf(given).map((count) => javaHashBucket(id, count));
  return { hashCode, abs: javaAbs(hashCode), partitions };
}

const countsOf = (given: JsonObject): number[] =>
  listOf(given.counts, 'counts').map((count) => numberOf(count, 'count'));
