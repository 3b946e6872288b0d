import { expect, test } from 'vitest';
import { brokerNode } from '../api/ids.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { ApiName, RequestBody, ResponseBody } from '../protocol/message.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const PATIENCE_MS = 30_000;

/** Asks the coordinator of a key wherever it is, until somebody answers as one. */
class Finder {
  readonly cluster: BrokerCluster;

  constructor(cluster: BrokerCluster) {
    this.cluster = cluster;
  }

  coordinator(keyType: number, key: string): number {
    const asker = this.cluster.brokerIds.find((id) => this.cluster.isAlive(id)) ?? 1;
    for (let tries = 0; tries < 200; tries++) {
      const body = { keyType, coordinatorKeys: [key] };
      const [found] = this.cluster.ask(asker, 'FindCoordinator', body).coordinators;
      if (found?.errorCode === NONE && this.cluster.isAlive(found.nodeId)) return found.nodeId;
      this.cluster.runFor(100);
    }
    throw new Error(`nobody coordinates ${key}`);
  }

  ask<A extends ApiName>(keyType: number, key: string, api: A, body: RequestBody<A>): ResponseBody<A> {
    return this.cluster.ask(this.coordinator(keyType, key), api, body);
  }
}

/** A cluster with a topic of two partitions, and few partitions of the coordinators' own. */
function ready(seed: number): BrokerCluster {
  const cluster = new BrokerCluster({
    seed,
    overrides: { 'offsets.topic.num.partitions': '1', 'share.coordinator.state.topic.num.partitions': '2' },
  });
  cluster.boot();
  cluster.createTopic('t', [
    [1, 2, 3],
    [2, 3, 1],
  ]);
  return cluster;
}

test('share partitions are begun with, assigned, and their state outlives its coordinators', () => {
  const cluster = ready(7);
  const finder = new Finder(cluster);
  const heartbeat = (memberEpoch: number, names: readonly string[] | null) =>
    finder.ask(0, 'g', 'ShareGroupHeartbeat', {
      groupId: 'g',
      memberId: 'm',
      memberEpoch,
      rackId: null,
      subscribedTopicNames: names,
    });
  let { memberEpoch } = heartbeat(0, ['t']);
  const assigned: (readonly number[])[] = [];
  for (let ms = 0; ms < PATIENCE_MS && assigned.length === 0; ms += 1_000) {
    cluster.runFor(1_000);
    const answer = heartbeat(memberEpoch, null);
    memberEpoch = answer.memberEpoch;
    assigned.push(...(answer.assignment?.topicPartitions ?? []).map(({ partitions }) => partitions));
  }
  expect(assigned).toEqual([[0, 1]]);

  const topicId = cluster.topicId('t');
  const key = `g:${topicId}:1`;
  const about = (fields: object) => ({
    groupId: 'g',
    topics: [{ topicId, partitions: [{ partition: 1, ...fields }] }],
  });
  const read = (leaderEpoch: number) =>
    finder.ask(2, key, 'ReadShareGroupState', about({ leaderEpoch }) as never).results[0]?.partitions[0];
  const write = (leaderEpoch: number, stateEpoch: number, batches: readonly object[], startOffset = -1) =>
    finder.ask(
      2,
      key,
      'WriteShareGroupState',
      about({
        leaderEpoch,
        stateEpoch,
        startOffset,
        deliveryCompleteCount: 1,
        stateBatches: batches,
      }) as never,
    ).results[0]?.partitions[0]?.errorCode;
  const done = { firstOffset: 3, lastOffset: 5, deliveryState: 2, deliveryCount: 1 };
  const stateEpoch = read(4)?.stateEpoch ?? -1;
  expect(read(4)).toMatchObject({ errorCode: NONE, startOffset: -1, stateBatches: [] });
  expect(write(4, stateEpoch, [done], 2)).toBe(NONE);
  expect(read(3)?.errorCode).toBe(ERROR_CODES.FENCED_LEADER_EPOCH);
  expect(write(4, stateEpoch - 1, [])).toBe(ERROR_CODES.FENCED_STATE_EPOCH);

  cluster.kernel.stop(brokerNode(finder.coordinator(2, key)), { powerLoss: false });
  cluster.runFor(15_000);
  expect(read(4)).toMatchObject({ errorCode: NONE, stateEpoch, startOffset: 2, stateBatches: [done] });
  expect(read(3)?.errorCode).toBe(ERROR_CODES.FENCED_LEADER_EPOCH);
  expect(heartbeat(memberEpoch, null)).toMatchObject({ errorCode: NONE, memberEpoch });

  const remove = { groupId: 'g', topics: [{ topicId, partitions: [{ partition: 1 }] }] };
  finder.ask(2, key, 'DeleteShareGroupState', remove);
  expect(read(9)?.errorCode).toBe(ERROR_CODES.INVALID_REQUEST);
});

test('administrators say where a group stands that has no members, and that it has never been anywhere', () => {
  const cluster = ready(9);
  const finder = new Finder(cluster);
  const places = (offsets: readonly number[]) =>
    offsets.map((startOffset, partitionIndex) => ({ partitionIndex, startOffset }));
  const alter = (topicName: string, offsets: readonly number[]) =>
    finder.ask(0, 'g', 'AlterShareGroupOffsets', {
      groupId: 'g',
      topics: [{ topicName, partitions: places(offsets) }],
    });
  const described = () => {
    const groups = [{ groupId: 'g', topics: null }];
    const [group] = finder.ask(0, 'g', 'DescribeShareGroupOffsets', { groups }).groups;
    return group?.topics.map(({ topicName, partitions }) => [
      topicName,
      ...partitions.map(({ startOffset }) => startOffset),
    ]);
  };
  const remove = (...names: readonly string[]) =>
    finder.ask(0, 'g', 'DeleteShareGroupOffsets', {
      groupId: 'g',
      topics: names.map((topicName) => ({ topicName })),
    });
  expect(remove('t').errorCode).toBe(ERROR_CODES.GROUP_ID_NOT_FOUND);
  expect(described()).toEqual([]);
  // The topic of the share coordinators is made by whoever asks first.
  for (
    let tries = 0;
    alter('t', [7, 0, 1]).responses[0]?.partitions[0]?.errorCode !== NONE && tries < 5;
    tries++
  )
    cluster.runFor(1_000);
  const codes = alter('t', [8, 0, 1]).responses[0]?.partitions.map(({ errorCode }) => errorCode);
  expect(codes).toEqual([NONE, NONE, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION]);
  expect(described()).toEqual([['t', 8, 0]]);
  const heartbeat = (memberEpoch: number) =>
    finder.ask(0, 'g', 'ShareGroupHeartbeat', {
      groupId: 'g',
      memberId: 'm',
      memberEpoch,
      rackId: null,
      subscribedTopicNames: ['t'],
    });
  expect(heartbeat(0).assignment?.topicPartitions).toMatchObject([{ partitions: [0, 1] }]);
  expect([alter('t', [1]).errorCode, remove('t').errorCode]).toEqual([
    ERROR_CODES.NON_EMPTY_GROUP,
    ERROR_CODES.NON_EMPTY_GROUP,
  ]);
  heartbeat(-1);
  expect(remove('nowhere', 't').responses).toMatchObject([
    { topicName: 't', errorCode: NONE },
    { topicName: 'nowhere', errorCode: ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION },
  ]);
  expect(described()).toEqual([]);
});
