import { expect, test } from 'vitest';
import { BrokerCluster } from '../../testing/broker-cluster.ts';
import type { ProducerMemory } from '../programs/producer-program.ts';

/** How many records each of six partitions got, led in turn by b1 in rack a, b2 in b and b3 in c. */
function spread(overrides: Readonly<Record<string, string>>): number[] {
  const cluster = new BrokerCluster({ seed: 8, racks: { 1: 'a', 2: 'b', 3: 'c' } });
  cluster.boot();
  const leaders = [1, 2, 3, 1, 2, 3];
  cluster.createTopic(
    't',
    leaders.map((id) => [id]),
  );
  const rows = Array.from({ length: 600 }, (_, row) => row);
  const tape = {
    count: rows.length,
    timestamps: rows.map((row) => 1_700_000_000_000 + row),
    keys: rows.map(() => null),
    values: rows.map(() => 'x'.repeat(100)),
  };
  const place = { id: 'p1', bootstrap: { 1: 'b1' }, topic: 't', tape, pace: { kind: 'max' } };
  const settings = { ...place, overrides: { 'batch.size': '500', ...overrides } };
  cluster.kernel.addNode('p1', 'producer', settings, cluster.now);
  cluster.runFor(1);
  cluster.runUntilTrue(
    'the end of the tape',
    () => (cluster.kernel.slot('p1').memory as ProducerMemory).ended,
  );
  return leaders.map((id, partition) => cluster.replica(id, `t-${partition}`)?.logEnd ?? 0);
}

const used = (counts: readonly number[]): number[] => [...counts.keys()].filter((p) => (counts[p] ?? 0) > 0);

test('a producer that looks at racks sends to leaders in its own, and everywhere if there are none', () => {
  expect(used(spread({ 'client.rack': 'b', 'partitioner.rack.aware': 'true' }))).toEqual([1, 4]);
  expect(used(spread({ 'client.rack': 'd', 'partitioner.rack.aware': 'true' }))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(used(spread({ 'client.rack': 'b' }))).toEqual([0, 1, 2, 3, 4, 5]);
});
