import { expect, test } from 'vitest';
import { partitionForTransaction } from '../coordinator/transaction/coordinator-state.ts';
import { partitionForGroup } from '../coordinator/group/group-request.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { ApiName, RequestBody } from '../protocol/message.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const LOAD_MICROS = 100_000;

/** Two brokers with both coordinators’ topics, each in one partition; a record takes a tenth of a second to read. */
function ready(): BrokerCluster {
  const one = { 'offsets.topic.num.partitions': '1', 'transaction.state.log.num.partitions': '1' };
  const copies = { 'offsets.topic.replication.factor': '2', 'transaction.state.log.replication.factor': '2' };
  const shares = {
    'share.coordinator.state.topic.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '2',
    'share.coordinator.state.topic.min.isr': '1',
  };
  const overrides = { ...one, ...copies, ...shares, 'transaction.state.log.min.isr': '1' };
  const cluster = new BrokerCluster({ seed: 5, brokers: 2, overrides, coordinatorLoadMicros: LOAD_MICROS });
  cluster.boot();
  expect(partitionForGroup('g', 1) + partitionForTransaction('x', 1)).toBe(0);
  cluster.createTopic('t', [[1, 2]]);
  return cluster;
}

function ask<A extends ApiName>(cluster: BrokerCluster, broker: number, api: A, body: RequestBody<A>) {
  const id = cluster.client.send(`b${broker}`, api, body);
  cluster.runUntilTrue(`answer to ${api}`, () => cluster.client.answer(id) !== undefined);
  return cluster.client.body<A>(id);
}

const keyed = (keyType: number, key: string) => ({ keyType, coordinatorKeys: [key] });

function coordinatorOf(cluster: BrokerCluster, keyType: number, key: string): number {
  let found = -1;
  for (let i = 0; i < 50 && found < 0; i++) {
    found = ask(cluster, 1, 'FindCoordinator', keyed(keyType, key))?.coordinators[0]?.nodeId ?? -1;
    cluster.runFor(200);
  }
  return found;
}

const OFFSET = { committedLeaderEpoch: -1, committedMetadata: '' };

function commit(cluster: BrokerCluster, broker: number, committedOffset: number): number | undefined {
  const partitions = [{ partitionIndex: 0, committedOffset, ...OFFSET }];
  const topics = [{ topicId: cluster.topicId('t'), partitions }];
  const member = { groupId: 'g', generationIdOrMemberEpoch: -1, memberId: '', groupInstanceId: null };
  const body = { ...member, retentionTimeMs: -1, topics };
  return ask(cluster, broker, 'OffsetCommit', body)?.topics[0]?.partitions[0]?.errorCode;
}

const begin = (cluster: BrokerCluster, broker: number): number | undefined =>
  ask(cluster, broker, 'InitProducerId', {
    transactionalId: 'x',
    transactionTimeoutMs: 60_000,
    producerId: -1,
    producerEpoch: -1,
  })?.errorCode;

/** Moves the leader of a topic to the other broker; returns which that is. */
function move(cluster: BrokerCluster, topic: string, from: number): number {
  const to = 3 - from;
  const replicas = [to, from];
  const partitions = [{ partitionIndex: 0, replicas }];
  const body = {
    timeoutMs: 1_000,
    allowReplicationFactorChange: true,
    topics: [{ name: topic, partitions }],
  };
  ask(cluster, 1, 'AlterPartitionReassignments', body);
  cluster.runFor(1_000);
  const topicPartitions = [{ topic, partitions: [0] }];
  ask(cluster, 1, 'ElectLeaders', { electionType: 0, topicPartitions, timeoutMs: 1_000 });
  return to;
}

test('a coordinator that takes over reads its log first, for as long as it is, and says so meanwhile', () => {
  const cluster = ready();
  const first = coordinatorOf(cluster, 0, 'g');
  for (let offset = 1; offset <= 5; offset++) expect(commit(cluster, first, offset)).toBe(NONE);
  const second = move(cluster, '__consumer_offsets', first);
  cluster.runUntilTrue('it leads', () => cluster.partition('__consumer_offsets', 0).leader === second);
  const began = cluster.now;
  expect(commit(cluster, second, 6)).toBe(ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS);
  while (commit(cluster, second, 6) !== NONE) cluster.runFor(5);
  const tookMs = (cluster.now - began) / 1_000;
  expect(tookMs).toBeGreaterThan(450);
  expect(tookMs).toBeLessThan(600);
});

test('so does the coordinator of transactions', () => {
  const cluster = ready();
  const first = coordinatorOf(cluster, 1, 'x');
  cluster.runUntilTrue('a transactional id', () => begin(cluster, first) === NONE);
  const second = move(cluster, '__transaction_state', first);
  cluster.runUntilTrue('it leads', () => cluster.partition('__transaction_state', 0).leader === second);
  expect(begin(cluster, second)).toBe(ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS);
  const lists = { stateFilters: [], producerIdFilters: [], durationFilter: -1, transactionalIdPattern: null };
  expect(ask(cluster, second, 'ListTransactions', lists)?.errorCode).toBe(
    ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS,
  );
  cluster.runFor(400);
  expect(begin(cluster, second)).toBe(NONE);
});

test('and that of the state of share groups', () => {
  const cluster = ready();
  const topicId = cluster.topicId('t');
  const first = coordinatorOf(cluster, 2, `g:${topicId}:0`);
  const about = (fields: object) => ({
    groupId: 'g',
    topics: [{ topicId, partitions: [{ partition: 0, ...fields }] }],
  });
  const begin = about({ stateEpoch: 1, startOffset: 3 }) as never;
  for (let i = 0; i < 5; i++)
    expect(
      ask(cluster, first, 'InitializeShareGroupState', begin)?.results[0]?.partitions[0]?.errorCode,
    ).toBe(NONE);
  const second = move(cluster, '__share_group_state', first);
  cluster.runUntilTrue('it leads', () => cluster.partition('__share_group_state', 0).leader === second);
  const began = cluster.now;
  const summary = () =>
    ask(cluster, second, 'ReadShareGroupStateSummary', about({ leaderEpoch: 0 }) as never)?.results[0]
      ?.partitions[0];
  expect(summary()?.errorCode).toBe(ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS);
  while (summary()?.errorCode !== NONE) cluster.runFor(5);
  expect(summary()?.startOffset).toBe(3);
  const tookMs = (cluster.now - began) / 1_000;
  expect(tookMs).toBeGreaterThan(450);
  expect(tookMs).toBeLessThan(600);
});
