import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AdminAct } from '../api/admin-act.ts';
import { parseScenarioText } from '../api/scenario-parse.ts';
import type { GroupSpec, Tape } from '../api/scenario.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import type { ConsumerMemory } from '../client/programs/consumer-memory.ts';
import { leanScenario } from '../testing/lean-scenario.ts';
import { cell, Desk } from '../testing/desk.ts';

describe('topics and partitions', () => {
  let desk: Desk;
  beforeAll(() => {
    desk = new Desk({ ...leanScenario(5), applications: [], groups: [] });
  });

  test('a topic is made, grown, described and deleted, and what cannot be is refused in Kafka’s words', () => {
    const make = { type: 'create-topic', topic: 'orders', partitions: 2, replicationFactor: 3 } as const;
    expect(desk.use(make)).toMatchObject({ tool: 'kafka-topics', done: true, error: null });
    expect(desk.use(make)).toMatchObject({
      done: false,
      error: 'TOPIC_ALREADY_EXISTS',
      message: "Topic 'orders' already exists.",
    });
    expect(desk.use({ ...make, topic: 'no such', partitions: 1 })).toMatchObject({
      error: 'INVALID_TOPIC_EXCEPTION',
    });
    expect(desk.use({ type: 'create-partitions', topic: 'orders', partitions: 1 })).toMatchObject({
      error: 'INVALID_PARTITIONS',
    });
    expect(desk.use({ type: 'create-partitions', topic: 'orders', partitions: 4 })).toMatchObject({
      done: true,
    });
    const described = desk.use({ type: 'describe', what: 'topic', name: 'orders' });
    expect(described?.table?.rows).toHaveLength(4);
    expect(cell(described, 3, 'In sync')?.split(', ')).toHaveLength(3);
    expect(desk.entities().some(({ id }) => id === 'partition:orders-3')).toBe(true);
    expect(desk.use({ type: 'delete-topic', topic: 'orders' })).toMatchObject({ done: true });
    expect(desk.entities().some(({ id }) => id.includes('orders'))).toBe(false);
    const topics = desk.use({ type: 'describe', what: 'topics' });
    expect(topics?.table?.rows.map(([name]) => name)).toEqual(['clicks', 'views']);
    expect(desk.simulation.violations).toEqual([]);
  });

  test('a partition gets other replicas, then its preferred leader back', () => {
    const at = { topic: 'clicks', partition: 0 };
    const row = () => desk.use({ type: 'describe', what: 'topic', name: 'clicks' });
    const replicas = (cell(row(), 0, 'Replicas') ?? '').split(', ').map(Number);
    const turned = [...replicas.slice(1), ...replicas.slice(0, 1)];
    expect(desk.use({ type: 'reassign-partition', ...at, replicas: [9] })).toMatchObject({
      error: 'INVALID_REPLICA_ASSIGNMENT',
    });
    expect(desk.use({ type: 'reassign-partition', ...at, replicas: turned })).toMatchObject({ done: true });
    const after = row();
    expect(cell(after, 0, 'Replicas')).toBe(turned.join(', '));
    expect(cell(after, 0, 'Leader')).toBe(`${replicas[0]}`);
    expect(desk.use({ type: 'elect-leaders', election: 'preferred', ...at })).toMatchObject({ done: true });
    expect(cell(row(), 0, 'Leader')).toBe(`${turned[0]}`);
    expect(desk.use({ type: 'reassign-partition', ...at, replicas: null })).toMatchObject({
      error: 'NO_REASSIGNMENT_IN_PROGRESS',
    });
    expect(desk.use({ type: 'elect-leaders', election: 'unclean' })).toMatchObject({ done: true });
  });

  test('records are deleted at the leader, which is looked for while there is none', () => {
    const at = { topic: 'clicks', partition: 1 };
    const deleted = desk.use({ type: 'delete-records', ...at, offset: 5 });
    expect(deleted).toMatchObject({ message: 'The log of clicks-1 begins at offset 5 now.' });
    expect(desk.use({ type: 'delete-records', ...at, offset: 1_000_000 })).toMatchObject({
      error: 'OFFSET_OUT_OF_RANGE',
    });
    const leader = cell(desk.use({ type: 'describe', what: 'topic', name: 'clicks' }), 1, 'Leader');
    desk.simulation.act({ type: 'crash', node: `b${leader}` });
    expect(desk.use({ type: 'delete-records', ...at, offset: 6 }, 12)).toMatchObject({ done: true });
    desk.simulation.act({ type: 'start', node: `b${leader}` });
    desk.run(5);
    expect(desk.simulation.violations).toEqual([]);
  });

  test('a topic that is deleted while it is written to comes back as another one, and no rule mixes them up', () => {
    desk = new Desk({ ...leanScenario(5), applications: [], groups: [] });
    const before = desk.simulation.kernelState().trace.end;
    expect(desk.use({ type: 'delete-topic', topic: 'clicks' }, 5)).toMatchObject({ done: true });
    const { trace } = desk.simulation.kernelState();
    const made = Array.from(
      { length: trace.end - before },
      (_, i) => trace.at(before + i).data as TraceEventData,
    );
    expect(made).toContainEqual({ type: 'topic-created', topic: 'clicks', partitions: 1 });
    expect(cell(desk.use({ type: 'describe', what: 'topic', name: 'clicks' }), 0, 'Leader')).toMatch(/[123]/);
    expect(desk.simulation.violations).toEqual([]);
  });
});

