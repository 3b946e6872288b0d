import { beforeEach, expect, test } from 'vitest';
import { ensure } from '../base/assert.ts';
import type { FetchRequest } from '../protocol/fetch.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

/** The cache is cut into so many shards, which take turns. */
const SHARDS = 8;
const IDS_OF_A_SHARD = 268_435_455;
const EVICTION_MS = 120_000;
const [FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, UNKNOWN_SERVER_ERROR] = [70, 71, -1];
const FOLLOWER = { replicaState: { replicaId: 2, replicaEpoch: 1 } };

let cluster: BrokerCluster;

function begin(slots: number): void {
  cluster = new BrokerCluster({
    seed: 1,
    brokers: 1,
    overrides: { 'max.incremental.fetch.session.cache.slots': String(slots) },
  });
  cluster.boot();
  cluster.createTopic('t', [[1], [1], [1]]);
}

function send(what: Partial<FetchRequest>): number {
  const sizes = { maxWaitMs: 0, minBytes: 1, maxBytes: 1_000, isolationLevel: 0, rackId: '' };
  const place = { sessionId: 0, sessionEpoch: 0, topics: [], forgottenTopicsData: [] };
  return cluster.client.send('b1', 'Fetch', { ...sizes, ...place, ...what });
}

function answer(id: number) {
  cluster.runUntilTrue('an answer', () => cluster.client.answer(id) !== undefined);
  return ensure(cluster.client.body<'Fetch'>(id), 'answer');
}

const wanted = (partitions: number): FetchRequest['topics'] => [
  {
    topicId: cluster.topicId('t'),
    partitions: Array.from({ length: partitions }, (_, partition) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: 0,
      lastFetchedEpoch: -1,
      logStartOffset: -1,
      partitionMaxBytes: 1_000,
    })),
  },
];

/** The session that a fetch of so many partitions begins, if it gets one; the next is in the same shard. */
function beginSession(partitions: number, who: Partial<FetchRequest> = {}): number {
  const { sessionId } = answer(send({ ...who, topics: wanted(partitions) }));
  for (let i = 1; i < SHARDS; i++) answer(send({}));
  return sessionId;
}

const next = (sessionId: number, sessionEpoch: number): number =>
  answer(send({ sessionId, sessionEpoch })).errorCode;

const isThere = (sessionId: number): boolean => cluster.memory(1).sessions.has(sessionId);

beforeEach(() => begin(SHARDS));

test('slots are dealt to eight shards in turn, each with its own range of ids', () => {
  const ids = Array.from({ length: SHARDS }, () => answer(send({ topics: wanted(1) })).sessionId);
  expect(ids.map((id) => Math.floor(id / IDS_OF_A_SHARD))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(answer(send({ topics: wanted(1) })).sessionId).toBe(0);
  begin(SHARDS - 1);
  expect(answer(send({ topics: wanted(1) })).sessionId).toBe(0);
});

test('a young session gives way to no other of its class, however large', () => {
  const first = beginSession(1);
  cluster.runFor(EVICTION_MS - 1_000);
  expect(next(first, 1)).toBe(0);
  expect(beginSession(3)).toBe(0);
  expect(isThere(first)).toBe(true);
});

test('a session that has lasted gives way to a larger one, not to one as large', () => {
  const first = beginSession(2);
  cluster.runFor(EVICTION_MS / 2);
  expect(next(first, 1)).toBe(0);
  cluster.runFor(EVICTION_MS / 2 + 1_000);
  expect(beginSession(3), 'it has not been used since it is old enough').toBe(0);
  expect(next(first, 2)).toBe(0);
  expect(beginSession(2)).toBe(0);
  const larger = beginSession(3);
  expect(larger).not.toBe(0);
  expect(next(first, 3)).toBe(FETCH_SESSION_ID_NOT_FOUND);
});

test('a session of a follower displaces one of a consumer at once, and never the other way round', () => {
  const consumer = beginSession(3);
  const follower = beginSession(1, FOLLOWER);
  expect(follower).not.toBe(0);
  expect(isThere(consumer)).toBe(false);
  cluster.runFor(EVICTION_MS / 2);
  expect(answer(send({ ...FOLLOWER, sessionId: follower, sessionEpoch: 1 })).errorCode).toBe(0);
  cluster.runFor(EVICTION_MS / 2 + 1_000);
  expect(answer(send({ ...FOLLOWER, sessionId: follower, sessionEpoch: 2 })).errorCode).toBe(0);
  expect(beginSession(3)).toBe(0);
  expect(beginSession(2, FOLLOWER)).not.toBe(0);
});

test('a session that was silent for longer gives way to anything', () => {
  const first = beginSession(3, FOLLOWER);
  cluster.runFor(EVICTION_MS + 1_000);
  expect(beginSession(1)).not.toBe(0);
  expect(isThere(first)).toBe(false);
});

test('a fetch that waits is answered as a part of the session that was evicted meanwhile', () => {
  const consumer = beginSession(2);
  const waiting = send({ sessionId: consumer, sessionEpoch: 1, maxWaitMs: 2_000 });
  cluster.runFor(500);
  expect(beginSession(1, FOLLOWER)).not.toBe(0);
  expect(isThere(consumer)).toBe(false);
  expect(answer(waiting)).toMatchObject({ errorCode: 0, sessionId: consumer, responses: [] });
});

test('a fetch that waits while another of its session comes is one sent twice', () => {
  const consumer = beginSession(2);
  const waiting = send({ sessionId: consumer, sessionEpoch: 1, maxWaitMs: 60_000 });
  cluster.runFor(500);
  const session = ensure(cluster.memory(1).sessions.get(consumer), 'session');
  session.epoch++;
  expect(answer(waiting)).toMatchObject({ errorCode: INVALID_FETCH_SESSION_EPOCH, sessionId: consumer });
});

test('an id that no shard has is an error of the broker', () => {
  const { errorCode } = answer(send({ sessionId: 0x7fffffff, sessionEpoch: 1, topics: wanted(1) }));
  expect(errorCode).toBe(UNKNOWN_SERVER_ERROR);
});
