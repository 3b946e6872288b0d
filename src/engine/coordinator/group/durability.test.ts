import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import {
  commitBody,
  fetchCommitted,
  heartbeatBody,
  joinBody,
  sendJoin,
  syncBody,
} from '../../testing/group-requests/bench-members.ts';
import { CoordinatorBench } from '../../testing/group-requests/coordinator-bench.ts';
import { groupFacts } from './group-facts.ts';

const AT_ONCE = { 'group.initial.rebalance.delay.ms': '0' };
const V9 = { version: 9 };

function stableGroup(bench: CoordinatorBench): string {
  const { memberId } = sendJoin(bench);
  bench.sleep(0);
  bench.ask('SyncGroup', syncBody(memberId, 1, { [memberId]: 'all' }));
  return memberId;
}

const errorOfCommit = (bench: CoordinatorBench, token: number): number | undefined =>
  bench.answered<'OffsetCommit'>(token)?.topics[0]?.partitions[0]?.errorCode;

describe('a commit', () => {
  test('is neither answered nor seen before its record is committed', () => {
    const bench = new CoordinatorBench();
    bench.ask('OffsetCommit', commitBody(5), V9);
    bench.holdCommits = true;
    const token = bench.send('OffsetCommit', commitBody(7), V9);
    expect([errorOfCommit(bench, token), fetchCommitted(bench)]).toEqual([undefined, 5]);
    bench.holdCommits = false;
    bench.commit();
    expect([errorOfCommit(bench, token), fetchCommitted(bench)]).toEqual([0, 7]);
  });

  test('that is not replicated in time fails after 5 s, and is seen all the same once it is', () => {
    const bench = new CoordinatorBench();
    bench.holdCommits = true;
    const token = bench.send('OffsetCommit', commitBody(7), V9);
    bench.sleep(4_999);
    expect(errorOfCommit(bench, token)).toBeUndefined();
    bench.sleep(1);
    expect(errorOfCommit(bench, token)).toBe(ERROR_CODES.COORDINATOR_NOT_AVAILABLE);
    expect(fetchCommitted(bench)).toBeUndefined();
    bench.holdCommits = false;
    bench.commit();
    expect(fetchCommitted(bench)).toBe(7);
  });

  test('of which two wait is seen one by one', () => {
    const bench = new CoordinatorBench();
    bench.holdCommits = true;
    bench.send('OffsetCommit', commitBody(7), V9);
    bench.sleep(2_000);
    const second = bench.send('OffsetCommit', commitBody(8), V9);
    expect(fetchCommitted(bench)).toBeUndefined();
    bench.sleep(3_500);
    expect(errorOfCommit(bench, second)).toBeUndefined();
    bench.sleep(1_500);
    expect(errorOfCommit(bench, second)).toBe(ERROR_CODES.COORDINATOR_NOT_AVAILABLE);
  });

  test('that cannot be appended leaves nothing behind', () => {
    const bench = new CoordinatorBench();
    bench.appendError = ERROR_CODES.NOT_ENOUGH_REPLICAS;
    const token = bench.send('OffsetCommit', commitBody(7), V9);
    expect(errorOfCommit(bench, token)).toBe(ERROR_CODES.COORDINATOR_NOT_AVAILABLE);
    expect(groupFacts(bench.coordinator)).toEqual([]);
  });

  test('makes a stable fetch wait, not a plain one', () => {
    const bench = new CoordinatorBench();
    bench.holdCommits = true;
    bench.send('OffsetCommit', commitBody(7), V9);
    const group = { groupId: 'g', memberId: null, memberEpoch: -1, topics: null };
    const token = bench.send(
      'OffsetFetch',
      { groups: [group, { ...group, groupId: 'h' }], requireStable: true },
      V9,
    );
    expect(bench.answered<'OffsetFetch'>(token)).toBeUndefined();
    bench.holdCommits = false;
    bench.commit();
    const answer = bench.answered<'OffsetFetch'>(token);
    expect(answer?.groups.map(({ groupId }) => groupId)).toEqual(['g', 'h']);
    expect(answer?.groups[0]?.topics[0]?.partitions[0]?.committedOffset).toBe(7);
  });
});

