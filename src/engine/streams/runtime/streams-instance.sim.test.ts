import { describe, expect, test } from 'vitest';
import {
  clicks,
  CLICKS_BEGIN,
  clickstreamLab,
  foldOfClicks,
  outputCounts,
  timeOfClick,
} from '../../testing/clickstream-lab.ts';
import type { StreamsCluster } from '../../testing/streams-cluster.ts';
import { taskFactsOf } from './task-facts.ts';
import { windowCells, windowFacts } from './window-facts.ts';

// Whole clusters for tens of simulated seconds: slow on a machine that has other work.
/** A run without faults, to its end. */
function calm(seed: number): StreamsCluster {
  const cluster = clickstreamLab(seed);
  cluster.addTape('p1', 'clicks', clicks(3_000), { kind: 'rate', perSecond: 500 });
  cluster.runFor(10_000);
  return cluster;
}

const sorted = (counts: ReadonlyMap<string, number>): (readonly [string, number])[] =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

const tasksOf = (cluster: StreamsCluster, node: string): string[] => [
  ...(cluster.thread(node)?.tasks.keys() ?? []),
];

describe('two instances on six partitions', () => {
  test('share the tasks evenly and count every click once when all is calm', () => {
    const cluster = clickstreamLab(3);
    expect([...tasksOf(cluster, 'app-1'), ...tasksOf(cluster, 'app-2')].sort()).toEqual(
      [0, 1].flatMap((sub) => [0, 1, 2, 3, 4, 5].map((p) => `${sub}_${p}`)),
    );
    for (const node of ['app-1', 'app-2'])
      for (const sub of ['0_', '1_'])
        expect(tasksOf(cluster, node).filter((id) => id.startsWith(sub))).toHaveLength(3);
    const done = calm(3);
    expect(sorted(outputCounts(done))).toEqual(sorted(foldOfClicks(3_000)));
    expect(done.records('views', 6)).toHaveLength(3_000);
  });

  test('what the windows hold, and the facts of tasks, say the same as the output', () => {
    const cluster = calm(5);
    const instances = ['app-1', 'app-2'].flatMap((node) => cluster.instance(node) ?? []);
    const cells = instances
      .flatMap(windowCells)
      .map(({ key, start, count }) => [`${key}@${start}`, count] as const);
    expect(sorted(new Map(cells))).toEqual(sorted(foldOfClicks(3_000)));
    const facts = windowFacts(instances);
    expect(facts?.rows.map(({ start }) => start)).toEqual(
      [4, 3, 2, 1, 0].map((n) => CLICKS_BEGIN + n * 60_000),
    );
    expect(facts?.rows.reduce((sum, { count }) => sum + count, 0)).toBe(3_000);
    expect(facts?.streamTime).toBe(timeOfClick(2_999));
    const tasks = instances.flatMap(taskFactsOf);
    expect(tasks.reduce((sum, { processed }) => sum + processed, 0)).toBe(6_000);
    expect(tasks.every(({ state, buffered }) => state === 'running' && buffered === 0)).toBe(true);
  });

  test('a fork of the run goes on as the run itself', () => {
    const cluster = clickstreamLab(4);
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
  const counted = outputCounts(cluster);
  const wanted = foldOfClicks(records);
  expect([...counted.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [key, count] of wanted) expect(counted.get(key), key).toBeGreaterThanOrEqual(count);
}

describe('when an instance dies', () => {
  test.each([11, 12])('the other one takes its tasks over, restores and goes on: seed %i', (seed) => {
    const cluster = clickstreamLab(seed, { 'session.timeout.ms': '10000' });
    cluster.addTape('p1', 'clicks', clicks(4_000), { kind: 'rate', perSecond: 500 });
    cluster.runFor(3_000 + seed * 17);
    cluster.kernel.stop('app-1', { powerLoss: false });
    const took = cluster.runUntilTrue('the other has all tasks', () => {
      const tasks = cluster.tasks('app-2');
      return tasks.length === 12 && tasks.every(({ status }) => status === 'running');
    });
    expect(took).toBeGreaterThan(7_000);
    expect(took).toBeLessThan(17_000);
    expect(cluster.traces('task-restoring').length).toBeGreaterThan(0);
    cluster.runFor(15_000);
    expectAtLeast(cluster, 4_000);
  });

  test('and comes back, it reads on from its disk and takes its part again', () => {
    const cluster = clickstreamLab(21, { 'session.timeout.ms': '6000' });
    cluster.addTape('p1', 'clicks', clicks(4_000), { kind: 'rate', perSecond: 250 });
    cluster.runFor(4_000);
    cluster.kernel.stop('app-2', { powerLoss: false });
    cluster.runFor(2_000);
    cluster.kernel.start('app-2');
    cluster.runFor(40_000);
    for (const node of ['app-1', 'app-2']) expect(tasksOf(cluster, node)).toHaveLength(6);
    expectAtLeast(cluster, 4_000);
  });

  test('windows are said to close once, although their task moves', () => {
    const cluster = clickstreamLab(51, { 'session.timeout.ms': '6000' }, 20_000);
    cluster.addTape('p1', 'clicks', clicks(4_000), { kind: 'rate', perSecond: 250 });
    cluster.runFor(10_000);
    const before = cluster.traces('window-closed').length;
    cluster.kernel.stop('app-2', { powerLoss: false });
    cluster.runFor(25_000);
    const closed = cluster.traces('window-closed').map(({ data }) => `${data.task}@${data.start}`);
    expect(before).toBeGreaterThan(4);
    expect(closed.length).toBeGreaterThan(before + 4);
    expect(new Set(closed).size).toBe(closed.length);
  });

  test('a broker that dies with acks=all costs nothing and counts nothing twice', () => {
    const cluster = clickstreamLab(31);
    cluster.addTape('p1', 'clicks', clicks(3_000), { kind: 'rate', perSecond: 250 });
    cluster.runFor(3_000);
    cluster.kernel.stop('b2', { powerLoss: false });
    cluster.runFor(40_000);
    expect(sorted(outputCounts(cluster))).toEqual(sorted(foldOfClicks(3_000)));
  });
});

describe('an orderly stop', () => {
  test('commits and checkpoints: nothing is restored or counted twice after the next start', () => {
    const cluster = clickstreamLab(41, { 'session.timeout.ms': '6000' });
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
    expect(sorted(outputCounts(cluster))).toEqual(sorted(foldOfClicks(4_000)));
  });
});