describe('groups', () => {
  let desk: Desk;
  beforeAll(() => {
    desk = new Desk({ ...leanScenario(5), applications: [], groups: [CLICK_READERS] });
    desk.run(10);
  });

  test('only a group without members can be put elsewhere, and then it reads from there', () => {
    const group = 'readers';
    const reset = { type: 'reset-offsets', group, topic: 'clicks', to: 'earliest' } as const;
    expect(desk.use(reset)).toMatchObject({
      done: false,
      error: null,
      message: expect.stringContaining('the current state is Stable') as string,
    });
    expect(desk.use({ type: 'delete-group', group })).toMatchObject({ error: 'NON_EMPTY_GROUP' });
    expect(desk.use({ type: 'delete-offsets', group, topic: 'clicks' })).toMatchObject({
      error: 'GROUP_SUBSCRIBED_TO_TOPIC',
    });
    desk.simulation.act({ type: 'shut-down', node: 'readers-1' });
    desk.run(3);
    const offsetsAfter = (act: AdminAct): readonly (string | undefined)[] => {
      const printed = desk.use(act);
      return [0, 1, 2].map((row) => cell(printed, row, 'New offset'));
    };
    expect(offsetsAfter({ ...reset, to: 'offset', position: 4 })).toEqual(['4', '4', '4']);
    const ends = offsetsAfter({ ...reset, to: 'latest' });
    expect(ends.map(Number).reduce((a, b) => a + b)).toBeGreaterThan(60);
    expect(offsetsAfter({ ...reset, to: 'timestamp', position: 8e14 }).map(Number)).not.toContain(0);
    expect(offsetsAfter(reset)).toEqual(['0', '0', '0']);
    desk.simulation.act({ type: 'start', node: 'readers-1' });
    desk.run(12);
    const described = desk.use({ type: 'describe', what: 'group', name: group });
    expect(described).toMatchObject({ message: 'Group readers is Stable. Members: 1.' });
    expect(described?.table?.rows.map((row) => row.at(-1))).not.toContain('-1');
    expect(Number(cell(described, 0, 'Committed'))).toBeGreaterThan(4);
    expect(new Set(desk.simulation.violations.map(({ name }) => name))).toEqual(
      new Set(['CommittedOffsetSane']), // excused: it is what was asked for
    );
  });

  test('members are taken out, offsets are deleted, and so is the group in the end', () => {
    const group = 'readers';
    expect(desk.use({ type: 'remove-members', group }, 1)).toMatchObject({
      message: 'Members removed from group readers: 1.',
    });
    desk.run(5);
    desk.simulation.act({ type: 'shut-down', node: 'readers-1' });
    desk.run(3);
    expect(desk.use({ type: 'delete-offsets', group, topic: 'clicks' })).toMatchObject({ done: true });
    expect(desk.use({ type: 'describe', what: 'group', name: group })?.table?.rows).toEqual([]);
    expect(desk.use({ type: 'delete-group', group })).toMatchObject({ done: true });
    expect(desk.use({ type: 'delete-group', group })).toMatchObject({ error: 'GROUP_ID_NOT_FOUND' });
    expect(desk.use({ type: 'describe', what: 'groups' })?.table?.rows).toEqual([]);
  });
});

const CLICK_READERS: GroupSpec = {
  id: 'readers',
  topic: 'clicks',
  members: 1,
  workMicros: 500,
  config: { 'auto.offset.reset': 'earliest', 'auto.commit.interval.ms': '1000' },
};

const longTape = (): Tape => {
  const rows = Array.from({ length: 1_200 }, (_, row) => row);
  return {
    count: rows.length,
    timestamps: rows.map((row) => 1_431_857_100_000 + row),
    keys: rows.map((row) => `k${row % 5}`),
    values: rows.map((row) => `${row}`),
  };
};

