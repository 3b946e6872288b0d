import { beforeEach, describe, expect, test } from 'vitest';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { GroupLab } from '../../testing/group-lab.ts';

const RACK = [[1], [2]];
let lab: GroupLab;
beforeEach(() => {
  lab = new GroupLab(11, 2);
});

const join = (id: string, overrides: Readonly<Record<string, string>>): void =>
  lab.consume(id, { 'metadata.max.age.ms': '20000', ...overrides }, 5, 't.*');

const has = (...names: readonly string[]): (() => boolean) => {
  const wanted = [...names].sort().join();
  return () => [...lab.owned('c1'), ...lab.owned('c2')].sort().join() === wanted;
};

describe.each([
  ['the classic protocol', 20_000, {}],
  [
    'cooperative rebalances',
    20_000,
    { 'partition.assignment.strategy': 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor' },
  ],
  // The coordinator looks again with a heartbeat, ten seconds after it last did.
  ['the consumer protocol', 25_000, { 'group.protocol': 'consumer' }],
])('a group that reads by a pattern under %s', (_, withinMs, overrides) => {
  test('reads every topic with such a name, one that is made later, and none that is deleted', () => {
    lab.cluster.createTopic('other', RACK);
    for (const id of ['c1', 'c2']) join(id, overrides);
    lab.cluster.runUntilTrue('both share t', has('t-0', 't-1'));
    lab.cluster.createTopic('t2', RACK);
    const took = lab.cluster.runUntilTrue(
      't2 is read too',
      has('t-0', 't-1', 't2-0', 't2-1'),
      withinMs + 5_000,
    );
    expect(took).toBeGreaterThan(1_000);
    expect(lab.owned('c1')).toHaveLength(2);
    lab.cluster.client.send('b1', 'DeleteTopics', {
      topics: [{ name: 't2', topicId: ZERO_UUID }],
      timeoutMs: 5_000,
    });
    lab.cluster.runUntilTrue('t2 is gone', has('t-0', 't-1'), withinMs + 5_000);
    lab.cluster.runFor(30_000);
    expect(has('t-0', 't-1')()).toBe(true);
    const metadata = lab.consumer('c1')?.network.metadata;
    expect([...(metadata?.topics.keys() ?? [])]).not.toContain('other');
  });
});

test('a group that no topic fits yet has members that wait for one', () => {
  lab.consume('c1', { 'metadata.max.age.ms': '5000' }, 5, 'clicks-.');
  lab.cluster.runFor(10_000);
  expect(lab.consumer('c1')?.membership.state).toBe('stable');
  lab.cluster.createTopic('clicks-1', RACK);
  lab.cluster.runUntilTrue('it is read', () => lab.owned('c1').join() === 'clicks-1-0,clicks-1-1', 10_000);
});
