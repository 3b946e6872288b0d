import { describe, expect, test } from 'vitest';
import { ANCHORS, ANCHOR_NAMES, type Anchor } from '../../api/anchors.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { int64FromBytes } from '../../base/bytes.ts';
import { INSTANCES, taskStates } from '../../testing/application-misfortunes.ts';
import { clicks, clickstreamLab, foldOfClicks, outputCounts } from '../../testing/clickstream-lab.ts';
import type { StreamsCluster } from '../../testing/streams-cluster.ts';

const RECORDS = 400;
const SEED = 5;
/** In the middle of the tape. */
const ARM_AT_MS = 2_000;
const BROKERS = ['b1', 'b2', 'b3'];

type Guarantee = 'at_least_once' | 'exactly_once_v2';

/** Steps of transactions, which a run at least once never comes to. */
const ONLY_EXACTLY_ONCE: readonly Anchor[] = [
  'before-end-txn',
  'after-end-txn',
  'after-prepare-commit',
  'after-prepare-abort',
  'after-markers',
];

/** Both instances, or every broker that coordinates, crash at the step; two seconds later each starts again. */
function crashAt(guarantee: Guarantee, anchor: Anchor): StreamsCluster {
  const cluster = clickstreamLab(SEED, {
    'processing.guarantee': guarantee,
    'commit.interval.ms': '100',
    'session.timeout.ms': '6000',
  });
  cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 75 });
  cluster.runFor(ARM_AT_MS);
  const coordinates = ANCHORS[anchor] === 'broker';
  // An instance that dies in a transaction makes its coordinator abort that.
  if (anchor === 'after-prepare-abort') cluster.kernel.arm('app-1', 'before-end-txn', 0);
  for (const node of coordinates ? BROKERS : INSTANCES) cluster.kernel.arm(node, anchor, 0);
  for (let i = 0; i < 30; i++) {
    cluster.runFor(2_000);
    for (const node of [...BROKERS, ...INSTANCES]) cluster.kernel.start(node);
  }
  return cluster;
}

const crashes = (cluster: StreamsCluster, anchor: Anchor): number =>
  [...cluster.kernel.state.trace]
    .map(({ data }) => data as TraceEventData)
    .filter((data) => data.type === 'crashed-at' && data.anchor === anchor).length;

/** Results that a reader of committed records sees more than once. */
function repeated(cluster: StreamsCluster): number {
  const seen = cluster.records('views', 6).map(({ key, value }) => `${key}=${int64FromBytes(value ?? '')}`);
  return seen.length - new Set(seen).size;
}

const expected = [...foldOfClicks(RECORDS)].sort(([a], [b]) => (a < b ? -1 : 1));
const counted = (cluster: StreamsCluster) => [...outputCounts(cluster)].sort(([a], [b]) => (a < b ? -1 : 1));
const all = (counts: readonly (readonly [string, number])[]) => counts.reduce((sum, [, n]) => sum + n, 0);

describe('exactly once', () => {
  test.each(ANCHOR_NAMES.filter((anchor) => ANCHORS[anchor] !== 'consumer'))(
    'a crash at %s loses no click and counts none twice',
    (anchor) => {
      const cluster = crashAt('exactly_once_v2', anchor);
      expect(crashes(cluster, anchor)).toBeGreaterThan(0);
      for (const node of INSTANCES) expect(new Set(taskStates(cluster, node))).toEqual(new Set(['running']));
      expect(counted(cluster)).toEqual(expected);
      expect(repeated(cluster)).toBe(0);
    },
  );
});

describe('at least once', () => {
  /** Results and state are in the logs, and the input still counts as unread. */
  const COUNTS_TWICE: readonly Anchor[] = ['after-output-flush', 'after-changelog-flush', 'before-offsets'];
  const steps = ANCHOR_NAMES.filter(
    (anchor) => ANCHORS[anchor] !== 'consumer' && !ONLY_EXACTLY_ONCE.includes(anchor),
  );

  test.each(steps)(
    'a crash at %s loses no click, and counts some twice if their offsets were still to come',
    (anchor) => {
      const cluster = crashAt('at_least_once', anchor);
      expect(crashes(cluster, anchor)).toBeGreaterThan(0);
      const counts = outputCounts(cluster);
      expect(expected.filter(([window, n]) => (counts.get(window) ?? 0) < n)).toEqual([]);
      if (COUNTS_TWICE.includes(anchor)) expect(all(counted(cluster))).toBeGreaterThan(RECORDS);
      if (anchor === 'after-offsets') expect(counted(cluster)).toEqual(expected);
    },
  );

  test('nothing comes to the steps of transactions', () => {
    const cluster = crashAt('at_least_once', 'before-end-txn');
    for (const anchor of ONLY_EXACTLY_ONCE) expect(crashes(cluster, anchor)).toBe(0);
  });
});
