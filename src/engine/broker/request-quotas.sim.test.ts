import { expect, test } from 'vitest';
import { BrokerCluster } from '../testing/broker-cluster.ts';

/** One broker on which every request but a produce takes a thread 20 ms. */
function ready(threads: number): BrokerCluster {
  const overrides = { 'num.io.threads': `${threads}` };
  const cluster = new BrokerCluster({ seed: 5, brokers: 1, overrides, requestMicros: { other: 20_000 } });
  cluster.boot();
  return cluster;
}

const METADATA = {
  topics: [],
  allowAutoTopicCreation: false,
  includeTopicAuthorizedOperations: false,
} as const;

/** Asks so often at once, over a connection each; returns after how many ms there was one answer, two, three. */
function askTogether(cluster: BrokerCluster, times: number): number[] {
  cluster.runFor(1_000);
  const begin = cluster.now;
  const ids = Array.from({ length: times }, (_, i) =>
    cluster.client.send('b1', 'Metadata', METADATA, { channel: `c${i}` }),
  );
  const answered = (): number => ids.filter((id) => cluster.client.answer(id) !== undefined).length;
  return ids.map((_, i) => {
    cluster.runUntilTrue('one more answer', () => answered() > i);
    return (cluster.now - begin) / 1_000;
  });
}

test('a request waits while all threads work, and no longer when there are more of them', () => {
  const [first = 0, second = 0, third = 0] = askTogether(ready(1), 3);
  expect(first).toBeLessThan(5);
  expect(second - first).toBeCloseTo(20, 0);
  expect(third - second).toBeCloseTo(20, 0);
  expect(Math.max(...askTogether(ready(3), 3))).toBeLessThan(5);
});

/** Sets percent of a thread for the client of a channel, null takes it away. */
function limit(cluster: BrokerCluster, value: number | null): void {
  const entity = [{ entityType: 'client-id', entityName: 'client-main' }];
  const ops = [{ key: 'request_percentage', value: value ?? 0, remove: value === null }];
  const body = { entries: [{ entity, ops }], validateOnly: false };
  const id = cluster.client.send('b1', 'AlterClientQuotas', body, { channel: 'admin' });
  cluster.runUntilTrue('answer', () => cluster.client.answer(id) !== undefined);
  expect(cluster.client.body<'AlterClientQuotas'>(id)?.entries[0]?.errorCode).toBe(0);
  cluster.runFor(1_000);
}

function ask(cluster: BrokerCluster, channel = 'main'): { throttled: number; tookMs: number } {
  const id = cluster.client.send('b1', 'Metadata', METADATA, { channel });
  const tookMs = cluster.runUntilTrue('answer', () => cluster.client.answer(id) !== undefined);
  return { throttled: cluster.client.body<'Metadata'>(id)?.throttleTimeMs ?? -1, tookMs };
}

test('whose requests take more of a thread than the quota is told to wait, a second at most, and not read from', () => {
  const cluster = ready(8);
  // 20 ms are 2 % of a thread’s second; over ten seconds 0.2 %.
  limit(cluster, 0.19);
  const over = ask(cluster);
  expect(over.throttled).toBe(Math.round(((0.2 - 0.19) / 0.19) * 10_000));
  const next = ask(cluster);
  expect(next.tookMs).toBeGreaterThan(over.throttled - 5);
  expect(next.throttled).toBe(1_000);
  expect(ask(cluster, 'other').throttled).toBe(0);
  limit(cluster, 50);
  expect(ask(cluster).throttled).toBe(0);
  limit(cluster, 0.001);
  expect(ask(cluster).throttled).toBe(1_000);
  limit(cluster, null);
  expect(ask(cluster).throttled).toBe(0);
});

test('a fetch whose time is too much brings nothing until its client is within the quota again', () => {
  const cluster = ready(8);
  cluster.createTopic('t', [[1]]);
  limit(cluster, 0.19);
  expect(ask(cluster).throttled).toBeGreaterThan(0);
  const topics = [{ topicId: cluster.topicId('t'), partitions: [partition] }];
  const id = cluster.client.send('b1', 'Fetch', { ...FETCH, topics });
  cluster.runUntilTrue('answer', () => cluster.client.answer(id) !== undefined);
  expect(cluster.client.body<'Fetch'>(id)).toMatchObject({ responses: [] });
  expect(cluster.client.body<'Fetch'>(id)?.throttleTimeMs).toBeGreaterThan(0);
});

const partition = {
  partition: 0,
  currentLeaderEpoch: 0,
  fetchOffset: 0,
  lastFetchedEpoch: -1,
  logStartOffset: -1,
  partitionMaxBytes: 1_000,
};

const FETCH = {
  maxWaitMs: 0,
  minBytes: 1,
  maxBytes: 1e6,
  isolationLevel: 0,
  sessionId: 0,
  sessionEpoch: -1,
  forgottenTopicsData: [],
  rackId: '',
};
