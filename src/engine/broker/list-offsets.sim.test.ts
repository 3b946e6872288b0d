import { beforeEach, describe, expect, test } from 'vitest';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { batchOf } from '../protocol/record-batch.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const FIRST_MS = 1_700_000_000_000;

let cluster: BrokerCluster;
beforeEach(() => {
  cluster = new BrokerCluster({ seed: 9 });
  cluster.boot();
  cluster.createTopic('clicks', [[1, 2, 3]]);
});

/** One record for each ms from `FIRST_MS` on; only the leader is waited for. */
function produce(to: number, ...ms: readonly number[]): void {
  const records = [batchOf(ms.map((at) => ({ key: null, value: 'v', timestamp: FIRST_MS + at })))];
  const topicData = [{ topicId: cluster.topicId('clicks'), partitionData: [{ index: 0, records }] }];
  const answer = cluster.ask(to, 'Produce', { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData });
  expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(NONE);
}

function ask(of: number, timestamp: number, replicaId = -1) {
  const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }];
  const topics = [{ name: 'clicks', partitions }];
  const answer = cluster.ask(of, 'ListOffsets', { replicaId, isolationLevel: 0, topics, timeoutMs: 0 });
  const { errorCode, offset } = answer.topics[0]?.partitions[0] ?? {};
  return { errorCode, offset };
}

const cutOff = (id: number): void => {
  for (const other of cluster.brokerIds)
    if (other !== id) cluster.kernel.setLinkCut(`b${id}`, `b${other}`, true);
};

describe('ListOffsets', () => {
  test('tells a consumer of no record that is not committed, by whatever question', () => {
    produce(1, 0, 10);
    cluster.runFor(600);
    cutOff(3);
    produce(1, 20);
    expect(cluster.replica(1, 'clicks-0')).toMatchObject({ highWatermark: 2, logEnd: 3 });
    expect(ask(1, LATEST)).toEqual({ errorCode: NONE, offset: 2 });
    expect(ask(1, FIRST_MS + 5)).toEqual({ errorCode: NONE, offset: 1 });
    for (const timestamp of [FIRST_MS + 15, MAX_TIMESTAMP])
      expect(ask(1, timestamp)).toEqual({ errorCode: NONE, offset: -1 });
    // Who only looks, as a debugging reader does, sees the whole log.
    expect(ask(1, MAX_TIMESTAMP, -2)).toEqual({ errorCode: NONE, offset: 2 });
  });

  test('a new leader waits for its high watermark before it speaks of the end', () => {
    cutOff(3);
    produce(1, 0, 10);
    cluster.runFor(50);
    cluster.kernel.stop('b1', { powerLoss: false });
    cluster.runUntilTrue('another leader', () => cluster.replica(2, 'clicks-0')?.role === 'leader');
    expect(cluster.replica(2, 'clicks-0')).toMatchObject({ highWatermark: 0, logEnd: 2 });
    for (const timestamp of [LATEST, FIRST_MS + 5, FIRST_MS + 99, MAX_TIMESTAMP])
      expect(ask(2, timestamp).errorCode).toBe(ERROR_CODES.OFFSET_NOT_AVAILABLE);
    expect(ask(2, EARLIEST)).toEqual({ errorCode: NONE, offset: 0 });
    for (const other of [1, 2]) cluster.kernel.setLinkCut('b3', `b${other}`, false);
    cluster.runUntilTrue('the follower is back', () => cluster.replica(2, 'clicks-0')?.highWatermark === 2);
    expect(ask(2, LATEST)).toEqual({ errorCode: NONE, offset: 2 });
    expect(ask(2, MAX_TIMESTAMP)).toEqual({ errorCode: NONE, offset: 1 });
  });
});
