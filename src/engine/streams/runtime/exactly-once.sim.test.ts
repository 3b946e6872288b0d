import { expect, test, vi } from 'vitest';
import { int64FromBytes } from '../../base/bytes.ts';
import { below, prngStream, type PrngState } from '../../base/prng.ts';
import { clicks, clickstreamLab, foldOfClicks } from '../../testing/clickstream-lab.ts';
import type { StreamsCluster } from '../../testing/streams-cluster.ts';

vi.setConfig({ testTimeout: 60_000 });

const RECORDS = 900;
const INSTANCES = ['app-1', 'app-2'];
const BROKERS = ['b1', 'b2', 'b3'];

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

/** One after the other, none twice and none left out. */
const everyCount = (): Map<string, number[]> =>
  new Map(
    [...foldOfClicks(RECORDS)].map(([window, count]) => [
      window,
      Array.from({ length: count }, (_, i) => i + 1),
    ]),
  );

const sorted = (counts: ReadonlyMap<string, readonly number[]>): (readonly [string, readonly number[]])[] =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

const lab = (seed: number): StreamsCluster =>
  clickstreamLab(seed, {
    'processing.guarantee': 'exactly_once_v2',
    'commit.interval.ms': '100',
    'session.timeout.ms': '6000',
  });

/** One misfortune, or the end of one. A broker is never without the others in sync. */
function strike(cluster: StreamsCluster, prng: PrngState): void {
  const { kernel } = cluster;
  const instance = INSTANCES[below(prng, 2)] ?? '';
  const dead = BROKERS.find((broker) => kernel.slot(broker).status === 'down');
  switch (below(prng, 6)) {
    case 0:
      kernel.stop(instance, { powerLoss: below(prng, 2) === 0 });
      return;
    case 1:
      kernel.signal(instance, { type: 'terminate' });
      return;
    case 2:
      kernel.pause(instance);
      return;
    case 3:
      kernel.resume(instance);
      return;
    case 4:
      kernel.start(instance);
      return;
    default:
      if (dead === undefined) kernel.stop(BROKERS[below(prng, 3)] ?? '', { powerLoss: false });
      else kernel.start(dead);
      cluster.runFor(3_000);
  }
}

function heal({ kernel }: StreamsCluster): void {
  for (const node of INSTANCES) kernel.resume(node);
  for (const node of [...BROKERS, ...INSTANCES]) kernel.start(node);
}

test('when all is calm every count is seen once', () => {
  const cluster = lab(3);
  cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 250 });
  cluster.runFor(10_000);
  expect(sorted(countsSeen(cluster))).toEqual(sorted(everyCount()));
});

test.each([1, 3])(
  'whatever dies, every count is seen once by whoever reads what is committed: seed %i',
  (seed) => {
    const cluster = lab(seed);
    const prng = prngStream(seed, 'misfortunes');
    cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 75 });
    for (let i = 0; i < 12; i++) {
      cluster.runFor(200 + below(prng, 2_500));
      strike(cluster, prng);
    }
    heal(cluster);
    cluster.runFor(60_000);
    heal(cluster);
    cluster.runFor(30_000);
    for (const node of INSTANCES) {
      const tasks = [...(cluster.instance(node)?.tasks.values() ?? [])];
      expect(tasks.map(({ status }) => status)).toEqual(Array(6).fill('running'));
    }
    expect(sorted(countsSeen(cluster))).toEqual(sorted(everyCount()));
  },
);
