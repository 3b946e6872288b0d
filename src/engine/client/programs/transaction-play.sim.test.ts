import { expect, test } from 'vitest';
import { BrokerCluster } from '../../testing/broker-cluster.ts';
import { tapePlayerFacts } from './producer-entity.ts';
import type { ProducerMemory } from './producer-program.ts';

/** Plays ten rows in transactions of four; the third is larger than a request may be. */
function played(values: readonly string[]): BrokerCluster {
  const cluster = new BrokerCluster({ seed: 6 });
  cluster.boot();
  cluster.createTopic('t', [[1, 2, 3]]);
  cluster.warmUp();
  const tape = {
    count: values.length,
    timestamps: values.map((_, row) => 1_700_000_000_000 + row),
    keys: values.map((_, row) => `${row}`),
    values,
  };
  const settings = {
    id: 'p1',
    bootstrap: { 1: 'b1' },
    topic: 't',
    tape,
    pace: { kind: 'max' },
    overrides: { 'transactional.id': 'tx', 'max.request.size': '2000' },
    transactions: { records: 4 },
  };
  cluster.kernel.addNode('p1', 'producer', settings, cluster.now);
  const memory = (): ProducerMemory => cluster.kernel.slot('p1').memory as ProducerMemory;
  cluster.runFor(1);
  cluster.runUntilTrue('the end of the tape', () => memory().ended);
  return cluster;
}

test('a record that is too large costs its transaction, which is played again without it', () => {
  const values = Array.from({ length: 10 }, (_, row) => (row === 2 ? 'x'.repeat(3_000) : 'y'));
  const cluster = played(values);
  const memory = cluster.kernel.slot('p1').memory as ProducerMemory;
  const { committed, aborted, rowsCommitted } = memory.transactions ?? {};
  expect([committed, aborted, rowsCommitted]).toEqual([3, 1, 9]);
  expect(tapePlayerFacts(memory)).toMatchObject({ refused: 1, unknown: 0 });
  const failed = [...memory.outcomes].filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ rows }) => rows)).toEqual([[2]]);
});
