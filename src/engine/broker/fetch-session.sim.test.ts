import { beforeEach, expect, test } from 'vitest';
import { ensure } from '../base/assert.ts';
import type { FetchRequest, FetchResponse } from '../protocol/fetch.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

/** Versions before 13 name topics by name. */
const BY_NAME = 12;
const UNKNOWN_TOPIC_OR_PARTITION = 3;

let cluster: BrokerCluster;
let session = { id: 0, epoch: 0 };

beforeEach(() => {
  cluster = new BrokerCluster({ seed: 1, brokers: 1 });
  cluster.boot();
  cluster.createTopic('t', [[1], [1]]);
  cluster.createTopic('u', [[1]]);
  session = { id: 0, epoch: 0 };
});

const asked = (topic: string, ...partitions: number[]): FetchRequest['topics'][number] => ({
  topicId: ZERO_UUID,
  topic,
  partitions: partitions.map((partition) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: 0,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    partitionMaxBytes: 1_000,
  })),
});

/** The next request of the session; `what` says what is different from the last. */
function fetch(what: Partial<FetchRequest>): string[] {
  const sizes = { maxWaitMs: 0, minBytes: 1, maxBytes: 1_000, isolationLevel: 0, rackId: '' };
  const place = { sessionId: session.id, sessionEpoch: session.epoch };
  const body = { ...sizes, ...place, topics: [], forgottenTopicsData: [], ...what };
  const id = cluster.client.send('b1', 'Fetch', body, { version: BY_NAME });
  cluster.runUntilTrue('an answer', () => cluster.client.answer(id) !== undefined);
  const answer = ensure(cluster.client.body<'Fetch'>(id), 'answer');
  session = { id: answer.sessionId, epoch: session.epoch + 1 };
  return told(answer);
}

/** `topic-partition:error` of each partition that was answered. */
const told = ({ responses }: FetchResponse): string[] =>
  responses.flatMap(({ topicId, topic, partitions }) => {
    expect(topicId, 'these versions have no ids').toBe(ZERO_UUID);
    return partitions.map(({ partitionIndex, errorCode }) => `${topic ?? ''}-${partitionIndex}:${errorCode}`);
  });

test('a session by names answers under names, and forgets what it is told to', () => {
  expect(fetch({ topics: [asked('t', 0, 1), asked('u', 0)] })).toEqual(['t-0:0', 't-1:0', 'u-0:0']);
  expect(fetch({})).toEqual([]);
  expect(fetch({ topics: [asked('zz', 0), asked('zy', 0)] })).toEqual([
    `zz-0:${UNKNOWN_TOPIC_OR_PARTITION}`,
    `zy-0:${UNKNOWN_TOPIC_OR_PARTITION}`,
  ]);
  const forgotten = ['zz', 'zy'].map((topic) => ({ topicId: ZERO_UUID, topic, partitions: [0] }));
  expect(fetch({ forgottenTopicsData: forgotten })).toEqual([]);
});

test('a name stands for the topic that has it now', () => {
  expect(fetch({ topics: [asked('u', 0)] })).toEqual(['u-0:0']);
  cluster.ask(1, 'DeleteTopics', { topics: [{ name: 'u', topicId: ZERO_UUID }], timeoutMs: 1_000 });
  cluster.runFor(500);
  expect(fetch({})).toEqual([`u-0:${UNKNOWN_TOPIC_OR_PARTITION}`]);
  cluster.createTopic('u', [[1]]);
  expect(fetch({})).toEqual(['u-0:0']);
});
