import { describe, expect, test } from 'vitest';
import { MissingPartError } from '../../base/part.ts';
import { streamsConfig } from '../config.ts';
import { buildTopology } from '../topology/build-topology.ts';
import type { Topology, TopologyNode, WindowSpec } from '../topology/topology-node.ts';

const TYPES = { key: 'string', value: 'string' } as const;
const LEFT: TopologyNode = { op: 'stream', id: 'l', topic: 'left', ...TYPES };
const RIGHT: TopologyNode = { op: 'stream', id: 'r', topic: 'right', ...TYPES };
const TABLE: TopologyNode = { op: 'table', id: 't', topic: 'table', ...TYPES };
const GROUP: TopologyNode = { op: 'groupByKey', id: 'g', of: 'l' };
const JOIN = { of: 'l', with: 'r', type: 'inner', joiner: 'concat:+' } as const;
const windowed = (window: WindowSpec): Topology => [
  LEFT,
  GROUP,
  { op: 'windowedBy', id: 'w', of: 'g', window },
  { op: 'count', id: 'c', of: 'w', as: 'counts' },
];
const tumbling = windowed({ type: 'tumbling', size: 1_000 });

const COMMON: Readonly<Record<string, Topology>> = {
  'a stream that is filtered and written': [
    LEFT,
    { op: 'filter', id: 'f', of: 'l', pred: 'true' },
    { op: 'to', of: 'f', topic: 'out' },
  ],
  'counts by tumbling windows': [...tumbling, { op: 'toStream', of: 'c' }],
  'counts by hopping windows': windowed({ type: 'hopping', size: 1_000, advance: 500 }),
};

const RARE: Readonly<Record<string, Topology>> = {
  'counts by key alone': [LEFT, GROUP, { op: 'count', of: 'g', as: 'counts' }],
  'counts by sessions': windowed({ type: 'session', gap: 1_000 }),
  'counts by sliding windows': windowed({ type: 'sliding', difference: 1_000 }),
  'final results only': [...tumbling, { op: 'suppress', of: 'c', until: 'windowCloses' }],
  'a table': [TABLE],
  'windows filtered as a table': [...tumbling, { op: 'filter', of: 'c', pred: 'true' }],
  'a table of a stream': [LEFT, { op: 'toTable', of: 'l' }],
  'a cogroup': [
    LEFT,
    GROUP,
    { op: 'cogroup', id: 'co', of: 'g', fn: 'count' },
    { op: 'aggregate', of: 'co', init: '0' },
  ],
  'a join of streams': [LEFT, RIGHT, { op: 'streamJoin', ...JOIN, window: { before: 5, after: 5 } }],
  'a join with a table': [LEFT, TABLE, { op: 'streamTableJoin', ...JOIN, with: 't' }],
  'a processor': [LEFT, { op: 'process', of: 'l', processor: 'pass' }],
  'a store for processors': [{ op: 'store', id: 's', kind: 'kv', store: 'inMemory', ...TYPES }],
};

const build = (topology: Topology) => buildTopology(topology, { config: streamsConfig({}) });

/** Runs in order: the first tests have nothing installed. */
describe('before the rare operators are installed', () => {
  test.each(Object.entries(COMMON))('%s needs none of them', (_, topology) => {
    expect(build(topology).subTopologies).toHaveLength(1);
  });

  test.each(Object.entries(RARE))('%s misses them as it is built, not as it runs', (_, topology) => {
    expect(() => build(topology)).toThrow(MissingPartError);
    expect(() => build(topology)).toThrow('rare operators of Kafka Streams” of the simulator is not loaded');
  });
});

test('when they are installed, all of it can be built', async () => {
  await import('./install.ts');
  for (const topology of Object.values(RARE)) build(topology);
});
