import { beforeEach, describe, expect, test } from 'vitest';
import { encodeAssignment, encodeSubscription } from '../../protocol/consumer-protocol.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import {
  BenchConsumer,
  beatBody,
  consumerGroup,
  enterBody,
} from '../../testing/group-requests/bench-consumer.ts';
import {
  commitBody,
  heartbeatBody,
  joinBody,
  sendJoin,
  syncBody,
} from '../../testing/group-requests/bench-members.ts';
import { CoordinatorBench } from '../../testing/group-requests/coordinator-bench.ts';
import { stateOf } from './consumer-group.ts';

const AT_ONCE = { 'group.consumer.assignment.interval.ms': '0', 'group.initial.rebalance.delay.ms': '0' };
const TOPICS = [
  { name: 't', partitions: 3 },
  { name: 'tt', partitions: 1 },
];

let bench: CoordinatorBench;
beforeEach(() => {
  bench = new CoordinatorBench(AT_ONCE, TOPICS);
});

const enter = (memberId: string, instanceId: string | null = null): BenchConsumer => {
  const consumer = new BenchConsumer(bench, memberId, instanceId);
  consumer.beat();
  return consumer;
};

const state = (): string | undefined => {
  const group = consumerGroup(bench);
  return group && stateOf(group);
};

const subscription = (owned: readonly number[] = []): string =>
  encodeSubscription({
    topics: ['t'],
    userData: null,
    ownedPartitions: owned.length === 0 ? [] : [{ topic: 't', partitions: owned }],
    generationId: -1,
    rackId: null,
  });

const classicProtocols = (owned: readonly number[] = []) => ({
  protocols: [{ name: 'range', metadata: subscription(owned) }],
});

/** A classic group of one member that has all partitions. Returns the member's id. */
function settleClassicGroup(): string {
  const { memberId, token } = sendJoin(bench, classicProtocols());
  bench.sleep(0);
  const generationId = bench.answered<'JoinGroup'>(token)?.generationId ?? -1;
  const assignment = encodeAssignment({
    partitions: [{ topic: 't', partitions: [0, 1, 2] }],
    userData: null,
  });
  bench.ask('SyncGroup', syncBody(memberId, generationId, { [memberId]: assignment }));
  return memberId;
}

