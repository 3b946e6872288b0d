import { beforeEach, describe, expect, test } from 'vitest';
import { ensure } from '../../base/assert.ts';
import { GroupLab } from '../../testing/group-lab.ts';
import { consumerFacts } from './consumer-facts.ts';

const CONSUMER = { 'group.protocol': 'consumer' };
const classOf = (name: string): string => `org.apache.kafka.clients.consumer.${name}`;
const COOPERATIVE = { 'partition.assignment.strategy': classOf('CooperativeStickyAssignor') };
const RATE = { kind: 'rate', perSecond: 200 } as const;

let lab: GroupLab;
beforeEach(() => {
  lab = new GroupLab(7);
});

/** Partitions that were taken from a member, lost ones too. */
const revoked = (id: string): string[] =>
  lab.cluster
    .traces('partitions-revoked')
    .filter(({ node }) => node === id)
    .flatMap(({ data }) => data.partitions);
const settle = (...ids: string[]): number =>
  lab.cluster.runUntilTrue(`${ids.join(' and ')} share`, () => lab.isEven(...ids));
const stop = (id: string): void => lab.cluster.kernel.stop(id, { powerLoss: false });
const facts = (id: string) => consumerFacts(ensure(lab.consumer(id), id));

/** Only a rebalance makes its members commit within the time of a test. */
const RARE_COMMITS = { 'auto.commit.interval.ms': '600000' };

describe.each([
  ['cooperative-sticky', { ...COOPERATIVE, ...RARE_COMMITS }],
  ['the consumer protocol', { ...CONSUMER, ...RARE_COMMITS }],
])('a group that rebalances by %s', (_, overrides) => {
  test('takes away only what moves, commits it first, and nobody reads what another has', () => {
    lab.consume('c1', overrides);
    settle('c1');
    const before = lab.owned('c1');
    // A record that is read between the commit and the giving up would be read again: none comes in that millisecond.
    lab.cluster.runFor(1);
    lab.produce('p', 4_000, RATE);
    lab.cluster.runFor(2_000);
    lab.consume('c2', overrides);
    lab.cluster.runUntilTrue('the tape has ended', () => {
      const owned = [...lab.owned('c1'), ...lab.owned('c2')];
      expect(new Set(owned).size).toBe(owned.length);
      return lab.ended('p');
    });
    lab.cluster.runFor(1_000);
    expect(lab.isEven('c1', 'c2')).toBe(true);
    const moved = before.filter((name) => !lab.owned('c1').includes(name));
    expect(revoked('c1').sort()).toEqual(moved);
    expect(revoked('c2')).toEqual([]);
    expect(lab.owned('c2')).toEqual(moved);
    const read = [...lab.processed('c1'), ...lab.processed('c2')];
    expect(read.sort()).toEqual(lab.written().sort());
  });

  test('goes on reading what stays while the rest moves', () => {
    lab.consume('c1', overrides);
    settle('c1');
    lab.produce('p', 6_000, RATE);
    lab.cluster.runFor(1_000);
    lab.consume('c2', overrides);
    let longest = 0;
    let last = lab.cluster.now;
    let count = 0;
    lab.cluster.runUntilTrue('the tape has ended', () => {
      const processed = lab.memory('c1')?.processed ?? 0;
      if (processed > count) last = lab.cluster.now;
      count = processed;
      longest = Math.max(longest, lab.cluster.now - last);
      return lab.ended('p');
    });
    expect(lab.isEven('c1', 'c2')).toBe(true);
    expect(longest / 1_000).toBeLessThan(500);
  });
});

test.each(['RangeAssignor', 'RoundRobinAssignor', 'StickyAssignor', 'CooperativeStickyAssignor'])(
  'a classic group with %s shares evenly, and again when one dies',
  (name) => {
    const overrides = { 'partition.assignment.strategy': classOf(name), 'session.timeout.ms': '10000' };
    for (const id of ['c1', 'c2', 'c3']) lab.consume(id, overrides);
    settle('c1', 'c2', 'c3');
    const kept = lab.owned('c1');
    stop('c3');
    settle('c1', 'c2');
    if (name.includes('Sticky')) expect(lab.owned('c1')).toEqual(expect.arrayContaining(kept));
  },
);

