import { describe, expect, test } from 'vitest';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { RequestBody } from '../../protocol/message.ts';
import {
  commitBody,
  fetchCommitted,
  joinBody,
  sendJoin,
  syncBody,
} from '../../testing/group-requests/bench-members.ts';
import { CoordinatorBench } from '../../testing/group-requests/coordinator-bench.ts';

const { FENCED_INSTANCE_ID, ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, UNSTABLE_OFFSET_COMMIT } = ERROR_CODES;
const AT_ONCE = { 'group.initial.rebalance.delay.ms': '0' };
const PRODUCER = { producerId: 7, producerEpoch: 0 };
const BY_NAME = { version: 5 };

interface Claim {
  readonly memberId?: string;
  readonly generation?: number;
  readonly instanceId?: string | null;
  readonly offset?: number;
}

function body({ memberId = '', generation = -1, instanceId = null, offset = 5 }: Claim) {
  const commit = { ...commitBody(offset, memberId, generation), groupInstanceId: instanceId };
  return { ...commit, ...PRODUCER, transactionalId: 'x' };
}

const errorOf = (bench: CoordinatorBench, claim: Claim): number | undefined =>
  bench.ask('TxnOffsetCommit', body(claim), BY_NAME).topics[0]?.partitions[0]?.errorCode;

/** A group `g` with one member, in its second generation: the first one was another's. */
function stableGroup(instanceId: string | null = null): { bench: CoordinatorBench; memberId: string } {
  const bench = new CoordinatorBench(AT_ONCE);
  if (instanceId === null) {
    const first = sendJoin(bench);
    bench.sleep(0);
    const leaving = { memberId: first.memberId, groupInstanceId: null, reason: null };
    bench.ask('LeaveGroup', { groupId: 'g', members: [leaving] });
    const { memberId } = sendJoin(bench);
    bench.sleep(0);
    bench.ask('SyncGroup', syncBody(memberId, GENERATION, { [memberId]: 'all' }));
    return { bench, memberId };
  }
  const token = bench.send('JoinGroup', joinBody({ groupInstanceId: instanceId }));
  bench.sleep(0);
  return { bench, memberId: bench.answered<'JoinGroup'>(token)?.memberId ?? '' };
}

/** The emptying of a group counts as a generation too. */
const GENERATION = 3;

describe('who may commit offsets in a transaction', () => {
  test.each<[string, Claim, number]>([
    ['the member in its generation', { generation: GENERATION }, NONE],
    ['the member in the generation before', { generation: GENERATION - 1 }, ILLEGAL_GENERATION],
    ['the member in a generation to come', { generation: GENERATION + 1 }, ILLEGAL_GENERATION],
    ['the member without a generation', { generation: -1 }, ILLEGAL_GENERATION],
    ['a stranger in this generation', { generation: GENERATION, memberId: 'who' }, UNKNOWN_MEMBER_ID],
    ['nobody in this generation', { generation: GENERATION, memberId: '' }, UNKNOWN_MEMBER_ID],
    ['nobody, which older clients are', { memberId: '' }, NONE],
    ['an instance that is no member', { memberId: '', instanceId: 'i' }, UNKNOWN_MEMBER_ID],
  ])('%s: %s → %i', (_, claim, errorCode) => {
    const { bench, memberId } = stableGroup();
    expect(errorOf(bench, { memberId, ...claim })).toBe(errorCode);
    bench.mark(PRODUCER, 'COMMIT');
    expect(fetchCommitted(bench)).toBe(errorCode === NONE ? 5 : undefined);
  });

  test('a member that another instance of its name has replaced is fenced off', () => {
    const { bench, memberId } = stableGroup('i');
    const token = bench.send('JoinGroup', joinBody({ groupInstanceId: 'i' }));
    bench.sleep(0);
    const next = bench.answered<'JoinGroup'>(token);
    const claim = { instanceId: 'i', generation: next?.generationId ?? 0 };
    expect(errorOf(bench, { ...claim, memberId })).toBe(FENCED_INSTANCE_ID);
    expect(errorOf(bench, { ...claim, memberId: next?.memberId ?? '' })).toBe(NONE);
  });

  test('while the group rebalances its members still may: their transactions end first', () => {
    const { bench, memberId } = stableGroup();
    const second = sendJoin(bench);
    expect(bench.answered<'JoinGroup'>(second.token)).toBeUndefined();
    expect(errorOf(bench, { memberId, generation: GENERATION })).toBe(NONE);
  });

  test('in a group that is not there only nobody may', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    expect(errorOf(bench, { memberId: 'm', generation: 1 })).toBe(ILLEGAL_GENERATION);
    expect(errorOf(bench, {})).toBe(NONE);
  });
});