describe('an assignment', () => {
  test('reaches nobody before it is committed', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    const { memberId } = sendJoin(bench);
    bench.sleep(0);
    bench.holdCommits = true;
    const token = bench.send('SyncGroup', syncBody(memberId, 1, { [memberId]: 'all' }));
    expect(bench.answered<'SyncGroup'>(token)).toBeUndefined();
    bench.holdCommits = false;
    bench.commit();
    expect(bench.answered<'SyncGroup'>(token)?.assignment).toBe('all');
  });

  test('that cannot be stored begins another rebalance', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    const { memberId } = sendJoin(bench);
    bench.sleep(0);
    bench.appendError = ERROR_CODES.NOT_ENOUGH_REPLICAS;
    const { errorCode } = bench.ask('SyncGroup', syncBody(memberId, 1, { [memberId]: 'all' }));
    expect(errorCode).toBe(ERROR_CODES.COORDINATOR_NOT_AVAILABLE);
    expect(groupFacts(bench.coordinator)[0]?.state).toBe('PreparingRebalance');
  });
});

describe('a static member’s new id', () => {
  test('is taken back if it cannot be stored', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    const first = bench.send('JoinGroup', joinBody({ groupInstanceId: 'i1' }));
    bench.sleep(0);
    const memberId = bench.answered<'JoinGroup'>(first)?.memberId ?? '';
    const isStatic = { groupInstanceId: 'i1' };
    bench.ask('SyncGroup', { ...syncBody(memberId, 1, { [memberId]: 'all' }), ...isStatic });
    bench.appendError = ERROR_CODES.NOT_ENOUGH_REPLICAS;
    const again = bench.ask('JoinGroup', joinBody(isStatic));
    expect(again.errorCode).toBe(ERROR_CODES.COORDINATOR_NOT_AVAILABLE);
    expect(bench.ask('Heartbeat', { ...heartbeatBody(memberId, 1), ...isStatic }).errorCode).toBe(0);
    bench.sleep(10_000);
    expect(groupFacts(bench.coordinator)[0]?.members).toEqual([]);
  });
});

describe('a new coordinator', () => {
  test('has the generation, its members and the offsets, and gives members a whole session', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    const memberId = stableGroup(bench);
    bench.ask('OffsetCommit', commitBody(7, memberId, 1), V9);
    const before = groupFacts(bench.coordinator);
    bench.sleep(9_000);
    bench.resign();
    expect(bench.ask('Heartbeat', heartbeatBody(memberId, 1)).errorCode).toBe(ERROR_CODES.NOT_COORDINATOR);
    bench.beginElection();
    const loading = bench.ask('OffsetCommit', commitBody(8, memberId, 1), V9);
    expect(loading.topics[0]?.partitions[0]?.errorCode).toBe(ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS);
    expect(bench.ask('Heartbeat', heartbeatBody(memberId, 1)).errorCode).toBe(0);
    bench.finishElection();
    expect(groupFacts(bench.coordinator)).toEqual(before);
    bench.sleep(9_999);
    expect(groupFacts(bench.coordinator)).toEqual(before);
    bench.sleep(1);
    expect(groupFacts(bench.coordinator)).toMatchObject([{ state: 'Empty', generation: 2 }]);
  });

  test('does not know of a rebalance that was under way: its members go on as before', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    const memberId = stableGroup(bench);
    const { token } = sendJoin(bench);
    expect(bench.answered<'JoinGroup'>(token)).toBeUndefined();
    bench.resign();
    expect(bench.answered<'JoinGroup'>(token)?.errorCode).toBe(ERROR_CODES.NOT_COORDINATOR);
    expect(bench.pendingTimers).toBe(0);
    bench.beginElection();
    bench.finishElection();
    expect(bench.ask('Heartbeat', heartbeatBody(memberId, 1)).errorCode).toBe(0);
  });

  test('of what was written and not replicated tells the client to look for the coordinator', () => {
    const bench = new CoordinatorBench();
    bench.holdCommits = true;
    const token = bench.send('OffsetCommit', commitBody(7), V9);
    bench.resign();
    expect(errorOfCommit(bench, token)).toBe(ERROR_CODES.NOT_COORDINATOR);
  });
});

