import { expect, test } from 'vitest';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { CoordinatorBench } from '../../testing/group-requests/coordinator-bench.ts';
import { shareGroupOf } from '../group/shard-state.ts';
import { onSharesInitialized } from './shares-initialized.ts';
import { assignSimply } from './simple-assignor.ts';

const beat = (memberId: string, memberEpoch: number, topics: readonly string[] | null = ['t']) => ({
  groupId: 'g',
  memberId,
  memberEpoch,
  rackId: null,
  subscribedTopicNames: topics,
});

const stored = (bench: CoordinatorBench) => {
  const state = bench.coordinator.shards.get(0);
  return state === undefined ? undefined : shareGroupOf({ state, host: bench }, 'g');
};

test('members join, go on with the epoch before, may join again, and are fenced, forgotten and sent away', () => {
  const bench = new CoordinatorBench();
  const ask = (...args: Parameters<typeof beat>) => {
    const { errorCode, memberEpoch, assignment } = bench.ask('ShareGroupHeartbeat', beat(...args));
    return [errorCode, memberEpoch, assignment?.topicPartitions.length];
  };
  expect(ask('a', 3)).toEqual([ERROR_CODES.GROUP_ID_NOT_FOUND, 0, undefined]);
  expect(ask('a', 0)).toEqual([NONE, 2, 0]);
  expect(ask('a', 2, null)).toEqual([NONE, 2, undefined]);
  bench.sleep(1_000);
  expect(ask('b', 0)).toEqual([NONE, 3, 0]);
  expect(ask('a', 2, null)).toEqual([NONE, 3, undefined]);
  expect(ask('a', 2, null)).toEqual([NONE, 3, undefined]);
  expect(ask('a', 0)).toEqual([NONE, 3, 0]);
  expect(ask('a', 4, null)).toEqual([ERROR_CODES.FENCED_MEMBER_EPOCH, 0, undefined]);
  expect(ask('c', 3, null)).toEqual([ERROR_CODES.UNKNOWN_MEMBER_ID, 0, undefined]);
  expect(ask('b', -1, null)).toEqual([NONE, -1, undefined]);
  expect(bench.ask('ShareGroupDescribe', describe).groups).toMatchObject([
    { errorCode: NONE, groupState: 'Stable', groupEpoch: 4, assignmentEpoch: 3, assignorName: 'simple' },
  ]);
  bench.sleep(45_000);
  expect(bench.ask('ShareGroupDescribe', describe).groups).toMatchObject([
    { groupState: 'Empty', members: [] },
  ]);
});

const describe = { groupIds: ['g'], includeAuthorizedOperations: false };

test('another kind of group is not found, and a share group is none of the others', () => {
  const bench = new CoordinatorBench();
  bench.ask('ShareGroupHeartbeat', beat('a', 0));
  const joining = {
    groupId: 'g',
    memberId: 'm',
    memberEpoch: 0,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: 1_000,
    subscribedTopicNames: ['t'],
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions: [],
  };
  expect(bench.ask('ConsumerGroupHeartbeat', joining).errorCode).toBe(ERROR_CODES.GROUP_ID_NOT_FOUND);
  bench.ask('ConsumerGroupHeartbeat', { ...joining, groupId: 'h' });
  const toOther = bench.ask('ShareGroupHeartbeat', { ...beat('a', 0), groupId: 'h' });
  expect(toOther.errorCode).toBe(ERROR_CODES.GROUP_ID_NOT_FOUND);
  const all = { statesFilter: [], typesFilter: [] };
  expect(bench.ask('ListGroups', all).groups.map(({ groupType }) => groupType)).toEqual([
    'share',
    'consumer',
  ]);
});

test('a coordinator that reads the log knows the same group', () => {
  const bench = new CoordinatorBench();
  bench.ask('ShareGroupHeartbeat', beat('a', 0));
  bench.ask('ShareGroupHeartbeat', beat('b', 0, ['t', 'u']));
  bench.ask('ShareGroupHeartbeat', beat('a', -1, null));
  const before = stored(bench);
  bench.beginElection();
  bench.finishElection();
  expect(before?.members.size).toBe(1);
  expect(stored(bench)).toEqual(before);
  bench.sleep(45_000);
  expect(stored(bench)?.members.size).toBe(0);
  const deleted = bench.ask('DeleteGroups', { groupsNames: ['g'] });
  expect([deleted.results[0]?.errorCode, stored(bench)]).toEqual([NONE, undefined]);
});

test('the simple assignor gives each partition somebody, members about the same, and keeps what it can', () => {
  const member = (memberId: string, assigned: readonly number[] = []) => ({
    memberId,
    instanceId: null,
    topicIds: ['T'],
    assigned: new Map([['T', assigned]]),
  });
  const share = (members: ReturnType<typeof member>[], count: number) => {
    const partitions = Array.from({ length: count }, (_, i) => i);
    const spec = { members, homogeneous: true, partitionCounts: new Map([['T', count]]) };
    return [...assignSimply(spec, new Map([['T', partitions]])).values()].map(
      (given) => given.get('T') ?? [],
    );
  };
  expect(share([member('a')], 3)).toEqual([[0, 1, 2]]);
  expect(share([member('a', [0, 1, 2, 3]), member('b')], 4)).toEqual([
    [2, 3],
    [0, 1],
  ]);
  expect(share([member('a', [0]), member('b'), member('c')], 1)).toEqual([[0], [0], [0]]);
});

test('a partition is assigned once the share coordinator has begun with it; what it refused is asked again', () => {
  const bench = new CoordinatorBench();
  const assigned = (memberId: string, epoch: number, topics: readonly string[] | null = null) => {
    const { memberEpoch, assignment } = bench.ask('ShareGroupHeartbeat', beat(memberId, epoch, topics));
    return [memberEpoch, assignment?.topicPartitions.map(({ partitions }) => partitions)];
  };
  const settle = (isDone: (partition: number) => boolean): void => {
    const { groupId, partitions } = bench.begun.at(-1) ?? { groupId: '', partitions: [] };
    const results = partitions.map((share) => ({ ...share, isDone: isDone(share.partition) }));
    onSharesInitialized(bench.coordinator, bench, groupId, results);
    bench.commit();
  };
  expect(assigned('a', 0, ['t'])).toEqual([2, []]);
  expect(bench.begun).toMatchObject([
    { stateEpoch: 2, partitions: [{ partition: 0 }, { partition: 1 }, { partition: 2 }] },
  ]);
  bench.sleep(1_000);
  expect(assigned('a', 2)).toEqual([2, undefined]);
  expect(bench.begun).toHaveLength(1);
  settle((partition) => partition < 2);
  expect(assigned('a', 2)).toEqual([3, [[0, 1]]]);
  expect(bench.begun.at(-1)).toMatchObject({ stateEpoch: 3, partitions: [{ partition: 2 }] });
  bench.beginElection();
  bench.finishElection();
  settle(() => true);
  bench.sleep(1_000);
  expect(assigned('a', 3)).toEqual([4, [[0, 1, 2]]]);
  expect(assigned('b', 0, ['t'])).toEqual([4, []]);
  bench.sleep(1_000);
  expect(assigned('b', 4)).toEqual([5, [[0]]]);
  assigned('a', -1);
  assigned('b', -1);
  bench.ask('DeleteGroups', { groupsNames: ['g'] });
  expect(bench.forgotten.map(({ partition }) => partition)).toEqual([0, 1, 2]);
});
