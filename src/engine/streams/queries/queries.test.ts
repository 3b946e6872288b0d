import { expect, test } from 'vitest';
import { utf8Encode } from '../../base/bytes.ts';
import { partitionForKey } from '../../base/murmur2.ts';
import { decodeHosts, encodeHosts, hostTasks } from '../assignor/host-tasks.ts';
import type { ThreadState } from '../runtime/thread-state.ts';
import type { StreamsMemory } from '../runtime/instance-memory.ts';
import type { TaskStatus } from '../runtime/runtime-task.ts';
import { jsonSerde, longSerde } from '../serdes/serde.ts';
import { hostsOf, keyMetadata } from './key-metadata.ts';
import { closedBy } from './local-copies.ts';
import { keyOf } from './read-store.ts';

const HOSTS = hostTasks([
  { host: 'app-2', active: ['1_1', '0_0'], standby: ['1_0'] },
  { host: 'app-1', active: ['1_0'], standby: [] },
  { host: 'app-1', active: ['1_2'], standby: ['1_1'] },
  { host: null, active: ['2_0'], standby: [] },
]);

test('what every instance has survives the wire, threads of one machine together', () => {
  expect(decodeHosts(encodeHosts(HOSTS))).toEqual(HOSTS);
  expect(HOSTS.map(({ host, active }) => [host, active])).toEqual([
    ['app-1', ['1_0', '1_2']],
    ['app-2', ['1_1', '0_0']],
  ]);
  expect(decodeHosts(encodeHosts([]))).toEqual([]);
});

test('a key is where the producer’s partitioner put it, among as many partitions as there are tasks', () => {
  for (const text of ['a', 'b', 'c', 'd', 'ö']) {
    const key = utf8Encode(text);
    const partition = partitionForKey(key, 3);
    expect(keyMetadata(HOSTS, 1, key)).toEqual({
      partition,
      active: ['app-1', 'app-2', 'app-1'][partition],
      standbys: [['app-2'], ['app-1'], []][partition],
    });
  }
  expect(keyMetadata([], 1, 'a')).toBeUndefined();
  expect(hostsOf(HOSTS, 0)).toEqual(['app-2']);
});

test('one thread, or task, that does not run closes the stores of the whole instance', () => {
  const thread = (state: ThreadState, statuses: readonly TaskStatus[] = ['running']) => ({
    state,
    tasks: new Map(statuses.map((status, i) => [`0_${i}`, { status }])),
  });
  const closed = (...threads: readonly object[]) => closedBy({ threads } as unknown as StreamsMemory);
  expect(closed(thread('RUNNING'), thread('RUNNING', ['running', 'running']))).toBeUndefined();
  expect(closed(thread('RUNNING'), thread('STARTING', []))).toBe('STARTING');
  expect(closed(thread('RUNNING', ['running', 'restoring']))).toBe('PARTITIONS_ASSIGNED');
  expect(closed(thread('PARTITIONS_REVOKED', ['suspended']), thread('RUNNING'))).toBe('PARTITIONS_REVOKED');
  expect(closed(thread('RUNNING'), thread('DEAD', []))).toBeUndefined();
});

test('keys are written as text', () => {
  expect(keyOf(longSerde, '-9007199254740993')).toBe(-9007199254740993n);
  expect(keyOf(longSerde, '7')).toBe(7);
  expect(keyOf(longSerde, '-9223372036854775808')).toBe(-9223372036854775808n);
  for (const text of ['seven', '9223372036854775808', '-9223372036854775809'])
    expect(() => keyOf(longSerde, text)).toThrow('LongDeserializer');
  expect(keyOf(jsonSerde, '{"a":1}')).toEqual({ a: 1 });
  expect(() => keyOf(jsonSerde, '7')).toThrow('not a JSON object');
});
