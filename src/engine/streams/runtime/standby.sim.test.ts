import { expect, test } from 'vitest';
import { lastCounts, PARTITIONS, RECORDS, startCounting } from '../../testing/counting-application.ts';
import type { StreamsCluster } from '../../testing/streams-cluster.ts';
import { offsetSum } from './runtime-task.ts';

const start = (instances: number, config: Readonly<Record<string, string>>): StreamsCluster =>
  startCounting({ seed: 11, instances, keys: 50, config: { 'commit.interval.ms': '200', ...config } });

const counts = (cluster: StreamsCluster): Set<number> => new Set(lastCounts(cluster).values());

const names = (cluster: StreamsCluster, node: string, role: 'tasks' | 'standbys'): string[] => [
  ...(cluster.thread(node)?.[role].keys() ?? []),
];

test.each(['at_least_once', 'exactly_once_v2'])(
  'with a standby task another instance goes on where the crashed one stood (%s)',
  (guarantee) => {
    const restoredWith = (standbys: string): number => {
      const cluster = start(2, { 'num.standby.replicas': standbys, 'processing.guarantee': guarantee });
      cluster.runFor(18_000);
      expect(names(cluster, 'app-1', 'standbys')).toEqual(
        standbys === '1' ? names(cluster, 'app-2', 'tasks') : [],
      );
      cluster.kernel.stop('app-1', { powerLoss: false });
      cluster.runFor(60_000);
      expect(names(cluster, 'app-2', 'tasks')).toHaveLength(PARTITIONS);
      expect(counts(cluster)).toEqual(new Set([RECORDS / 50]));
      return cluster
        .traces('task-running')
        .filter(({ node }) => node === 'app-2')
        .reduce((sum, { data }) => sum + data.restored, 0);
    };
    expect(restoredWith('1')).toBeLessThan(40);
    if (guarantee === 'at_least_once') expect(restoredWith('0')).toBeGreaterThan(400);
  },
);

test('a copy follows its task’s changelogs', () => {
  const cluster = start(2, { 'num.standby.replicas': '1' });
  cluster.runFor(25_000);
  for (const copy of cluster.thread('app-1')?.standbys.values() ?? []) {
    const task = cluster.thread('app-2')?.tasks.get(copy.id);
    expect(offsetSum(copy)).toBeGreaterThan(0);
    expect(offsetSum(copy)).toBe(task === undefined ? -1 : offsetSum(task));
  }
});

test('a late instance warms its tasks up first, and gets them when it has caught up', () => {
  const config = { 'acceptable.recovery.lag': '100', 'probing.rebalance.interval.ms': '60000' };
  const cluster = start(1, config);
  cluster.runFor(20_000);
  cluster.addInstance('app', 2);
  cluster.runFor(10_000);
  expect(names(cluster, 'app-1', 'tasks')).toHaveLength(PARTITIONS);
  expect(names(cluster, 'app-2', 'tasks')).toEqual([]);
  expect(names(cluster, 'app-2', 'standbys')).toHaveLength(2);
  cluster.runFor(65_000);
  expect(names(cluster, 'app-1', 'tasks')).toHaveLength(2);
  expect(names(cluster, 'app-2', 'tasks')).toHaveLength(2);
  expect(names(cluster, 'app-2', 'standbys')).toEqual([]);
  const moved = cluster.traces('task-running').filter(({ node }) => node === 'app-2');
  expect(moved.map(({ data }) => data.restored)).toEqual([0, 0]);
});
