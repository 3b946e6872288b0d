import { expect, test } from 'vitest';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import { int64FromBytes } from '../../base/bytes.ts';
import { prngStream } from '../../base/prng.ts';
import { INSTANCES, suffer, taskStates } from '../../testing/application-misfortunes.ts';
import { clicks, clickstreamLab, foldOfClicks, outputCounts } from '../../testing/clickstream-lab.ts';
import type { StreamsCluster } from '../../testing/streams-cluster.ts';
import { livingThreads } from './instance-memory.ts';

const RECORDS = 600;

/** Two instances that count clicks on six partitions, twelve tasks in all. */
const lab = (seed: number, config: ConfigOverrides = {}): StreamsCluster =>
  clickstreamLab(seed, {
    'num.stream.threads': '2',
    'num.standby.replicas': String(seed % 2),
    'commit.interval.ms': '100',
    'session.timeout.ms': '6000',
    ...config,
  });

/** Every count that a reader of committed records sees of a path and minute, in order. */
function countsSeen(cluster: StreamsCluster): Map<string, number[]> {
  const seen = new Map<string, number[]>();
  for (const { key, value } of cluster.records('views', 6)) {
    const at = (key ?? '').length - 8;
    const window = `${key?.slice(0, at)}@${int64FromBytes(key ?? '', at)}`;
    seen.set(window, [...(seen.get(window) ?? []), int64FromBytes(value ?? '')]);
  }
  return seen;
}

const everyCount = (): Map<string, number[]> =>
  new Map(
    [...foldOfClicks(RECORDS)].map(([key, count]) => [key, Array.from({ length: count }, (_, i) => i + 1)]),
  );

const threadsOf = (cluster: StreamsCluster, node: string) => {
  const memory = cluster.instance(node);
  return memory === undefined ? [] : livingThreads(memory);
};

const inOrder = <T>(map: ReadonlyMap<string, T>): (readonly [string, T])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

test('two instances of two threads come to the counts of one thread, each thread a member with tasks of its own', () => {
  const counts = (threads: string): ReadonlyMap<string, number> => {
    const cluster = lab(2, { 'num.stream.threads': threads });
    cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 250 });
    cluster.runFor(8_000);
    for (const node of INSTANCES) {
      const state = threadsOf(cluster, node);
      expect(state.map(({ state, tasks }) => [state, tasks.size])).toEqual(
        Array(Number(threads)).fill(['RUNNING', 6 / Number(threads)]),
      );
      expect(cluster.instance(node)?.state).toBe('RUNNING');
      const ids = state.map(({ main }) => main.membership.memberId);
      const process = cluster.instance(node)?.processId ?? '';
      ids.forEach((id, i) => {
        expect(id.startsWith(`app-${process}-StreamThread-${i + 1}-consumer-`)).toBe(true);
      });
    }
    return outputCounts(cluster);
  };
  expect(inOrder(counts('2'))).toEqual(inOrder(foldOfClicks(RECORDS)));
  expect(inOrder(counts('1'))).toEqual(inOrder(foldOfClicks(RECORDS)));
});

test.each([1, 2])(
  'whatever dies, no click is lost on two threads, and all tasks run in the end: seed %i',
  (seed) => {
    const cluster = lab(seed);
    cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 40 });
    suffer(cluster, prngStream(seed, 'misfortunes'));
    for (const node of INSTANCES) expect(taskStates(cluster, node)).toEqual(Array(6).fill('running'));
    const counted = outputCounts(cluster);
    expect([...foldOfClicks(RECORDS)].filter(([key, count]) => (counted.get(key) ?? 0) < count)).toEqual([]);
  },
);

test.each([3, 4])(
  'whatever dies, two threads count every click once under exactly_once_v2: seed %i',
  (seed) => {
    const cluster = lab(seed, { 'processing.guarantee': 'exactly_once_v2' });
    cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 40 });
    suffer(cluster, prngStream(seed, 'misfortunes'));
    for (const node of INSTANCES) {
      expect(taskStates(cluster, node)).toEqual(Array(6).fill('running'));
      const process = cluster.instance(node)?.processId ?? '';
      const ids = threadsOf(cluster, node).map(({ transactions }) => transactions?.transactionalId);
      expect(ids).toEqual([`app-${process}-1`, `app-${process}-2`]);
    }
    expect(inOrder(countsSeen(cluster))).toEqual(inOrder(everyCount()));
  },
);

test.each(['at_least_once', 'exactly_once_v2'])(
  'a thread that is added takes tasks from its siblings with their stores, a removed one gives them back (%s)',
  (guarantee) => {
    const cluster = lab(2, { 'num.stream.threads': '1', 'processing.guarantee': guarantee });
    cluster.kernel.stop('app-2', { powerLoss: false });
    cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 60 });
    cluster.runFor(8_000);
    expect(threadsOf(cluster, 'app-1').map(({ tasks }) => tasks.size)).toEqual([12]);
    const began = cluster.traces('task-running').length;
    cluster.kernel.signal('app-1', { type: 'add-stream-thread' });
    cluster.runFor(8_000);
    expect(threadsOf(cluster, 'app-1').map(({ index, tasks }) => [index, tasks.size])).toEqual([
      [1, 6],
      [2, 6],
    ]);
    // The first thread of the list is the one that goes, and it leaves the group at once.
    cluster.kernel.signal('app-1', { type: 'remove-stream-thread' });
    cluster.runFor(6_000);
    expect(threadsOf(cluster, 'app-1').map(({ index, tasks }) => [index, tasks.size])).toEqual([[2, 12]]);
    const left = cluster.traces('member-removed').filter(({ data }) => data.reason === 'left');
    expect(left.map(({ data }) => data.member.includes('StreamThread-1-consumer'))).toEqual([true]);
    cluster.runFor(4_000);
    expect(taskStates(cluster, 'app-1')).toEqual(Array(12).fill('running'));
    expect(cluster.traces('stream-thread-added').map(({ data }) => data.index)).toEqual([2]);
    expect(cluster.traces('stream-thread-removed').map(({ data }) => data.index)).toEqual([1]);
    // What a sibling closed in order lies on the disk: nothing was read back.
    const moved = cluster.traces('task-running').slice(began);
    expect(moved).toHaveLength(12);
    expect(moved.filter(({ data }) => data.restored > 0)).toEqual([]);
    expect(inOrder(outputCounts(cluster))).toEqual(inOrder(foldOfClicks(RECORDS)));
    // The free index is the next thread's.
    cluster.kernel.signal('app-1', { type: 'add-stream-thread' });
    cluster.runFor(1_000);
    expect(threadsOf(cluster, 'app-1').map(({ index }) => index)).toEqual([2, 1]);
  },
);
