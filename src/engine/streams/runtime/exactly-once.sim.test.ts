import { expect, test } from 'vitest';
import { int64FromBytes } from '../../base/bytes.ts';
import { prngStream } from '../../base/prng.ts';
import { INSTANCES, suffer, taskStates } from '../../testing/application-misfortunes.ts';
import { clicks, clickstreamLab, foldOfClicks } from '../../testing/clickstream-lab.ts';
import type { StreamsCluster } from '../../testing/streams-cluster.ts';

const RECORDS = 900;

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
    'num.standby.replicas': String(seed % 2),
    'processing.guarantee': 'exactly_once_v2',
    'commit.interval.ms': '100',
    'session.timeout.ms': '6000',
  });

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
    cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 75 });
    suffer(cluster, prngStream(seed, 'misfortunes'));
    for (const node of INSTANCES) expect(taskStates(cluster, node)).toEqual(Array(6).fill('running'));
    expect(sorted(countsSeen(cluster))).toEqual(sorted(everyCount()));
  },
);