test('a new coordinator shows what it found above the high watermark only once that is committed', () => {
  const bench = new CoordinatorBench();
  bench.ask('OffsetCommit', commitBody(5), V9);
  bench.holdCommits = true;
  bench.send('OffsetCommit', commitBody(6), V9);
  bench.send('OffsetCommit', commitBody(7), V9);
  bench.beginElection();
  bench.finishElection();
  expect(fetchCommitted(bench)).toBe(5);
  bench.holdCommits = false;
  bench.commit();
  expect(fetchCommitted(bench)).toBe(7);
});

describe('retention', () => {
  const MINUTE = 60_000;
  const RETENTION = {
    ...AT_ONCE,
    'offsets.retention.minutes': '60',
    'group.max.session.timeout.ms': '86400000',
  };

  test('removes the offsets of an empty group, then the group, also from the log', () => {
    const bench = new CoordinatorBench(RETENTION);
    bench.ask('OffsetCommit', commitBody(7), V9);
    bench.sleep(59 * MINUTE);
    expect(fetchCommitted(bench)).toBe(7);
    bench.sleep(11 * MINUTE);
    expect(groupFacts(bench.coordinator)).toEqual([]);
    bench.beginElection();
    bench.finishElection();
    expect(groupFacts(bench.coordinator)).toEqual([]);
  });

  test('begins when the group gets empty, and spares what members subscribe', () => {
    const bench = new CoordinatorBench(RETENTION);
    // Version 0 of a consumer's subscription: the topic "t", no user data.
    const metadata = '\0\0' + '\0\0\0\x01' + '\0\x01t' + '\xff\xff\xff\xff';
    const protocols = [{ name: 'range', metadata }];
    const { memberId } = sendJoin(bench, { protocols, sessionTimeoutMs: 120 * MINUTE });
    bench.sleep(0);
    bench.ask('SyncGroup', syncBody(memberId, 1, { [memberId]: 'all' }));
    bench.ask('OffsetCommit', commitBody(7, memberId, 1), V9);
    bench.sleep(110 * MINUTE);
    expect(fetchCommitted(bench)).toBe(7);
    bench.ask('LeaveGroup', { groupId: 'g', members: [{ memberId, groupInstanceId: null, reason: null }] });
    bench.sleep(50 * MINUTE);
    expect(fetchCommitted(bench)).toBe(7);
    bench.sleep(20 * MINUTE);
    expect(fetchCommitted(bench)).toBeUndefined();
  });
});

describe('deletion', () => {
  test('takes empty groups with their offsets, one answer for all', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    stableGroup(bench);
    bench.ask('OffsetCommit', { ...commitBody(1), groupId: 'h' }, V9);
    const { results } = bench.ask('DeleteGroups', { groupsNames: ['g', 'none', 'h'] });
    expect(results.map(({ groupId, errorCode }) => [groupId, errorCode])).toEqual([
      ['g', ERROR_CODES.NON_EMPTY_GROUP],
      ['none', ERROR_CODES.GROUP_ID_NOT_FOUND],
      ['h', 0],
    ]);
    expect(groupFacts(bench.coordinator).map(({ groupId }) => groupId)).toEqual(['g']);
  });

  test('of offsets spares subscribed topics and names unknown ones', () => {
    const bench = new CoordinatorBench();
    bench.ask('OffsetCommit', commitBody(7), V9);
    const topics = ['t', 'zz'].map((name) => ({ name, partitions: [{ partitionIndex: 0 }] }));
    const answer = bench.ask('OffsetDelete', { groupId: 'g', topics });
    expect(answer.topics.map(({ partitions }) => partitions[0]?.errorCode)).toEqual([
      0,
      ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
    ]);
    expect(fetchCommitted(bench)).toBeUndefined();
    expect(bench.ask('OffsetDelete', { groupId: 'none', topics }).errorCode).toBe(
      ERROR_CODES.GROUP_ID_NOT_FOUND,
    );
  });
});

test('an offset’s note may be 4096 characters long', () => {
  const bench = new CoordinatorBench();
  const commit = (committedMetadata: string): number | undefined => {
    const partitions = [
      { partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: 0, committedMetadata },
    ];
    const body = { ...commitBody(1), topics: [{ topicId: ZERO_UUID, name: 't', partitions }] };
    return bench.ask('OffsetCommit', body, V9).topics[0]?.partitions[0]?.errorCode;
  };
  expect([commit('x'.repeat(4_096)), commit('x'.repeat(4_097))]).toEqual([
    0,
    ERROR_CODES.OFFSET_METADATA_TOO_LARGE,
  ]);
});
