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

test('share partitions are begun with, assigned, and their state outlives its coordinators', () => {
  const cluster = new BrokerCluster({
    seed: 7,
    overrides: { 'offsets.topic.num.partitions': '1', 'share.coordinator.state.topic.num.partitions': '2' },
  });
  cluster.boot();
  cluster.createTopic('t', [
    [1, 2, 3],
    [2, 3, 1],
  ]);
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
