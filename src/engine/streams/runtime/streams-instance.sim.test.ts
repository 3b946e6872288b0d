import { describe, expect, test, vi } from 'vitest';
import { int64FromBytes } from '../../base/bytes.ts';
import type { Tape, TopologyNode } from '../../api/scenario.ts';
import { StreamsCluster } from '../../testing/streams-cluster.ts';
import { taskFactsOf } from './task-facts.ts';
import { windowCells, windowFacts } from './window-facts.ts';

// Whole clusters for tens of simulated seconds: slow on a machine that has other work.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
const START = 1_700_000_040_000;
const SIX = [0, 1, 2, 3, 4, 5].map((p) => [(p % 3) + 1, ((p + 1) % 3) + 1, ((p + 2) % 3) + 1]);

const COUNT_PER_MINUTE: readonly TopologyNode[] = [
  { op: 'stream', id: 'clicks', topic: 'clicks', key: 'string', value: 'json' },
  { op: 'groupBy', id: 'by-path', of: 'clicks', keyFn: 'field:path' },
  {
    op: 'windowedBy',
    id: 'minutes',
    of: 'by-path',
    window: { type: 'tumbling', size: MINUTE, grace: 10 * MINUTE },
  },
  { op: 'count', id: 'counts', of: 'minutes', as: 'counts' },
  { op: 'toStream', id: 'changes', of: 'counts' },
  { op: 'to', id: 'out', of: 'changes', topic: 'views' },
];

const pathOf = (row: number): string => `/p${(row * row) % 23}`;
const timeOf = (row: number): number => START + row * 90;

/** Clicks of 40 users on some paths, one every 90 ms of event time. */
function clicks(count: number): Tape {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.freeze({
    count,
    timestamps: rows.map(timeOf),
    keys: rows.map((row) => `user-${(row * 7) % 40}`),
    values: rows.map((row) => JSON.stringify({ path: pathOf(row) })),
  });
}

