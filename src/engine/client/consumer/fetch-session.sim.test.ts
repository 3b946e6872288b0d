import { beforeEach, expect, test } from 'vitest';
import { ensure } from '../../base/assert.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import { GroupLab } from '../../testing/group-lab.ts';
import { consumerFacts } from './consumer-facts.ts';
import { consumerPause } from './consumer.ts';

let lab: GroupLab;

/** A member that reads everything while a slow tape is played. */
function begin(brokerOverrides: Readonly<Record<string, string>> = {}): void {
  lab = new GroupLab(3, 6, brokerOverrides);
  lab.consume('c1');
  lab.cluster.runUntilTrue('it owns all', () => lab.isEven('c1'));
  lab.produce('p', 900, { kind: 'rate', perSecond: 200 });
  lab.cluster.runFor(1_500);
}

const sessions = () => consumerFacts(ensure(lab.consumer('c1'), 'c1')).sessions;

/** Sessions of consumers on a broker; those of followers name their replica. */
const onBroker = (broker: number): BrokerMemory['sessions'] => lab.cluster.memory(broker).sessions;

function readsAll(): void {
  lab.cluster.runUntilTrue('the tape has ended', () => lab.ended('p'));
  lab.cluster.runFor(1_500);
  expect(lab.processed('c1').sort()).toEqual(lab.written().sort());
}

beforeEach(() => begin());

test('a consumer has a session with each leader, of which a fetch names only what is new', () => {
  expect(sessions().map(({ broker, partitions }) => [broker, partitions])).toEqual([
    [1, 2],
    [2, 2],
    [3, 2],
  ]);
  const [first] = sessions();
  lab.cluster.runFor(2_000);
  const [later] = sessions();
  expect(later?.id).toBe(first?.id);
  expect(later?.epoch).toBeGreaterThan((first?.epoch ?? 0) + 3);
  const kept = onBroker(1).get(later?.id ?? 0);
  expect([...(kept?.partitions.keys() ?? [])]).toHaveLength(2);
  readsAll();
});

test('a partition that is paused leaves the session, and comes back', () => {
  const consumer = ensure(lab.consumer('c1'), 'c1');
  const paused = [...(consumer.fetcher.sessions.get(1)?.sent.keys() ?? [])][0] ?? '';
  consumerPause(consumer, paused, true);
  lab.cluster.runFor(1_000);
  const [{ id = 0, partitions = 0 } = {}] = sessions();
  expect(partitions).toBe(1);
  expect(onBroker(1).get(id)?.partitions.size).toBe(1);
  consumerPause(consumer, paused, false);
  lab.cluster.runFor(1_000);
  expect(sessions()[0]).toMatchObject({ id, partitions: 2 });
  readsAll();
});

test('a session that a broker has forgotten, or counts otherwise, is begun anew without a loss', () => {
  const before = sessions().map(({ id }) => id);
  onBroker(1).clear();
  const other = onBroker(2).get(before[1] ?? 0);
  if (other !== undefined) other.epoch += 7;
  lab.cluster.runFor(2_000);
  const after = sessions().map(({ id }) => id);
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  expect(after[2]).toBe(before[2]);
  expect(onBroker(2).has(before[1] ?? 0)).toBe(false);
  readsAll();
});

test('who gets no session names all in every fetch, and reads as well', () => {
  begin({ 'max.incremental.fetch.session.cache.slots': '0' });
  expect(sessions()).toEqual([]);
  expect(onBroker(1).size).toBe(0);
  readsAll();
});
