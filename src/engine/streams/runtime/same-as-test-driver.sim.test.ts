import { expect, test } from 'vitest';
import type { Tape, TopologyNode } from '../../api/scenario.ts';
import { StreamsCluster, type LoggedRecord } from '../../testing/streams-cluster.ts';
import { streamsConfig } from '../config.ts';
import { keyBytes, valueBytes, type OutgoingRecord } from '../task/outgoing-record.ts';
import { newDriverState, TopologyTestDriver } from '../test-driver/topology-test-driver.ts';
import { buildTopology } from '../topology/build-topology.ts';
import type { Topology } from '../topology/topology-node.ts';

const START = 1_700_000_040_000;

const SOURCE: TopologyNode = { op: 'stream', id: 'in', topic: 'in', key: 'string', value: 'json' };

/** Event time mostly moves on, at times it jumps back by up to a minute. */
function orders(count: number): Tape {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.freeze({
    count,
    timestamps: rows.map((row) => START + row * 700 - (row % 11 === 7 ? ((row * 977) % 60) * 1_000 : 0)),
    keys: rows.map((row) => `c${(row * 5) % 13}`),
    values: rows.map((row) => JSON.stringify({ item: `i${(row * row) % 7}`, amount: (row * 31) % 100 })),
  });
}

const topologies: readonly (readonly [string, readonly TopologyNode[]])[] = [
  [
    'a filter and a new value',
    [
      SOURCE,
      { op: 'filter', id: 'large', of: 'in', pred: 'fieldGt:amount,50' },
      { op: 'to', of: 'large', topic: 'out' },
    ],
  ],
  [
    'a table of counts after a repartition',
    [
      SOURCE,
      { op: 'groupBy', id: 'items', of: 'in', keyFn: 'field:item' },
      { op: 'count', id: 'counts', of: 'items', as: 'counts' },
      { op: 'toStream', id: 'changes', of: 'counts' },
      { op: 'to', of: 'changes', topic: 'out' },
    ],
  ],
  [
    'hopping windows with late records',
    [
      SOURCE,
      { op: 'groupByKey', id: 'customers', of: 'in' },
      {
        op: 'windowedBy',
        id: 'windows',
        of: 'customers',
        window: { type: 'hopping', size: 20_000, advance: 5_000, grace: 10_000 },
      },
      { op: 'count', id: 'counts', of: 'windows', as: 'counts' },
      { op: 'toStream', id: 'changes', of: 'counts' },
      { op: 'to', of: 'changes', topic: 'out' },
    ],
  ],
  [
    'final results of windows only',
    [
      SOURCE,
      { op: 'groupBy', id: 'items', of: 'in', keyFn: 'field:item' },
      {
        op: 'windowedBy',
        id: 'windows',
        of: 'items',
        window: { type: 'tumbling', size: 30_000, grace: 60_000 },
      },
      { op: 'count', id: 'counts', of: 'windows', as: 'counts' },
      { op: 'suppress', id: 'final', of: 'counts', until: 'windowCloses' },
      { op: 'toStream', id: 'changes', of: 'final' },
      { op: 'to', of: 'changes', topic: 'out' },
    ],
  ],
];

type Output = Pick<LoggedRecord, 'key' | 'value' | 'timestamp'>;

interface Run {
  readonly outputs: readonly Output[];
  /** Records that came too late for their windows. */
  readonly late: number;
}

function throughDriver(nodes: readonly TopologyNode[], tape: Tape): Run {
  const config = streamsConfig({ 'application.id': 'app', 'statestore.cache.max.bytes': '0' });
  const topology = buildTopology(nodes as unknown as Topology, { config });
  const produced: Output[] = [];
  const note = (record: OutgoingRecord): void => {
    const { topic, timestamp } = record;
    if (topic === 'out') produced.push({ key: keyBytes(record), value: valueBytes(record), timestamp });
  };
  const state = newDriverState(topology, START);
  const driver = new TopologyTestDriver(topology, state, { produced: note, changelog: () => undefined });
  for (let row = 0; row < tape.count; row++)
    driver.pipe({
      topic: 'in',
      key: tape.keys[row] ?? null,
      value: tape.values[row] ?? null,
      timestamp: tape.timestamps[row] ?? 0,
    });
  return { outputs: produced, late: state.task.metrics.late };
}

function throughCluster(topology: readonly TopologyNode[], tape: Tape): Run {
  const cluster = new StreamsCluster({ seed: 9, overrides: { 'offsets.topic.num.partitions': '3' } });
  cluster.boot();
  cluster.createTopic('in', [[1, 2, 3]]);
  cluster.createTopic('out', [[1, 2, 3]]);
  const config = { 'commit.interval.ms': '500', 'statestore.cache.max.bytes': '0' };
  cluster.addApplication({ id: 'app', instances: 1, topology, config });
  cluster.addTape('p1', 'in', tape, { kind: 'rate', perSecond: 200 });
  cluster.runFor(15_000);
  const outputs = cluster.records('out', 1).map(({ key, value, timestamp }) => ({ key, value, timestamp }));
  return { outputs, late: cluster.traces('late-record-dropped').at(-1)?.data.dropped ?? 0 };
}

test.each(topologies)(
  'one partition on a calm cluster puts out what the test driver does: %s',
  (_, nodes) => {
    const tape = orders(600);
    const expected = throughDriver(nodes, tape);
    expect(expected.outputs.length).toBeGreaterThan(30);
    expect(throughCluster(nodes, tape)).toEqual(expected);
  },
);