/** What the counts must be, by `path@start`, from the tape alone. */
function fold(count: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < count; row++) {
    const key = `${pathOf(row)}@${Math.floor(timeOf(row) / MINUTE) * MINUTE}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The last count of each path and minute in the output topic. */
function outputs(cluster: StreamsCluster): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key, value } of cluster.records('views', 6)) {
    const at = (key ?? '').length - 8;
    counts.set(`${key?.slice(0, at)}@${int64FromBytes(key ?? '', at)}`, int64FromBytes(value ?? ''));
  }
  return counts;
}

function started(seed: number, config: Record<string, string> = {}): StreamsCluster {
  const cluster = new StreamsCluster({ seed, overrides: { 'offsets.topic.num.partitions': '3' } });
  cluster.boot();
  cluster.createTopic('clicks', SIX);
  cluster.createTopic('views', SIX);
  cluster.addApplication({
    id: 'app',
    instances: 2,
    topology: COUNT_PER_MINUTE,
    config: {
      'commit.interval.ms': '1000',
      'statestore.cache.max.bytes': '0',
      'replication.factor': '3',
      ...config,
    },
  });
  cluster.runFor(12_000);
  return cluster;
}

/** A run without faults, to its end. */
function calm(seed: number): StreamsCluster {
  const cluster = started(seed);
  cluster.addTape('p1', 'clicks', clicks(3_000), { kind: 'rate', perSecond: 500 });
  cluster.runFor(10_000);
  return cluster;
}

const sorted = (counts: ReadonlyMap<string, number>): (readonly [string, number])[] =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

const tasksOf = (cluster: StreamsCluster, node: string): string[] => [
  ...(cluster.instance(node)?.tasks.keys() ?? []),
];

describe('two instances on six partitions', () => {
  test('share the tasks evenly and count every click once when all is calm', () => {
    const cluster = started(3);
    expect([...tasksOf(cluster, 'app-1'), ...tasksOf(cluster, 'app-2')].sort()).toEqual(
      [0, 1].flatMap((sub) => [0, 1, 2, 3, 4, 5].map((p) => `${sub}_${p}`)),
    );
    for (const node of ['app-1', 'app-2'])
      for (const sub of ['0_', '1_'])
        expect(tasksOf(cluster, node).filter((id) => id.startsWith(sub))).toHaveLength(3);
    const done = calm(3);
    expect(sorted(outputs(done))).toEqual(sorted(fold(3_000)));
    expect(done.records('views', 6)).toHaveLength(3_000);
  });

  test('what the windows hold, and the facts of tasks, say the same as the output', () => {
    const cluster = calm(5);
    const instances = ['app-1', 'app-2'].flatMap((node) => cluster.instance(node) ?? []);
    const cells = instances
      .flatMap(windowCells)
      .map(({ key, start, count }) => [`${key}@${start}`, count] as const);
    expect(sorted(new Map(cells))).toEqual(sorted(fold(3_000)));
    const facts = windowFacts(instances);
    expect(facts?.rows.map(({ start }) => start)).toEqual([4, 3, 2, 1, 0].map((n) => START + n * MINUTE));
    expect(facts?.rows.reduce((sum, { count }) => sum + count, 0)).toBe(3_000);
    expect(facts?.streamTime).toBe(timeOf(2_999));
    const tasks = instances.flatMap(taskFactsOf);
    expect(tasks.reduce((sum, { processed }) => sum + processed, 0)).toBe(6_000);
    expect(tasks.every(({ state, buffered }) => state === 'running' && buffered === 0)).toBe(true);
  });

  test('a fork of the run goes on as the run itself', () => {
    const cluster = started(4);
    cluster.addTape('p1', 'clicks', clicks(2_000), { kind: 'rate', perSecond: 500 });
    cluster.runFor(1_234);
    const checkpoint = cluster.kernel.checkpoint();
    cluster.runFor(4_000);
    const hash = cluster.kernel.stateHash();
    cluster.kernel.restore(checkpoint);
    cluster.runFor(4_000);
    expect(cluster.kernel.stateHash()).toBe(hash);
  });
});

/** The counts of a run are never below the fold, and every path and minute is there. */
function expectAtLeast(cluster: StreamsCluster, records: number): void {
  const counted = outputs(cluster);
  const wanted = fold(records);
  expect([...counted.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [key, count] of wanted) expect(counted.get(key), key).toBeGreaterThanOrEqual(count);
}

describe('when an instance dies', () => {
  test.each([11, 12, 13])('the other one takes its tasks over, restores and goes on: seed %i', (seed) => {
    const cluster = started(seed, { 'session.timeout.ms': '10000' });
    cluster.addTape('p1', 'clicks', clicks(4_000), { kind: 'rate', perSecond: 500 });
    cluster.runFor(3_000 + seed * 17);
    cluster.kernel.stop('app-1', { powerLoss: false });
    const took = cluster.runUntilTrue('the other has all tasks', () => {
      const tasks = [...(cluster.instance('app-2')?.tasks.values() ?? [])];
      return tasks.length === 12 && tasks.every(({ status }) => status === 'running');
    });
    expect(took).toBeGreaterThan(7_000);
    expect(took).toBeLessThan(17_000);
    expect(cluster.traces('task-restoring').length).toBeGreaterThan(0);
    cluster.runFor(15_000);
    expectAtLeast(cluster, 4_000);
  });

  test('and comes back, it reads on from its disk and takes its part again', () => {
    const cluster = started(21, { 'session.timeout.ms': '6000' });
    cluster.addTape('p1', 'clicks', clicks(4_000), { kind: 'rate', perSecond: 250 });
    cluster.runFor(4_000);
    cluster.kernel.stop('app-2', { powerLoss: false });
    cluster.runFor(2_000);
    cluster.kernel.start('app-2');
    cluster.runFor(40_000);
    for (const node of ['app-1', 'app-2']) expect(tasksOf(cluster, node)).toHaveLength(6);
    expectAtLeast(cluster, 4_000);
  });

  test('a broker that dies with acks=all costs nothing and counts nothing twice', () => {
    const cluster = started(31);
    cluster.addTape('p1', 'clicks', clicks(3_000), { kind: 'rate', perSecond: 250 });
    cluster.runFor(3_000);
    cluster.kernel.stop('b2', { powerLoss: false });
    cluster.runFor(40_000);
    expect(sorted(outputs(cluster))).toEqual(sorted(fold(3_000)));
  });
});

describe('an orderly stop', () => {
  test('commits and checkpoints: nothing is restored or counted twice after the next start', () => {
    const cluster = started(41, { 'session.timeout.ms': '6000' });
    cluster.addTape('p1', 'clicks', clicks(4_000), { kind: 'rate', perSecond: 500 });
    cluster.runFor(3_000);
    cluster.kernel.signal('app-1', { type: 'terminate' });
    cluster.runFor(500);
    expect(cluster.kernel.slot('app-1').status).toBe('down');
    expect(cluster.traces('task-closed').filter(({ data }) => data.clean)).toHaveLength(6);
    cluster.kernel.start('app-1');
    cluster.runFor(30_000);
    for (const node of ['app-1', 'app-2']) expect(tasksOf(cluster, node)).toHaveLength(6);
    expect(cluster.traces('task-restoring')).toEqual([]);
    expect(sorted(outputs(cluster))).toEqual(sorted(fold(4_000)));
  });
});
