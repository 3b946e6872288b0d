import { describe, expect, test } from 'vitest';
import { streamsConfig } from '../config.ts';
import { StreamsError } from '../task/streams-error.ts';
import { buildTopology } from './build-topology.ts';
import type { Topology, TopologyNode } from './topology-node.ts';

const stream = (id: string, topic = id): TopologyNode => ({
  id,
  op: 'stream',
  topic,
  key: 'string',
  value: 'string',
});

/** The message with which Kafka Streams 4.3.1 refuses a topology. */
function refusal(topology: Topology, topologyConfig = false): string {
  const config = streamsConfig({ 'ensure.explicit.internal.resource.naming': String(topologyConfig) });
  try {
    buildTopology(topology, { config, topologyConfig });
    return '';
  } catch (error) {
    if (error instanceof StreamsError) return error.message;
    throw error;
  }
}

describe('explicit naming (KIP-1111)', () => {
  const listed = (topology: Topology): string[] =>
    refusal(topology, true).replace('Invalid topology: ', '').split('\n').slice(0, -1);

  test('lists stores and repartition topics of a join', () => {
    const join: Topology = [
      stream('l'),
      { id: 'k', op: 'selectKey', of: 'l', keyFn: 'value' },
      stream('r'),
      {
        id: 'j',
        op: 'streamJoin',
        of: 'k',
        with: 'r',
        type: 'left',
        joiner: 'concat:+',
        window: { before: 5, after: 5 },
      },
    ];
    const [first, second, third] = [
      'KSTREAM-JOINTHIS-0000000008-store',
      'KSTREAM-OUTEROTHER-0000000009-store',
      'KSTREAM-OUTERSHARED-0000000008-store',
    ];
    expect(listed(join)).toEqual([
      `Following changelog topic(s) has not been named: ${first}-changelog, ${second}-changelog, ${third}-changelog`,
      `Following state store(s) has not been named: ${first}, ${second}, ${third}`,
      'Following repartition topic(s) has not been named: KSTREAM-KEY-SELECT-0000000001-repartition',
    ]);
  });

  test('of suppress only the changelog counts, and of a named group not the topic', () => {
    const grouped: Topology = [
      stream('s'),
      { id: 'g', op: 'groupBy', of: 's', keyFn: 'value', as: 'grp' },
      { id: 'w', op: 'windowedBy', of: 'g', window: { type: 'tumbling', size: 5 } },
      { id: 'c', op: 'count', of: 'w', as: 'c' },
      { id: 'u', op: 'suppress', of: 'c', until: 'windowCloses' },
    ];
    expect(listed(grouped)).toEqual([
      'Following changelog topic(s) has not been named: KTABLE-SUPPRESS-STATE-STORE-0000000007-changelog',
    ]);
  });
});

describe('topologies that are refused', () => {
  test.each([
    [
      'repartition topics that must agree and do not',
      [
        stream('m'),
        stream('n'),
        { id: 'a', op: 'repartition', of: 'm', as: 'a', partitions: 2 },
        { id: 'b', op: 'repartition', of: 'n', as: 'b', partitions: 3 },
        {
          id: 'j',
          op: 'streamJoin',
          of: 'a',
          with: 'b',
          type: 'inner',
          joiner: 'concat:+',
          window: { before: 5, after: 5 },
        },
      ],
      'Following topics do not have the same number of partitions: [{a-repartition=2, b-repartition=3}]',
    ],
    [
      'final results of what has no windows',
      [
        { id: 't', op: 'table', topic: 'l', key: 'string', value: 'string' },
        { id: 'f', op: 'filter', of: 't', pred: 'true' },
        { id: 'u', op: 'suppress', of: 'f', until: 'windowCloses' },
      ],
      'Window close time is only defined for windowed computations. ' +
        'Got [root->KTABLE-SOURCE-0000000002->KTABLE-FILTER-0000000003].',
    ],
    [
      'a name that no topic could have',
      [stream('s'), { op: 'to', of: 's', topic: 'o', named: 'a b' }],
      `Name "a b" is illegal, it contains a character other than ASCII alphanumerics, '.', '_' and '-'`,
    ],
    [
      'a global table with versions',
      [
        {
          id: 'g',
          op: 'globalTable',
          topic: 'l',
          key: 'string',
          value: 'string',
          as: 'v',
          versioned: { history: 5 },
        },
      ],
      'GlobalTables cannot be versioned.',
    ],
  ] satisfies [string, Topology, string][])('%s', (_what, topology, message) => {
    expect(refusal(topology)).toBe(`Invalid topology: ${message}`);
  });
});