describe('a member of the consumer protocol', () => {
  test('that keeps silent for its session is out, and the others get its partitions', () => {
    const a = enter('a');
    const b = enter('b');
    bench.sleep(40_000);
    b.beat();
    bench.sleep(6_000);
    expect(state()).toBe('Assigning');
    b.beat();
    expect(b.owned).toEqual([0, 1, 2]);
    expect(a.beat().errorCode).toBe(ERROR_CODES.UNKNOWN_MEMBER_ID);
  });

  test('that does not give up partitions within its rebalance timeout is out', () => {
    const a = enter('a');
    const b = enter('b');
    const told = bench.ask('ConsumerGroupHeartbeat', beatBody('a', a.epoch, [0, 1, 2]));
    expect(told.assignment?.topicPartitions[0]?.partitions).toHaveLength(2);
    bench.sleep(9_000);
    expect(bench.ask('ConsumerGroupHeartbeat', beatBody('a', a.epoch, [0, 1, 2])).errorCode).toBe(0);
    bench.sleep(1_100);
    expect(a.beat().errorCode).toBe(ERROR_CODES.UNKNOWN_MEMBER_ID);
    b.beat();
    expect(b.owned).toEqual([0, 1, 2]);
  });

  test('may come with the epoch before if the answer was lost, not with an older one', () => {
    const a = enter('a');
    const before = a.epoch;
    enter('b').leave();
    a.beat();
    expect(a.epoch).toBeGreaterThan(before);
    expect(bench.ask('ConsumerGroupHeartbeat', beatBody('a', before, [0])).memberEpoch).toBe(a.epoch);
    for (const stale of [beatBody('a', before, null), beatBody('a', 1, [0]), beatBody('a', a.epoch + 1, [0])])
      expect(bench.ask('ConsumerGroupHeartbeat', stale).errorCode).toBe(ERROR_CODES.FENCED_MEMBER_EPOCH);
    expect(bench.ask('ConsumerGroupHeartbeat', enterBody('a')).memberEpoch).toBe(a.epoch);
  });

  test('that is static gets its partitions back under another id', () => {
    const a = enter('a', 'i');
    const other = new BenchConsumer(bench, 'b', 'i');
    expect(other.beat().errorCode).toBe(ERROR_CODES.UNRELEASED_INSTANCE_ID);
    expect(a.leave(-2).memberEpoch).toBe(-2);
    const epoch = consumerGroup(bench)?.groupEpoch;
    expect(other.beat().assignment?.topicPartitions[0]?.partitions).toEqual([0, 1, 2]);
    expect(consumerGroup(bench)?.groupEpoch).toBe(epoch);
    expect(bench.ask('ConsumerGroupHeartbeat', { ...beatBody('a', 2), instanceId: 'i' }).errorCode).toBe(
      ERROR_CODES.FENCED_INSTANCE_ID,
    );
  });

  test('commits only as what it is', () => {
    const a = enter('a');
    const commit = (...args: Parameters<typeof commitBody>): number | undefined =>
      bench.ask('OffsetCommit', commitBody(...args), { version: 9 }).topics[0]?.partitions[0]?.errorCode;
    expect(commit(1, 'a', a.epoch)).toBe(0);
    expect(commit(1, 'a', a.epoch + 1)).toBe(ERROR_CODES.STALE_MEMBER_EPOCH);
    expect(commit(1, 'a', a.epoch - 1)).toBe(ERROR_CODES.STALE_MEMBER_EPOCH);
    expect(commit(1, 'nobody', a.epoch)).toBe(ERROR_CODES.UNKNOWN_MEMBER_ID);
    expect(commit(1)).toBe(ERROR_CODES.UNKNOWN_MEMBER_ID);
    const old = bench.ask('OffsetCommit', commitBody(1, 'a', a.epoch), { version: 8 });
    expect(old.topics[0]?.partitions[0]?.errorCode).toBe(ERROR_CODES.UNSUPPORTED_VERSION);
  });
});

describe('a group of the consumer protocol', () => {
  test('keeps its target until the assignment interval is over', () => {
    bench = new CoordinatorBench({}, TOPICS);
    const a = enter('a');
    const b = enter('b');
    expect([a.epoch, b.epoch, state()]).toEqual([2, 2, 'Assigning']);
    bench.sleep(999);
    b.beat();
    expect(b.epoch).toBe(2);
    bench.sleep(1);
    b.beat();
    expect([b.epoch, state()]).toEqual([3, 'Reconciling']);
  });

  test('that emptied does not make the next member wait', () => {
    bench = new CoordinatorBench({}, TOPICS);
    enter('a').leave();
    expect(consumerGroup(bench)).toMatchObject({ groupEpoch: 3, assignmentEpoch: 3 });
    expect(enter('b').owned).toEqual([0, 1, 2]);
  });

  test('comes out of the log as it was, and its members begin new sessions', () => {
    const a = enter('a');
    const b = enter('b');
    a.beat();
    const before = consumerGroup(bench);
    bench.resign();
    bench.beginElection();
    bench.finishElection();
    expect(consumerGroup(bench)).toEqual(before);
    for (let i = 0; i < 3; i++) for (const member of [a, b]) member.beat();
    expect(state()).toBe('Stable');
    bench.sleep(46_000);
    expect(consumerGroup(bench)?.members.size).toBe(0);
  });

  test('is told as it is committed', () => {
    enter('a');
    bench.holdCommits = true;
    bench.send('ConsumerGroupHeartbeat', enterBody('b'));
    const describe = () =>
      bench.ask('ConsumerGroupDescribe', { groupIds: ['g'], includeAuthorizedOperations: false }).groups[0];
    expect(describe()?.members).toHaveLength(1);
    bench.holdCommits = false;
    bench.commit();
    expect(describe()?.members).toHaveLength(2);
  });

  test('finds the topics that match an expression, also those that come later', () => {
    const topics = [...TOPICS];
    bench = new CoordinatorBench(AT_ONCE, topics);
    const subscribe = (subscribedTopicRegex: string) =>
      bench.ask('ConsumerGroupHeartbeat', enterBody('a', { subscribedTopicNames: [], subscribedTopicRegex }));
    for (const bad of ['(', 't(?=x)', 't{1001}', '(t)\\1'])
      expect(subscribe(bad).errorCode).toBe(ERROR_CODES.INVALID_REGULAR_EXPRESSION);
    expect(subscribe('tt.*').memberEpoch).toBe(1);
    bench.sleep(10);
    const assigned = bench.ask('ConsumerGroupHeartbeat', beatBody('a', 1, []));
    expect(assigned.assignment?.topicPartitions).toHaveLength(1);
    topics.push({ name: 'ttt', partitions: 2 });
    bench.sleep(10_001);
    bench.ask('ConsumerGroupHeartbeat', beatBody('a', 2, []));
    bench.sleep(10);
    const again = bench.ask('ConsumerGroupHeartbeat', beatBody('a', 2, []));
    expect(again.memberEpoch).toBe(3);
    expect(again.assignment?.topicPartitions).toHaveLength(2);
  });
});

