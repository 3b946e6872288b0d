import { expect, test } from 'vitest';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import type { Tape, TopologyNode } from '../../api/scenario.ts';
import { int64FromBytes } from '../../base/bytes.ts';
import { StreamsCluster } from '../../testing/streams-cluster.ts';

const START = 1_700_000_040_000;
const ONE = [[1, 2, 3]];

interface Row {
  readonly key: string;
  readonly value: string;
}

const tapeOf = (rows: readonly Row[]): Tape =>
  Object.freeze({
    count: rows.length,
    timestamps: rows.map((_, i) => START + i * 100),
    keys: rows.map(({ key }) => key),
    values: rows.map(({ value }) => value),
  });

function start(
  topology: readonly TopologyNode[],
  topics: readonly string[],
  config: ConfigOverrides,
): StreamsCluster {
  const cluster = new StreamsCluster({ seed: 3, overrides: { 'offsets.topic.num.partitions': '3' } });
  cluster.boot();
  for (const topic of topics) cluster.createTopic(topic, ONE);
  const settings = { 'commit.interval.ms': '500', 'statestore.cache.max.bytes': '0', ...config };
  cluster.addApplication({ id: 'app', instances: 1, topology, config: settings });
  return cluster;
}

const COUNT: readonly TopologyNode[] = [
  { op: 'stream', id: 'in', topic: 'in', key: 'string', value: 'json' },
  { op: 'groupByKey', id: 'keys', of: 'in' },
  { op: 'count', id: 'counts', of: 'keys', as: 'counts' },
  { op: 'toStream', id: 'changes', of: 'counts' },
  { op: 'to', of: 'changes', topic: 'out' },
];

const ROWS = Array.from({ length: 200 }, (_, i) => ({ key: `k${i % 4}`, value: i === 50 ? '{"cut' : '{}' }));
const CONTINUE = 'org.apache.kafka.streams.errors.LogAndContinueExceptionHandler';

function lastCounts(cluster: StreamsCluster): number[] {
  const last = new Map<string | null, number>();
  for (const { key, value } of cluster.records('out', 1)) last.set(key, int64FromBytes(value ?? ''));
  return [...last.values()];
}

test('a record that cannot be read ends the instance, and is there again when it comes back', () => {
  const cluster = start(COUNT, ['in', 'out'], {});
  cluster.addTape('p', 'in', tapeOf(ROWS), { kind: 'rate', perSecond: 100 });
  cluster.runFor(12_000);
  expect(cluster.instance('app-1')).toBeUndefined();
  // Its producer was closed in order: what it had counted is there, though no offset is committed.
  expect(cluster.records('out', 1)).toHaveLength(50);
  cluster.kernel.start('app-1');
  cluster.runFor(60_000);
  expect(cluster.instance('app-1')).toBeUndefined();
  expect(cluster.traces('client-failed').map(({ data }) => data.error)).toEqual(
    Array(2).fill(
      expect.stringMatching(/^StreamsException: Deserialization exception handler is set to fail/),
    ),
  );
});

test('it is passed over, and kept in a topic of its own, if the configuration says so', () => {
  const cluster = start(COUNT, ['in', 'out', 'poison'], {
    'deserialization.exception.handler': CONTINUE,
    'errors.dead.letter.queue.topic.name': 'poison',
  });
  cluster.addTape('p', 'in', tapeOf(ROWS), { kind: 'rate', perSecond: 100 });
  cluster.runFor(15_000);
  expect(lastCounts(cluster)).toEqual([50, 50, 49, 50]);
  expect(cluster.records('poison', 1)).toEqual([
    expect.objectContaining({ key: 'k2', value: '{"cut', timestamp: START + 5_000 }),
  ]);
});

test('time is the clock’s where the configuration says so, though the records are of another year', () => {
  const windowed: readonly TopologyNode[] = COUNT.flatMap((node) =>
    node.op === 'count'
      ? [
          { op: 'windowedBy', id: 'w', of: 'keys', window: { type: 'tumbling', size: 1_000, grace: 0 } },
          { ...node, of: 'w' },
        ]
      : [node],
  );
  const cluster = start(windowed, ['in', 'out'], {
    'default.timestamp.extractor': 'org.apache.kafka.streams.processor.WallclockTimestampExtractor',
  });
  const old = {
    ...tapeOf(ROWS.filter(({ value }) => value === '{}')),
    timestamps: ROWS.slice(1).map(() => 5_000),
  };
  cluster.addTape('p', 'in', old, { kind: 'rate', perSecond: 100 });
  cluster.runFor(15_000);
  // 199 records in about two seconds: three or four windows of a second for each of four keys, none of 1970.
  const times = cluster.records('out', 1).map(({ timestamp }) => timestamp);
  expect(times).toHaveLength(199);
  expect(Math.min(...times)).toBeGreaterThan(1_700_000_000_000);
});

const JOIN: readonly TopologyNode[] = [
  { op: 'stream', id: 'in', topic: 'in', key: 'string', value: 'string' },
  { op: 'table', id: 'names', topic: 'names', key: 'string', value: 'string', as: 'names' },
  { op: 'streamTableJoin', id: 'named', of: 'in', with: 'names', type: 'inner', joiner: 'concat:+' },
  { op: 'to', of: 'named', topic: 'out' },
];

test.each([
  ['none', 'at_least_once'],
  ['all', 'at_least_once'],
  ['reuse.ktable.source.topics', 'exactly_once_v2'],
])(
  'a table is read back after a loss of power, from its own topic if that serves as changelog (%s, %s)',
  (optimization, guarantee) => {
    const cluster = start(JOIN, ['in', 'names', 'out'], {
      'topology.optimization': optimization,
      'processing.guarantee': guarantee,
    });
    const names = Array.from({ length: 40 }, (_, i) => ({ key: `k${i % 8}`, value: `n${i}` }));
    cluster.addTape('names', 'names', tapeOf(names), { kind: 'rate', perSecond: 100 });
    cluster.runFor(12_000);
    expect([...cluster.topicIds().keys()].filter((name) => name.endsWith('-changelog'))).toEqual(
      optimization === 'none' ? ['app-names-changelog'] : [],
    );
    cluster.kernel.stop('app-1', { powerLoss: true });
    cluster.runFor(1_000);
    const late = [{ key: 'k0', value: 'late' }];
    cluster.addTape('late', 'names', tapeOf(late));
    cluster.runFor(1_000);
    cluster.kernel.start('app-1');
    cluster.runFor(60_000);
    expect(cluster.traces('task-restoring').at(-1)?.data.records).toBe(40);
    const rows = Array.from({ length: 8 }, (_, i) => ({ key: `k${i}`, value: 'v' }));
    cluster.addTape('p', 'in', tapeOf(rows));
    cluster.runFor(3_000);
    expect(cluster.records('out', 1).map(({ value }) => value)).toEqual(
      rows.map((_, i) => (i === 0 ? 'v+late' : `v+n${32 + i}`)),
    );
  },
);
