import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { Tape, TopologyNode } from '../api/scenario.ts';
import { StreamsCluster } from './streams-cluster.ts';

const TOPOLOGY: readonly TopologyNode[] = [
  { op: 'stream', id: 'in', topic: 'in', key: 'string', value: 'json' },
  { op: 'groupByKey', id: 'keys', of: 'in' },
  { op: 'count', id: 'counts', of: 'keys', as: 'counts' },
  { op: 'toStream', id: 'changes', of: 'counts' },
  { op: 'to', of: 'changes', topic: 'out' },
];

export const PARTITIONS = 4;
export const RECORDS = 2_000;

const tapeOf = (keys: number): Tape =>
  Object.freeze({
    count: RECORDS,
    timestamps: Array.from({ length: RECORDS }, (_, i) => 1_700_000_000_000 + i * 10),
    keys: Array.from({ length: RECORDS }, (_, i) => `k${i % keys}`),
    values: Array.from({ length: RECORDS }, () => '{}'),
  });

export interface Counting {
  readonly seed: number;
  readonly instances: number;
  /** Keys that the records take turns with. */
  readonly keys: number;
  /** Of the application; its cache is off. */
  readonly config: ConfigOverrides;
}

/** Instances of `app` that count by key on four partitions, at 200 records a second, on three brokers. */
export function startCounting({ seed, instances, keys, config }: Counting): StreamsCluster {
  const cluster = new StreamsCluster({ seed, overrides: { 'offsets.topic.num.partitions': '3' } });
  cluster.boot();
  for (const topic of ['in', 'out'])
    cluster.createTopic(
      topic,
      Array.from({ length: PARTITIONS }, () => [1, 2, 3]),
    );
  const settings = { 'statestore.cache.max.bytes': '0', ...config };
  cluster.addApplication({ id: 'app', instances, topology: TOPOLOGY, config: settings });
  cluster.addTape('p', 'in', tapeOf(keys), { kind: 'rate', perSecond: 200 });
  return cluster;
}

/** The last count of each key: its number of records, unless some were counted twice. */
export function lastCounts(cluster: StreamsCluster): Map<string, number> {
  const last = new Map<string, number>();
  for (const { key, value } of cluster.records('out', PARTITIONS))
    last.set(key ?? '', (value?.charCodeAt(7) ?? 0) + 256 * (value?.charCodeAt(6) ?? 0));
  return last;
}
