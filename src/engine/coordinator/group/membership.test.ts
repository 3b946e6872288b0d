import { describe, expect, test } from 'vitest';
import { fork } from '../../base/fork.ts';
import { digestOf } from '../../base/digest.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { heartbeatBody, joinBody, sendJoin, syncBody } from '../../testing/group-requests/bench-members.ts';
import { CoordinatorBench } from '../../testing/group-requests/coordinator-bench.ts';
import { groupFacts } from './group-facts.ts';
import { electProtocol } from './protocol-election.ts';

const AT_ONCE = { 'group.initial.rebalance.delay.ms': '0' };

/** A Stable group of one member in generation 1. */
function stableGroup(bench: CoordinatorBench): string {
  const { memberId } = sendJoin(bench);
  bench.sleep(0);
  bench.ask('SyncGroup', syncBody(memberId, 1, { [memberId]: 'all' }));
  return memberId;
}

describe('the initial rebalance delay', () => {
  /** When (ms) the first member's join is answered if others come at these times. */
  function answeredAfter(
    bench: CoordinatorBench,
    arrivals: readonly number[],
    rebalanceTimeoutMs: number,
  ): number {
    const { token } = sendJoin(bench, { rebalanceTimeoutMs });
    for (let ms = 0; ms <= 100_000; ms += 100) {
      if (bench.answered<'JoinGroup'>(token) !== undefined) return ms;
      if (arrivals.includes(ms)) sendJoin(bench, { rebalanceTimeoutMs });
      bench.sleep(100);
    }
    throw new Error('never answered');
  }

  test('is 3 s, and one more each time somebody came meanwhile', () => {
    expect(answeredAfter(new CoordinatorBench(), [], 30_000)).toBe(3_000);
    expect(answeredAfter(new CoordinatorBench(), [1_000], 30_000)).toBe(6_000);
    expect(answeredAfter(new CoordinatorBench(), [1_000, 4_000], 30_000)).toBe(9_000);
  });

  test('ends with the rebalance timeout however many come', () => {
    expect(answeredAfter(new CoordinatorBench(), [1_000, 4_000, 7_000, 8_500], 8_000)).toBe(8_000);
  });
});

describe('members', () => {
  test('that never sync are removed after the rebalance timeout, and the others rebalance', () => {
    const bench = new CoordinatorBench({ ...AT_ONCE, 'group.initial.rebalance.delay.ms': '100' });
    const first = sendJoin(bench, { rebalanceTimeoutMs: 5_000 });
    const second = sendJoin(bench, { rebalanceTimeoutMs: 5_000 });
    bench.sleep(300);
    expect(bench.answered<'JoinGroup'>(second.token)?.generationId).toBe(1);
    bench.ask('SyncGroup', syncBody(first.memberId, 1, { [first.memberId]: 'all' }));
    bench.sleep(4_000);
    expect(bench.ask('Heartbeat', heartbeatBody(second.memberId, 1)).errorCode).toBe(0);
    bench.sleep(1_000);
    expect(bench.ask('Heartbeat', heartbeatBody(second.memberId, 1)).errorCode).toBe(
      ERROR_CODES.UNKNOWN_MEMBER_ID,
    );
    expect(bench.ask('Heartbeat', heartbeatBody(first.memberId, 1)).errorCode).toBe(
      ERROR_CODES.REBALANCE_IN_PROGRESS,
    );
    expect(bench.traces).toContainEqual({
      type: 'member-removed',
      group: 'g',
      member: second.memberId,
      reason: 'did not sync',
    });
  });

  test('beyond group.max.size are turned away, those inside stay', () => {
    const bench = new CoordinatorBench({ ...AT_ONCE, 'group.max.size': '1' });
    const memberId = stableGroup(bench);
    const second = bench.ask('JoinGroup', joinBody());
    expect([second.errorCode, second.memberId]).toEqual([ERROR_CODES.GROUP_MAX_SIZE_REACHED, '']);
    expect(bench.ask('Heartbeat', heartbeatBody(memberId, 1)).errorCode).toBe(0);
  });

  test('that use a member id too late have to begin again', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    const { memberId } = bench.ask('JoinGroup', joinBody({ sessionTimeoutMs: 6_000 }));
    bench.sleep(6_000);
    expect(bench.ask('JoinGroup', joinBody({ memberId })).errorCode).toBe(ERROR_CODES.UNKNOWN_MEMBER_ID);
  });

  test('with no protocol in common with the others are refused', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    stableGroup(bench);
    const other = joinBody({ protocols: [{ name: 'mine', metadata: '' }] });
    expect(bench.ask('JoinGroup', other).errorCode).toBe(ERROR_CODES.INCONSISTENT_GROUP_PROTOCOL);
  });

  test('that are static and do not come back keep their place until they fail to sync', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    const join = { groupInstanceId: 'i1', rebalanceTimeoutMs: 2_000 };
    const token = bench.send('JoinGroup', joinBody(join));
    bench.sleep(0);
    const memberId = bench.answered<'JoinGroup'>(token)?.memberId ?? '';
    bench.ask('SyncGroup', { ...syncBody(memberId, 1, { [memberId]: 'all' }), groupInstanceId: 'i1' });
    const second = sendJoin(bench, { rebalanceTimeoutMs: 2_000 });
    bench.sleep(2_000);
    const answer = bench.answered<'JoinGroup'>(second.token);
    expect(answer?.leader).toBe(second.memberId);
    expect(answer?.members.map((member) => member.groupInstanceId)).toEqual(['i1', null]);
    bench.ask('SyncGroup', syncBody(second.memberId, 2));
    bench.sleep(2_000);
    expect(bench.traces).toContainEqual({
      type: 'member-removed',
      group: 'g',
      member: memberId,
      reason: 'did not sync',
    });
  });

  test('leave and the group tells what happened', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    const memberId = stableGroup(bench);
    bench.ask('LeaveGroup', { groupId: 'g', members: [{ memberId, groupInstanceId: null, reason: null }] });
    expect(bench.traces.map(({ type }) => type)).toEqual([
      'rebalance-begun',
      'generation-began',
      'member-removed',
      'rebalance-begun',
      'group-empty',
    ]);
    expect(groupFacts(bench.coordinator)).toMatchObject([
      { groupId: 'g', state: 'Empty', generation: 2, members: [] },
    ]);
  });
});

describe('the protocol', () => {
  test('with most votes wins; a tie is decided as a HashMap of the JVM decides it', () => {
    expect(electProtocol(['range', 'sticky', 'sticky'])).toBe('sticky');
    // Bucket of 16: "sticky" and "x" 8, "range" 9, "roundrobin" 10, "cooperative-sticky" 15.
    expect(electProtocol(['range', 'sticky'])).toBe('sticky');
    expect(electProtocol(['cooperative-sticky', 'roundrobin', 'range'])).toBe('range');
    expect([electProtocol(['x', 'sticky']), electProtocol(['sticky', 'x'])]).toEqual(['x', 'sticky']);
  });
});

describe('the state of a coordinator', () => {
  test('is plain: a fork goes its own way and the same way', () => {
    const bench = new CoordinatorBench(AT_ONCE);
    const memberId = stableGroup(bench);
    sendJoin(bench);
    const copy = fork(bench.coordinator);
    expect(digestOf(copy)).toBe(digestOf(bench.coordinator));
    bench.send('JoinGroup', joinBody({ memberId }));
    expect(groupFacts(bench.coordinator)[0]?.state).toBe('CompletingRebalance');
    expect(groupFacts(copy)[0]?.state).toBe('PreparingRebalance');
  });
});