describe('a classic group', () => {
  test('takes in a member of the consumer protocol, and is classic again when that one leaves', () => {
    const classic = settleClassicGroup();
    const modern = enter('m');
    expect([modern.epoch, modern.owned]).toEqual([2, []]);
    expect(bench.ask('Heartbeat', heartbeatBody(classic, 1)).errorCode).toBe(
      ERROR_CODES.REBALANCE_IN_PROGRESS,
    );
    const rejoin = (owned: readonly number[]) =>
      bench.ask('JoinGroup', joinBody({ memberId: classic, ...classicProtocols(owned) }));
    expect(rejoin([0, 1, 2]).generationId).toBe(1);
    expect(rejoin([0, 1]).generationId).toBe(2);
    expect(bench.ask('SyncGroup', syncBody(classic, 2)).errorCode).toBe(0);
    modern.beat();
    expect(modern.owned).toHaveLength(1);
    modern.leave();
    expect(consumerGroup(bench)).toBeUndefined();
    expect(bench.coordinator.shards.get(0)?.groups.get('g')?.state).toBe('PreparingRebalance');
    expect(bench.ask('Heartbeat', heartbeatBody(classic, 2)).errorCode).toBe(
      ERROR_CODES.REBALANCE_IN_PROGRESS,
    );
    expect(rejoin([0, 1])).toMatchObject({ errorCode: 0, generationId: 3, leader: classic });
  });

  test('stays as it is when it may not change over, or its members are no consumers', () => {
    bench = new CoordinatorBench({ ...AT_ONCE, 'group.consumer.migration.policy': 'downgrade' }, TOPICS);
    settleClassicGroup();
    expect(enter('m').epoch).toBe(0);
    bench = new CoordinatorBench(AT_ONCE, TOPICS);
    sendJoin(bench, { protocols: [{ name: 'range', metadata: 'opaque' }] });
    bench.sleep(0);
    const refused = bench.ask('ConsumerGroupHeartbeat', enterBody('m'));
    expect(refused.errorCode).toBe(ERROR_CODES.GROUP_ID_NOT_FOUND);
  });

  test('whose only member joins a group of the consumer protocol that is empty gets a group of its own', () => {
    enter('m').leave();
    const classic = settleClassicGroup();
    expect(consumerGroup(bench)).toBeUndefined();
    bench.resign();
    bench.beginElection();
    bench.finishElection();
    expect(consumerGroup(bench)).toBeUndefined();
    expect(bench.ask('Heartbeat', heartbeatBody(classic, 1)).errorCode).toBe(0);
  });
});
