import { int64FromBytes } from '../base/bytes.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { Tape, TopologyNode } from '../api/scenario.ts';
import { StreamsCluster } from './streams-cluster.ts';

const MINUTE = 60_000;
const SIX = [0, 1, 2, 3, 4, 5].map((p) => [(p % 3) + 1, ((p + 1) % 3) + 1, ((p + 2) % 3) + 1]);

/** When the clicks begin: a whole minute, in ms since 1970. */
export const CLICKS_BEGIN = 1_700_000_040_000;

const countPerMinute = (grace: number): readonly TopologyNode[] => [
  { op: 'stream', id: 'clicks', topic: 'clicks', key: 'string', value: 'json' },
  { op: 'groupBy', id: 'by-path', of: 'clicks', keyFn: 'field:path' },
  {
    op: 'windowedBy',
    id: 'minutes',
    of: 'by-path',
    window: { type: 'tumbling', size: MINUTE, grace },
  },
  { op: 'count', id: 'counts', of: 'minutes', as: 'counts' },
  { op: 'toStream', id: 'changes', of: 'counts' },
  { op: 'to', id: 'out', of: 'changes', topic: 'views' },
];

const pathOf = (row: number): string => `/p${(row * row) % 23}`;
export const timeOfClick = (row: number): number => CLICKS_BEGIN + row * 90;

/** Clicks of 40 users on some paths, one every 90 ms of event time. */
export function clicks(count: number): Tape {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.freeze({
    count,
    timestamps: rows.map(timeOfClick),
    keys: rows.map((row) => `user-${(row * 7) % 40}`),
    values: rows.map((row) => JSON.stringify({ path: pathOf(row) })),
  });
}

/** What the counts must be, by `path@start`, from the tape alone. */
export function foldOfClicks(count: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < count; row++) {
    const key = `${pathOf(row)}@${Math.floor(timeOfClick(row) / MINUTE) * MINUTE}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The last count of each path and minute in the output topic. */
export function outputCounts(cluster: StreamsCluster): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key, value } of cluster.records('views', 6)) {
    const at = (key ?? '').length - 8;
    counts.set(`${key?.slice(0, at)}@${int64FromBytes(key ?? '', at)}`, int64FromBytes(value ?? ''));
  }
  return counts;
}

/** Two instances that count clicks per path and minute on six partitions, settled. `grace` in ms. */
export function clickstreamLab(
  seed: number,
  config: ConfigOverrides = {},
  grace = 10 * MINUTE,
): StreamsCluster {
  const cluster = new StreamsCluster({ seed, overrides: { 'offsets.topic.num.partitions': '3' } });
  cluster.boot();
  cluster.createTopic('clicks', SIX, { 'min.insync.replicas': '2' });
  cluster.createTopic('views', SIX, { 'min.insync.replicas': '2' });
  cluster.addApplication({
    id: 'app',
    instances: 2,
    topology: countPerMinute(grace),
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
