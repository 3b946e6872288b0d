import { expect, test } from 'vitest';
import type { TopologyNode } from '../../api/scenario.ts';
import { TOPIC_CONFIG } from '../../api/config/topic-config.ts';
import { parseConfig } from '../../api/config/config-key.ts';
import { streamsConfig } from '../config.ts';
import { buildTopology } from '../topology/build-topology.ts';
import type { Topology } from '../topology/topology-node.ts';
import { applicationProblem } from './application-plan.ts';
import { streamsSettings } from './instance-config.ts';
import { internalTopics } from './internal-topics.ts';
import { partitionCounts, type PartitionCounts } from './partition-counts.ts';

const build = (nodes: readonly TopologyNode[]) =>
  buildTopology(nodes as unknown as Topology, { config: streamsConfig({ 'application.id': 'app' }) });

const stream = (topic: string): TopologyNode => ({
  op: 'stream',
  id: topic,
  topic,
  key: 'string',
  value: 'json',
});

const known =
  (counts: Readonly<Record<string, number>>) =>
  (topic: string): number =>
    counts[topic] ?? 0;

test('a repartition topic is as wide as what is upstream of it; its changelog as its tasks', () => {
  const topology = build([
    stream('in'),
    { op: 'groupBy', id: 'g', of: 'in', keyFn: 'field:path' },
    { op: 'windowedBy', id: 'w', of: 'g', window: { type: 'tumbling', size: 60_000, grace: 30_000 } },
    { op: 'count', id: 'c', of: 'w', as: 'counts' },
    { op: 'toStream', id: 's', of: 'c' },
    { op: 'groupBy', id: 'again', of: 's', keyFn: 'value' },
    { op: 'count', id: 'total', of: 'again', as: 'totals' },
  ]);
  const counts = partitionCounts(topology, known({ in: 5 })) as PartitionCounts;
  const topics = internalTopics(topology, counts, streamsSettings({}));
  expect(topics.map(({ name, partitions }) => [name, partitions])).toEqual([
    ['app-counts-changelog', 5],
    ['app-counts-repartition', 5],
    ['app-totals-changelog', 5],
    ['app-totals-repartition', 5],
  ]);
  for (const { configs } of topics) expect(parseConfig(TOPIC_CONFIG, configs).ok).toBe(true);
  expect(topics[0]?.configs).toMatchObject({
    'cleanup.policy': 'compact,delete',
    'retention.ms': '86490000',
  });
  expect(topics[1]?.configs).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '-1' });
  expect(topics[2]?.configs['cleanup.policy']).toBe('compact');
});

const JOIN: readonly TopologyNode[] = [
  stream('left'),
  stream('right'),
  { op: 'selectKey', id: 'by-item', of: 'left', keyFn: 'field:item' },
  {
    op: 'streamJoin',
    id: 'joined',
    of: 'by-item',
    with: 'right',
    type: 'inner',
    joiner: 'concat',
    window: { before: 1_000, after: 1_000 },
  },
];

test('a repartition topic that is joined has as many partitions as the other side', () => {
  const topology = build(JOIN);
  const counts = partitionCounts(topology, known({ left: 2, right: 6 })) as PartitionCounts;
  const [repartition] = topology.repartitionTopics;
  expect(counts.get(repartition?.name ?? '')).toBe(6);
});

test('missing source topics are named', () => {
  expect(partitionCounts(build(JOIN), known({ left: 2 }))).toEqual({ missing: ['right'] });
});

test('says in a sentence why an application cannot run', () => {
  const config = { applicationId: 'app', instance: 1, bootstrap: {}, workMicros: 0, overrides: {} };
  expect(applicationProblem({ ...config, topology: JOIN })).toBeNull();
  const many: TopologyNode = { op: 'stream', id: 'p', pattern: 'in-.*', key: 'string', value: 'json' };
  expect(applicationProblem({ ...config, topology: [many] })).toMatch(/subscribe to a pattern/);
  const orphan: TopologyNode = { op: 'count', of: 'nobody' };
  expect(applicationProblem({ ...config, topology: [orphan] })).toMatch(/no node with id "nobody"/);
});
