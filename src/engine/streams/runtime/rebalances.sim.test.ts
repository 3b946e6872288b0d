import { expect, test } from 'vitest';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import { lastCounts, PARTITIONS, RECORDS, startCounting } from '../../testing/counting-application.ts';
import type { StreamsCluster } from '../../testing/streams-cluster.ts';

const KEYS = 40;

const start = (instances: number, config: ConfigOverrides = {}): StreamsCluster =>
  startCounting({ seed: 7, instances, keys: KEYS, config: { 'commit.interval.ms': '100', ...config } });

const tasksOf = (cluster: StreamsCluster, node: string): string[] => [
  ...(cluster.thread(node)?.tasks.keys() ?? []),
];

const processed = (cluster: StreamsCluster, node: string, task: string): number =>
  cluster.thread(node)?.tasks.get(task)?.state.metrics.processed ?? -1;

test('tasks that stay go on while a second instance joins, those that go are given up first', () => {
  const cluster = start(1);
  cluster.runFor(6_000);
  expect(tasksOf(cluster, 'app-1')).toHaveLength(PARTITIONS);
  const began = cluster.traces('task-created').length;
  cluster.addInstance('app', 2);
  const isRebalancing = () => cluster.thread('app-1')?.main.membership.state !== 'stable';
  cluster.runUntilTrue('the first instance joins again', isRebalancing);
  const all = tasksOf(cluster, 'app-1');
  const before = all.map((task) => processed(cluster, 'app-1', task));
  const events = cluster.kernel.state.sequence;
  const fresh = new Map<string, number>();
  cluster.runUntilTrue('the rebalance is over', () => {
    for (const task of all)
      fresh.set(task, Math.max(fresh.get(task) ?? 0, processed(cluster, 'app-1', task)));
    return !isRebalancing();
  });
  // It joined, and worked on while it waited for the others, as busy as ever.
  expect(cluster.kernel.state.sequence - events).toBeLessThan(20_000);
  expect(all.some((task, i) => (fresh.get(task) ?? 0) > (before[i] ?? 0))).toBe(true);
  cluster.runFor(12_000);
  const [kept, moved] = [tasksOf(cluster, 'app-1'), tasksOf(cluster, 'app-2')];
  expect([kept.length, moved.length]).toEqual([2, 2]);
  const created = cluster.traces('task-created').slice(began);
  expect(created.map(({ node, data }) => [node, data.task])).toEqual(moved.map((task) => ['app-2', task]));
  expect(cluster.traces('task-closed').map(({ data }) => [data.task, data.clean])).toEqual(
    moved.map((task) => [task, true]),
  );
  // Nobody had a partition before it was given up.
  const revoked = cluster.traces('partitions-revoked').find(({ node }) => node === 'app-1');
  const assigned = cluster
    .traces('partitions-assigned')
    .find(({ node, data }) => node === 'app-2' && data.partitions.length > 0);
  expect(revoked?.data).toMatchObject({ lost: false, partitions: assigned?.data.partitions });
  expect(revoked?.at).toBeLessThan(assigned?.at ?? 0);
  expect(cluster.traces('commit-failed')).toEqual([]);
  expect(new Set(lastCounts(cluster).values())).toEqual(new Set([RECORDS / KEYS]));
});

test('an instance that was silent for too long has lost its tasks, closes them dirty and joins anew', () => {
  const cluster = start(2, { 'session.timeout.ms': '6000', 'processing.guarantee': 'exactly_once_v2' });
  cluster.runFor(8_000);
  const lost = tasksOf(cluster, 'app-1');
  cluster.kernel.pause('app-1');
  cluster.runFor(10_000);
  expect(tasksOf(cluster, 'app-2')).toHaveLength(PARTITIONS);
  const stayed = tasksOf(cluster, 'app-2').filter((task) => !lost.includes(task));
  cluster.kernel.resume('app-1');
  cluster.runFor(20_000);
  const closed = cluster.traces('task-closed');
  expect(closed.filter(({ node }) => node === 'app-1').map(({ data }) => [data.task, data.clean])).toEqual(
    lost.map((task) => [task, false]),
  );
  // What the other one had all the time it never put down.
  expect(closed.filter(({ node, data }) => node === 'app-2' && stayed.includes(data.task))).toEqual([]);
  for (const node of ['app-1', 'app-2']) expect(tasksOf(cluster, node)).toHaveLength(2);
  expect(new Set(lastCounts(cluster).values())).toEqual(new Set([RECORDS / KEYS]));
});

test('a static member that is back in time finds its tasks as if it had not been away; later it does not', () => {
  const cluster = start(0, { 'session.timeout.ms': '6000' });
  for (const instance of [1, 2])
    cluster.addInstance('app', instance, { 'group.instance.id': `static-${instance}` });
  cluster.runFor(9_000);
  const generation = () => cluster.thread('app-2')?.main.membership.generationId;
  const [before, mine] = [generation(), tasksOf(cluster, 'app-1')];
  expect(cluster.thread('app-1')?.main.groupInstanceId).toBe('static-1-1');
  const told = cluster.traces('task-closed').filter(({ node }) => node === 'app-2').length;
  cluster.kernel.stop('app-1', { powerLoss: false });
  cluster.runFor(2_000);
  cluster.kernel.start('app-1');
  cluster.runFor(4_000);
  cluster.kernel.signal('app-1', { type: 'terminate' });
  cluster.runFor(2_000);
  cluster.kernel.start('app-1');
  cluster.runFor(5_000);
  expect(generation()).toBe(before);
  expect(tasksOf(cluster, 'app-1')).toEqual(mine);
  expect(cluster.traces('task-closed').filter(({ node }) => node === 'app-2')).toHaveLength(told);
  cluster.kernel.stop('app-1', { powerLoss: false });
  cluster.runFor(12_000);
  expect(generation()).toBeGreaterThan(before ?? 0);
  expect(tasksOf(cluster, 'app-2')).toHaveLength(PARTITIONS);
  expect(Math.min(...lastCounts(cluster).values())).toBeGreaterThanOrEqual(RECORDS / KEYS);
});
