import { expect, test } from 'vitest';
import type { Tape, TopologyNode } from '../../api/scenario.ts';
import { StreamsCluster } from '../../testing/streams-cluster.ts';

const START = 1_700_000_000_000;

const TOPOLOGY: readonly TopologyNode[] = [
  { op: 'stream', id: 'readings', topic: 'readings', key: 'string', value: 'json' },
  { op: 'globalTable', id: 'machines', topic: 'machines', key: 'string', value: 'json', as: 'machines' },
  {
    op: 'streamGlobalJoin',
    id: 'enriched',
    of: 'readings',
    with: 'machines',
    type: 'inner',
    keyFn: 'field:machine',
    joiner: 'merge',
  },
  { op: 'to', of: 'enriched', topic: 'out' },
];

const tape = (rows: readonly (readonly [key: string, value: object])[]): Tape =>
  Object.freeze({
    count: rows.length,
    timestamps: rows.map((_, row) => START + row * 1_000),
    keys: rows.map(([key]) => key),
    values: rows.map(([, value]) => JSON.stringify(value)),
  });

const machines = (limit: number): Tape =>
  tape(Array.from({ length: 9 }, (_, i) => [`m${i}`, { limit: limit + i }] as const));
const readings = tape(
  Array.from({ length: 90 }, (_, i) => [`r${i}`, { machine: `m${i % 9}`, heat: i }] as const),
);

function clusterWith(config: Readonly<Record<string, string>> = {}): StreamsCluster {
  const cluster = new StreamsCluster({ seed: 4, overrides: { 'offsets.topic.num.partitions': '3' } });
  cluster.boot();
  for (const topic of ['readings', 'machines', 'out'])
    cluster.createTopic(topic, [
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ]);
  cluster.addTape('m', 'machines', machines(100));
  cluster.runFor(3_000);
  cluster.addApplication({
    id: 'app',
    instances: 2,
    topology: TOPOLOGY,
    config: { 'commit.interval.ms': '200', ...config },
  });
  return cluster;
}

const limits = (cluster: StreamsCluster): number[] =>
  cluster
    .records('out', 3)
    .map(({ value }) => Number((JSON.parse(value ?? '{}') as { limit?: number }).limit));

test('every instance has the whole table before it processes the first record', () => {
  const cluster = clusterWith();
  cluster.addTape('p', 'readings', readings);
  cluster.runFor(12_000);
  expect(limits(cluster)).toHaveLength(90);
  expect(limits(cluster)).not.toContain(NaN);
  const told = cluster.traces('global-table-read').map(({ data }) => data);
  expect(told.map(({ records }) => records)).toEqual([9, 9]);
});

test('the table follows its topic, and each record is joined with the newest it has', () => {
  const cluster = clusterWith();
  cluster.addTape('p', 'readings', readings, { kind: 'rate', perSecond: 5 });
  cluster.runFor(13_000);
  cluster.addTape('n', 'machines', machines(200));
  cluster.runFor(9_000);
  const seen = limits(cluster);
  expect(seen).toHaveLength(90);
  expect(seen.filter((limit) => limit < 200).length).toBeGreaterThan(20);
  expect(seen.filter((limit) => limit >= 200).length).toBeGreaterThan(20);
});

test('what the disk has of the table after an orderly stop is not read again; a crash loses what was not written', () => {
  const cluster = clusterWith();
  cluster.addTape('p', 'readings', readings, { kind: 'rate', perSecond: 10 });
  cluster.runFor(4_000);
  cluster.kernel.signal('app-1', { type: 'terminate' });
  cluster.kernel.stop('app-2', { powerLoss: false });
  cluster.runFor(1_000);
  for (const node of ['app-1', 'app-2']) cluster.kernel.start(node);
  cluster.runFor(70_000);
  const told = cluster.traces('global-table-read').slice(2);
  expect(new Map(told.map(({ node, data }) => [node, data.records]))).toEqual(
    new Map([
      ['app-1', 0],
      ['app-2', 9],
    ]),
  );
  expect(limits(cluster).length).toBeGreaterThanOrEqual(90);
  expect(limits(cluster)).not.toContain(NaN);
});

test('an instance whose table has no topic ends and says so', () => {
  const cluster = clusterWith();
  const [source, , join, sink] = TOPOLOGY;
  const nowhere = {
    op: 'globalTable',
    id: 'machines',
    topic: 'nowhere',
    key: 'string',
    value: 'json',
    as: 'kept',
  };
  cluster.addApplication({
    id: 'lost',
    instances: 1,
    topology: [source, nowhere, join, sink] as readonly TopologyNode[],
  });
  cluster.runFor(2_000);
  expect(cluster.instance('lost-1')).toBeUndefined();
  expect(cluster.traces('client-failed').at(-1)?.data.error).toBe(
    'StreamsException: There are no partitions available for topic nowhere when initializing global store kept',
  );
});