test('the transaction that hangs in the museum is found, and aborted its reader goes on', () => {
  const parsed = parseScenarioText(readFileSync('public/museum/hanging-transaction.json', 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const desk = new Desk(parsed.value, { p1: longTape(), p2: longTape() });
  desk.run(27);
  const find = { type: 'find-hanging', topic: 'clicks', olderThanMs: 8_000 } as const;
  const found = desk.use(find);
  expect(found?.message).toMatch(/^A transaction hangs in clicks-0 since \d+\.$/);
  const offset = Number(cell(found, 0, 'Start offset'));
  const at = { topic: 'clicks', partition: 0 };
  const read = () =>
    (desk.simulation.kernelState().nodes.get('readers-1')?.memory as ConsumerMemory).processed;
  const before = read();
  expect(before).toBeLessThanOrEqual(offset);
  expect(desk.use({ type: 'abort-transaction', ...at, offset: offset + 1 })).toMatchObject({
    done: false,
    message: `No open transaction begins at offset ${offset + 1} of clicks-0.`,
  });
  expect(desk.use({ type: 'abort-transaction', ...at, offset }, 5)).toMatchObject({
    done: true,
    error: null,
  });
  expect(read()).toBeGreaterThan(before);
  expect(desk.use(find)).toMatchObject({ message: 'No transaction hangs in clicks.' });
});

test('a transaction is terminated by taking its producer’s epoch away; a broker that is down is unregistered', () => {
  const [producer] = leanScenario(5).producers;
  if (producer === undefined) throw new Error('no producer');
  const transactional = {
    ...producer,
    transactions: { records: 400 },
    config: { 'transactional.id': 'tx', 'transaction.timeout.ms': '60000' },
  };
  const desk = new Desk({ ...leanScenario(5), applications: [], groups: [], producers: [transactional] });
  desk.run(5);
  const described = () => desk.use({ type: 'describe', what: 'transaction', name: 'tx' });
  expect(described()?.message).toBe('The transaction of tx is Ongoing.');
  expect(desk.use({ type: 'terminate-transaction', transactionalId: 'tx' })).toMatchObject({ done: true });
  expect(described()?.message).toBe('The transaction of tx is Empty.');
  expect(
    desk.use({ type: 'update-feature', feature: 'metadata.version', level: 1, change: 'upgrade' }),
  ).toMatchObject({ done: false, error: expect.any(String) as string });
  expect(desk.use({ type: 'unregister-broker', broker: 9 })).toMatchObject({
    error: 'BROKER_ID_NOT_REGISTERED',
  });
  expect(desk.use({ type: 'describe', what: 'quorum' })?.table?.rows).toHaveLength(4);
});

describe('share groups', () => {
  test('one is described, put back and forgotten once it has no members, and begins anew where it was put', () => {
    const workers = { id: 'workers', topic: 'clicks', members: 1, workMicros: 0, config: {} };
    const shareGroups = [{ ...workers, groupConfig: { 'share.auto.offset.reset': 'earliest' } }];
    const scenario = { ...leanScenario(5), applications: [], groups: [], shareGroups };
    const desk = new Desk({
      ...scenario,
      brokerConfig: { ...scenario.brokerConfig, 'share.coordinator.state.topic.num.partitions': '1' },
    });
    desk.run(25);
    const group = 'workers';
    const describeIt = { type: 'describe', what: 'share-group', name: group } as const;
    const starts = () => {
      const rows = desk.use(describeIt)?.table?.rows ?? [];
      return rows.map(([, , start]) => Number(start));
    };
    expect(Math.min(...starts())).toBeGreaterThan(0);
    expect(desk.use({ type: 'describe', what: 'share-groups' })?.table?.rows).toEqual([
      [group, 'share', 'Stable'],
    ]);
    const reset = { type: 'reset-share-offsets', group, topic: 'clicks', to: 'earliest' } as const;
    expect(desk.use(reset)).toMatchObject({ tool: 'kafka-share-groups', done: false });
    desk.simulation.act({ type: 'shut-down', node: 'workers-1' });
    desk.run(3);
    expect(desk.use(reset)).toMatchObject({ done: true });
    expect(starts()).toEqual([0, 0, 0]);
    desk.simulation.act({ type: 'start', node: 'workers-1' });
    desk.run(15);
    // What is stored says where it stood before the last of it was accepted; the leaders know better.
    const shared = desk.entities().flatMap((entity) => (entity.kind === 'group' ? (entity.share ?? []) : []));
    expect(shared.map(({ start }) => start > 0)).toEqual([true, true, true]);
    desk.simulation.act({ type: 'shut-down', node: 'workers-1' });
    desk.run(3);
    expect(desk.use({ type: 'delete-share-offsets', group, topic: 'clicks' })).toMatchObject({ done: true });
    expect(starts()).toEqual([]);
    expect(desk.use({ type: 'delete-share-group', group })).toMatchObject({ done: true });
    expect(desk.use(describeIt)).toMatchObject({ error: 'GROUP_ID_NOT_FOUND' });
    expect(desk.simulation.violations).toEqual([]);
  });
});
