import { describe, expect, test } from 'vitest';
import { int64FromBytes } from '../../base/bytes.ts';
import type { Tape, TopologyNode } from '../../api/scenario.ts';
import { StreamsCluster } from '../../testing/streams-cluster.ts';

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
    config: { 'commit.interval.ms': '1000', 'statestore.cache.max.bytes': '0', ...config },
  });
  cluster.runFor(12_000);
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
    cluster.addTape('p1', 'clicks', clicks(3_000), { kind: 'rate', perSecond: 500 });
    cluster.runFor(10_000);
    expect(sorted(outputs(cluster))).toEqual(sorted(fold(3_000)));
    expect(cluster.records('views', 6)).toHaveLength(3_000);
  });
});