describe('members of the consumer protocol', () => {
  const heartbeat = (memberEpoch: number): RequestBody<'ConsumerGroupHeartbeat'> => ({
    groupId: 'g',
    memberId: 'm',
    memberEpoch,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: 30_000,
    subscribedTopicNames: ['t'],
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions: memberEpoch === 0 ? [] : null,
  });

  test('commit in their epoch, in no other', () => {
    const bench = new CoordinatorBench();
    const { memberEpoch } = bench.ask('ConsumerGroupHeartbeat', heartbeat(0));
    const of = (generation: number, memberId = 'm') => errorOf(bench, { memberId, generation });
    expect(of(memberEpoch)).toBe(NONE);
    expect(of(memberEpoch + 1)).toBe(ILLEGAL_GENERATION);
    expect(of(memberEpoch - 1)).toBe(ILLEGAL_GENERATION);
    expect(of(memberEpoch, 'who')).toBe(UNKNOWN_MEMBER_ID);
    expect(of(-1, '')).toBe(NONE);
  });
});

describe('offsets of a transaction', () => {
  /** What a consumer that waits for what is open is told of `t`-0. */
  function stable(bench: CoordinatorBench): { offset: number | undefined; errorCode: number | undefined } {
    const partitions = { name: 't', topicId: 'A'.repeat(22), partitionIndexes: [0] };
    const group = { groupId: 'g', memberId: null, memberEpoch: -1, topics: [partitions] };
    const answer = bench.ask('OffsetFetch', { groups: [group], requireStable: true }, { version: 9 });
    const fetched = answer.groups[0]?.topics[0]?.partitions[0];
    return { offset: fetched?.committedOffset, errorCode: fetched?.errorCode };
  }

  test.each([
    ['COMMIT', 5],
    ['ABORT', 3],
  ] as const)('hold from the marker on: %s', (type, offset) => {
    const { bench, memberId } = stableGroup();
    bench.ask('OffsetCommit', commitBody(3, memberId, GENERATION), { version: 9 });
    expect(errorOf(bench, { memberId, generation: GENERATION })).toBe(NONE);
    expect(fetchCommitted(bench)).toBe(3);
    expect(stable(bench)).toMatchObject({ errorCode: UNSTABLE_OFFSET_COMMIT });
    bench.mark(PRODUCER, type);
    expect(fetchCommitted(bench)).toBe(offset);
    expect(stable(bench)).toEqual({ offset, errorCode: NONE });
  });

  test('outlive their coordinator', () => {
    const { bench } = stableGroup();
    expect(errorOf(bench, {})).toBe(NONE);
    bench.resign();
    bench.beginElection();
    bench.finishElection();
    expect(stable(bench)).toMatchObject({ errorCode: UNSTABLE_OFFSET_COMMIT });
    bench.mark(PRODUCER, 'COMMIT');
    expect(stable(bench)).toEqual({ offset: 5, errorCode: NONE });
  });

  test('of another producer are not touched by a marker', () => {
    const { bench } = stableGroup();
    expect(errorOf(bench, {})).toBe(NONE);
    bench.mark({ producerId: 8, producerEpoch: 0 }, 'ABORT');
    expect(stable(bench)).toMatchObject({ errorCode: UNSTABLE_OFFSET_COMMIT });
    bench.mark(PRODUCER, 'COMMIT');
    expect(fetchCommitted(bench)).toBe(5);
  });
});
