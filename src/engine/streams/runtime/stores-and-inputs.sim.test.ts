import { describe, expect, test } from 'vitest';
import type { Tape, TopologyNode } from '../../api/scenario.ts';
import { int64FromBytes } from '../../base/bytes.ts';
import { StreamsCluster } from '../../testing/streams-cluster.ts';
import { bufferedRecords } from './runtime-task.ts';

const START = 1_700_000_040_000;
const ONE = [[1, 2, 3]];
const THREE = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
];

interface Row {
  readonly at: number;
  readonly key: string;
  readonly value: object;
}

const tapeOf = (rows: readonly Row[]): Tape =>
  Object.freeze({
    count: rows.length,
    timestamps: rows.map(({ at }) => START + at),
    keys: rows.map(({ key }) => key),
    values: rows.map(({ value }) => JSON.stringify(value)),
  });

const newCluster = (seed: number): StreamsCluster => {
  const cluster = new StreamsCluster({ seed, overrides: { 'offsets.topic.num.partitions': '3' } });
  cluster.boot();
  return cluster;
};

const COUNT: readonly TopologyNode[] = [
  { op: 'stream', id: 'in', topic: 'in', key: 'string', value: 'json' },
  { op: 'groupByKey', id: 'keys', of: 'in' },
  { op: 'count', id: 'counts', of: 'keys', as: 'counts' },
  { op: 'toStream', id: 'changes', of: 'counts' },
  { op: 'to', of: 'changes', topic: 'out' },
];

const CONFIG = { 'commit.interval.ms': '1000', 'statestore.cache.max.bytes': '0' };

describe('a task that dies', () => {
  test('runs again though retention has deleted its changelog, as it does for windows of two days ago', () => {
    const cluster = newCluster(5);
    cluster.createTopic('in', ONE);
    cluster.createTopic('out', ONE);
    const window = { type: 'tumbling', size: 10_000, grace: 0 };
    const topology: TopologyNode[] = COUNT.flatMap((node) =>
      node.op === 'count'
        ? [
            { op: 'windowedBy', id: 'w', of: 'keys', window },
            { ...node, of: 'w' },
          ]
        : [node],
    );
    cluster.addApplication({ id: 'app', instances: 1, topology, config: CONFIG });
    cluster.runFor(9_000);
    const old = (i: number): number => i * 100 - 2 * 86_400_000;
    const rows = Array.from({ length: 900 }, (_, i) => ({ at: old(i), key: `k${i % 5}`, value: { i } }));
    cluster.addTape('p1', 'in', tapeOf(rows), { kind: 'rate', perSecond: 10 });
    cluster.runFor(40_000);
    const { leader } = cluster.partition('app-counts-changelog');
    expect(cluster.replica(leader, 'app-counts-changelog-0')?.logStart).toBeGreaterThan(0);
    cluster.kernel.stop('app-1', { powerLoss: true });
    cluster.kernel.start('app-1');
    cluster.runFor(60_000);
    const [task] = cluster.tasks('app-1');
    expect(task?.status).toBe('running');
  });

  test('reads its changelog back only from the checkpoint, which 10,000 changes bring about', () => {
    const cluster = newCluster(5);
    cluster.createTopic('in', ONE);
    cluster.createTopic('out', ONE);
    cluster.addApplication({ id: 'app', instances: 1, topology: COUNT, workMicros: 50, config: CONFIG });
    cluster.runFor(9_000);
    const rows = Array.from({ length: 16_000 }, (_, i) => ({ at: i, key: `k${i % 50}`, value: { i } }));
    cluster.addTape('p1', 'in', tapeOf(rows), { kind: 'rate', perSecond: 2_000 });
    cluster.runFor(10_000);
    cluster.kernel.stop('app-1', { powerLoss: true });
    cluster.kernel.start('app-1');
    cluster.runFor(60_000);
    const [restoring] = cluster.traces('task-restoring');
    expect(restoring?.data.records).toBeGreaterThan(1_000);
    expect(restoring?.data.records).toBeLessThan(6_000);
    const last = new Map(
      cluster.records('out', 1).map(({ key, value }) => [key, int64FromBytes(value ?? '')] as const),
    );
    expect([...last.values()]).toEqual(Array(50).fill(320));
  });
});

describe('a task of two inputs', () => {
  test('reads what is on the brokers in the order of time, so a join without grace misses nothing', () => {
    const cluster = newCluster(6);
    for (const topic of ['orders', 'payments', 'out']) cluster.createTopic(topic, THREE);
    const topology: readonly TopologyNode[] = [
      { op: 'stream', id: 'orders', topic: 'orders', key: 'string', value: 'string' },
      { op: 'stream', id: 'payments', topic: 'payments', key: 'string', value: 'string' },
      {
        op: 'streamJoin',
        id: 'paid',
        of: 'orders',
        with: 'payments',
        type: 'inner',
        joiner: 'concat:+',
        window: { before: 5_000, after: 5_000 },
      },
      { op: 'to', of: 'paid', topic: 'out' },
    ];
    const orders = Array.from({ length: 600 }, (_, i) => ({
      at: i * 200,
      key: `k${i % 37}`,
      value: { order: i },
    }));
    const payments = Array.from({ length: 300 }, (_, i) => ({
      at: i * 400 + 60,
      key: `k${(i * 3) % 37}`,
      value: { payment: i },
    }));
    cluster.addTape('p1', 'orders', tapeOf(orders));
    cluster.addTape('p2', 'payments', tapeOf(payments));
    cluster.runFor(2_000);
    const config = { ...CONFIG, 'max.poll.records': '50' };
    cluster.addApplication({ id: 'app', instances: 2, topology, config });
    cluster.runFor(20_000);
    const matches = orders.flatMap((order) =>
      payments
        .filter(({ key, at }) => key === order.key && Math.abs(at - order.at) <= 5_000)
        .map(({ value }) => `${JSON.stringify(order.value)}+${JSON.stringify(value)}`),
    );
    expect(matches.length).toBeGreaterThan(100);
    const joined = cluster.records('out', 3).map(({ value }) => value);
    expect(joined.sort()).toEqual(matches.sort());
  });

  test('holds back no more than buffered.records.per.partition and what one poll brings', () => {
    const cluster = newCluster(7);
    cluster.createTopic('in', ONE);
    cluster.createTopic('out', ONE);
    const config = { ...CONFIG, 'buffered.records.per.partition': '200', 'max.poll.records': '100' };
    cluster.addApplication({ id: 'app', instances: 1, topology: COUNT, workMicros: 2_000, config });
    cluster.runFor(9_000);
    const rows = Array.from({ length: 3_000 }, (_, i) => ({ at: i, key: `k${i % 5}`, value: { i } }));
    cluster.addTape('p1', 'in', tapeOf(rows), { kind: 'max' });
    let most = 0;
    for (let step = 0; step < 900; step++) {
      cluster.runFor(10);
      for (const task of cluster.tasks('app-1')) most = Math.max(most, bufferedRecords(task));
    }
    expect(most).toBeGreaterThan(50);
    expect(most).toBeLessThanOrEqual(300);
    expect(cluster.records('out', 1)).toHaveLength(3_000);
  });
});