describe('a member of the consumer protocol', () => {
  test('settles within two heartbeats, and is missed when it dies after a session', () => {
    lab.consume('c1', CONSUMER);
    settle('c1');
    lab.consume('c2', CONSUMER);
    expect(settle('c1', 'c2')).toBeLessThanOrEqual(10_700);
    stop('c2');
    const missed = settle('c1');
    expect(missed).toBeGreaterThan(39_000);
    expect(missed).toBeLessThan(50_100);
  });

  test('that leaves is not waited for, and has its last offsets committed', () => {
    for (const id of ['c1', 'c2']) lab.consume(id, CONSUMER);
    settle('c1', 'c2');
    lab.produce('p', 2_000, RATE);
    lab.cluster.runFor(3_000);
    const leaving = ensure(lab.memory('c2'), 'c2');
    lab.cluster.kernel.signal('c2', { type: 'terminate' });
    expect(settle('c1')).toBeLessThan(5_100);
    lab.cluster.runUntilTrue('the tape has ended', () => lab.ended('p'));
    lab.cluster.runFor(1_000);
    const read = [...lab.processed('c1'), ...lab.processed('c2', leaving)];
    expect(read.sort()).toEqual(lab.written().sort());
  });

  test('that was taken for dead gives up what it had before it joins again', () => {
    for (const id of ['c1', 'c2']) lab.consume(id, CONSUMER);
    settle('c1', 'c2');
    const had = lab.owned('c2');
    lab.cluster.kernel.pause('c2');
    lab.cluster.runUntilTrue('c1 has all', () => lab.owned('c1').length === 6);
    expect(lab.owned('c2')).toEqual(had);
    lab.cluster.kernel.resume('c2');
    lab.cluster.runUntilTrue('it knows', () => lab.owned('c2').length === 0);
    expect(revoked('c2').sort()).toEqual(had);
    settle('c1', 'c2');
  });

  test('whose application does not poll leaves, and comes back when it does', () => {
    lab.consume('slow', { ...CONSUMER, 'max.poll.interval.ms': '3000', 'max.poll.records': '1' }, 20_000_000);
    lab.consume('c2', CONSUMER);
    settle('slow', 'c2');
    lab.produce('p', 200);
    lab.cluster.runUntilTrue('it is out', () => facts('slow').state === 'stale');
    lab.cluster.runUntilTrue('the other has all', () => lab.owned('c2').length === 6);
    lab.cluster.runUntilTrue('it is back', () => facts('slow').generationId > 0);
  });

  test('with an instance id comes back to its partitions, and nobody else is disturbed', () => {
    lab.consume('c1', { ...CONSUMER, 'group.instance.id': 'one' });
    lab.consume('c2', CONSUMER);
    settle('c1', 'c2');
    const [mine, epoch, before] = [lab.owned('c1'), facts('c2').generationId, revoked('c2').length];
    lab.cluster.kernel.signal('c1', { type: 'terminate' });
    lab.cluster.runFor(4_000);
    lab.cluster.kernel.start('c1');
    lab.cluster.runFor(15_000);
    expect(lab.owned('c1')).toEqual(mine);
    expect(facts('c2').generationId).toBe(epoch);
    expect(revoked('c2')).toHaveLength(before);
  });

  test('is shared out to by the assignor that it asks for', () => {
    lab = new GroupLab(7, 5);
    for (const id of ['c1', 'c2']) lab.consume(id, { ...CONSUMER, 'group.remote.assignor': 'range' });
    settle('c1', 'c2');
    const shares = [lab.owned('c1'), lab.owned('c2')].sort((a, b) => b.length - a.length);
    expect(shares).toEqual([
      ['t-0', 't-1', 't-2'],
      ['t-3', 't-4'],
    ]);
  });
});

test('classic members give way to members of the consumer protocol one by one, and nothing is left out', () => {
  const classic = { ...COOPERATIVE, 'session.timeout.ms': '10000' };
  for (const id of ['c1', 'c2']) lab.consume(id, classic);
  settle('c1', 'c2');
  lab.produce('p', 8_000, RATE);
  const lives = ['c1', 'c2'].map((id) => ensure(lab.memory(id), id));
  for (const [index, id] of ['c1', 'c2'].entries()) {
    const other = index === 0 ? 'c2' : 'n0';
    lab.consume(`n${index}`, CONSUMER);
    lab.cluster.runUntilTrue('all three share', () => lab.isEven(id, other, `n${index}`));
    lab.cluster.kernel.signal(id, { type: 'terminate' });
    settle(other, `n${index}`);
  }
  lab.cluster.runUntilTrue('the tape has ended', () => lab.ended('p'));
  lab.cluster.runFor(2_000);
  expect(facts('n1').generationId).toBe(facts('n0').generationId);
  const read = new Set([
    ...lives.flatMap((memory, i) => lab.processed(`c${i + 1}`, memory)),
    ...['n0', 'n1'].flatMap((id) => lab.processed(id)),
  ]);
  expect([...read].sort()).toEqual(lab.written().sort());
});
