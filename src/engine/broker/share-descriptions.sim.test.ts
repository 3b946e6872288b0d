import { expect, test } from 'vitest';
import { brokerNode } from '../api/ids.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { RequestBody } from '../protocol/message.ts';
import { batchOf } from '../protocol/record-batch.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const HOLDER = 2;

type AskedTopics = RequestBody<'DescribeShareGroupOffsets'>['groups'][number]['topics'];

/** Topic `t` of three partitions, the second of which one broker alone has; group `g` has begun in the first two. */
class Standing {
  readonly cluster = new BrokerCluster({
    seed: 1,
    overrides: { 'share.coordinator.state.topic.num.partitions': '1' },
  });
  private readonly coordinator: number;

  constructor() {
    const { cluster } = this;
    cluster.boot();
    cluster.createTopic('t', [[1], [HOLDER], [3]]);
    this.coordinator = this.find();
    expect(this.coordinator).not.toBe(HOLDER);
    for (const partition of [0, 1]) this.begin(partition);
  }

  private find(): number {
    const body = { keyType: 2, coordinatorKeys: [`g:${this.cluster.topicId('t')}:0`] };
    for (;;) {
      const [found] = this.cluster.ask(1, 'FindCoordinator', body).coordinators;
      if (found?.errorCode === NONE) return found.nodeId;
      this.cluster.runFor(500);
    }
  }

  private begin(partition: number): void {
    const topicId = this.cluster.topicId('t');
    const partitions = [{ partition, stateEpoch: 1, startOffset: 0 }];
    const body = { groupId: 'g', topics: [{ topicId, partitions }] };
    this.cluster.ask(this.coordinator, 'InitializeShareGroupState', body);
  }

  /** The leader of a partition says how far the group is. */
  write(partition: number, startOffset: number, deliveryCompleteCount: number): void {
    const of = { partition, stateEpoch: 1, leaderEpoch: 0, startOffset, deliveryCompleteCount };
    const topics = [{ topicId: this.cluster.topicId('t'), partitions: [{ ...of, stateBatches: [] }] }];
    const answer = this.cluster.ask(this.coordinator, 'WriteShareGroupState', { groupId: 'g', topics });
    expect(answer.results[0]?.partitions[0]?.errorCode).toBe(NONE);
  }

  produce(index: number, count: number): void {
    const { epochMs } = this.cluster.kernel.state;
    const row = { key: null, value: 'x', timestamp: epochMs };
    const records = [batchOf(Array.from({ length: count }, () => row))];
    const topicData = [{ topicId: this.cluster.topicId('t'), partitionData: [{ index, records }] }];
    const { leader } = this.cluster.partition('t', index);
    const body = { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData };
    const answer = this.cluster.ask(leader, 'Produce', body);
    expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(NONE);
  }

  describe(topics: AskedTopics, groupId = 'g') {
    return this.answer(this.ask(topics, groupId));
  }

  ask(topics: AskedTopics, groupId = 'g'): number {
    const body = { groups: [{ groupId, topics }] };
    return this.cluster.client.send(brokerNode(this.coordinator), 'DescribeShareGroupOffsets', body);
  }

  answer(id: number) {
    this.cluster.runUntilTrue('answer', () => this.cluster.client.answer(id) !== undefined);
    const [group] = this.cluster.client.body<'DescribeShareGroupOffsets'>(id)?.groups ?? [];
    return {
      errorCode: group?.errorCode,
      topics: group?.topics.map(({ topicName, partitions }) => [
        topicName,
        ...partitions.map(({ partitionIndex, startOffset, leaderEpoch, lag, errorCode }) => [
          partitionIndex,
          startOffset,
          leaderEpoch,
          lag,
          errorCode,
        ]),
      ]),
    };
  }
}

test('a share group lags by what is beyond its start and not done with, as far as somebody said how much is', () => {
  const standing = new Standing();
  standing.produce(0, 10);
  standing.write(0, 4, 2);
  const places = [
    { topicName: 'nowhere', partitions: [0] },
    { topicName: 't', partitions: [0, 1, 2, 9] },
  ];
  expect(standing.describe(places)).toEqual({
    errorCode: NONE,
    topics: [
      [
        't',
        [0, 4, 0, 10 - 4 - 2, NONE],
        // It begins at 0, but no leader has said how many are done with.
        [1, 0, 0, -1, NONE],
        // Not begun, and not there: nothing is known of either.
        [2, -1, 0, -1, NONE],
        [9, -1, 0, -1, NONE],
      ],
      ['nowhere', [0, -1, 0, -1, NONE]],
    ],
  });
  expect(standing.describe([], 'other')).toEqual({ errorCode: NONE, topics: [] });
  const { UNKNOWN_SERVER_ERROR } = ERROR_CODES;
  expect(standing.describe([{ topicName: 't', partitions: [] }]).errorCode).toBe(UNKNOWN_SERVER_ERROR);
  expect(standing.describe(places, '').errorCode).toBe(UNKNOWN_SERVER_ERROR);
});

test('a leader that does not answer is asked again, and a partition without one has no lag', () => {
  const standing = new Standing();
  const { cluster } = standing;
  standing.produce(1, 7);
  standing.write(1, 5, 0);
  cluster.kernel.stop(brokerNode(HOLDER), { powerLoss: false });
  const ofHolder = [{ topicName: 't', partitions: [1] }];
  const question = standing.ask(ofHolder);
  cluster.runFor(1_500);
  expect(cluster.client.answer(question)).toBeUndefined();
  cluster.kernel.start(brokerNode(HOLDER));
  cluster.runFor(200);
  // It is back, but does not lead yet; what it answers is told as it is.
  const { LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER } = ERROR_CODES;
  expect(standing.answer(question).topics).toEqual([['t', [1, 0, 0, -1, NOT_LEADER_OR_FOLLOWER]]]);
  cluster.runFor(10_000);
  expect(standing.describe(ofHolder).topics).toEqual([['t', [1, 5, 0, 2, NONE]]]);
  cluster.kernel.stop(brokerNode(HOLDER), { powerLoss: false });
  cluster.runFor(15_000);
  expect(standing.describe(ofHolder).topics).toEqual([['t', [1, 0, 0, -1, LEADER_NOT_AVAILABLE]]]);
});
