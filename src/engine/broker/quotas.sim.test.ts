import { expect, test } from 'vitest';
import type { QuotaEntity } from '../protocol/alter-client-quotas.ts';
import type { FetchResponse } from '../protocol/fetch.ts';
import type { ProduceResponse } from '../protocol/produce.ts';
import { batchOf } from '../protocol/record-batch.ts';
import { tapePlayerFacts } from '../client/programs/producer-entity.ts';
import type { ProducerMemory } from '../client/programs/producer-program.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';
import { measureRate, newRateWindow, recordRate } from './rate-window.ts';

const CLIENT: readonly QuotaEntity[] = [{ entityType: 'client-id', entityName: 'client-main' }];
const ANY_CLIENT: readonly QuotaEntity[] = [{ entityType: 'client-id', entityName: null }];
const ANY_USER: readonly QuotaEntity[] = [{ entityType: 'user', entityName: null }];

function ready(overrides = {}): BrokerCluster {
  const cluster = new BrokerCluster({ seed: 5, brokers: 1, overrides });
  cluster.boot();
  cluster.createTopic('t', [[1]]);
  return cluster;
}

/** Sets a quota, null takes it away; returns what the controller said of it. */
function alter(
  cluster: BrokerCluster,
  entity: readonly QuotaEntity[],
  key: string,
  value: number | null,
): { readonly errorCode: number; readonly errorMessage: string | null } | undefined {
  const ops = [{ key, value: value ?? 0, remove: value === null }];
  const body = { entries: [{ entity, ops }], validateOnly: false };
  const id = cluster.client.send('b1', 'AlterClientQuotas', body, { channel: 'admin' });
  cluster.runUntilTrue('answer', () => cluster.client.answer(id) !== undefined);
  cluster.runFor(1_000);
  return cluster.client.body<'AlterClientQuotas'>(id)?.entries[0];
}

const BATCH = batchOf([{ key: null, value: 'x'.repeat(10_000), timestamp: 1_000 }]);

interface Answered<T> {
  readonly body: T;
  readonly tookMs: number;
}

function send(cluster: BrokerCluster, channel = 'main'): number {
  const data = [{ index: 0, records: [BATCH] }];
  const topicData = [{ topicId: cluster.topicId('t'), partitionData: data }];
  const body = { transactionalId: null, acks: -1, timeoutMs: 1_000, topicData };
  return cluster.client.send('b1', 'Produce', body, { channel });
}

function produce(cluster: BrokerCluster, channel = 'main'): Answered<ProduceResponse> {
  const id = send(cluster, channel);
  const tookMs = cluster.runUntilTrue('answer', () => cluster.client.answer(id) !== undefined);
  return { body: cluster.client.body<'Produce'>(id) as ProduceResponse, tookMs };
}

function fetch(cluster: BrokerCluster): Answered<FetchResponse> {
  const asked = { currentLeaderEpoch: 0, lastFetchedEpoch: -1, logStartOffset: -1, fetchOffset: 0 };
  const partitions = [{ partition: 0, partitionMaxBytes: 15_000, ...asked }];
  const topics = [{ topicId: cluster.topicId('t'), partitions }];
  const session = { sessionId: 0, sessionEpoch: -1, forgottenTopicsData: [], rackId: '' };
  const body = { maxWaitMs: 0, minBytes: 1, maxBytes: 1e6, isolationLevel: 0, topics, ...session };
  const id = cluster.client.send('b1', 'Fetch', body);
  const tookMs = cluster.runUntilTrue('answer', () => cluster.client.answer(id) !== undefined);
  return { body: cluster.client.body<'Fetch'>(id) as FetchResponse, tookMs };
}

test('a rate is taken over at least all samples but one, and forgets the oldest', () => {
  const settings = { samples: 11, sampleMs: 1_000 };
  const window = newRateWindow();
  recordRate(window, 500, 0, settings);
  expect(measureRate(window, 0, settings)).toEqual({ sum: 500, windowMs: 10_000 });
  recordRate(window, 500, 1_000, settings);
  expect(measureRate(window, 1_500, settings)).toEqual({ sum: 1_000, windowMs: 10_500 });
  recordRate(window, 100, 10_500, settings);
  expect(measureRate(window, 11_000, settings)).toEqual({ sum: 600, windowMs: 10_000 });
  expect(measureRate(window, 40_000, settings)).toEqual({ sum: 0, windowMs: 10_000 });
});

test('who produces more than the quota is answered at once, told to wait, and not read from meanwhile', () => {
  const cluster = ready();
  expect(alter(cluster, CLIENT, 'producer_byte_rate', 500)?.errorCode).toBe(0);
  const first = produce(cluster);
  const { sizeInBytes } = BATCH;
  // (rate − bound) / bound × window, the rate over ten seconds.
  const throttle = Math.round(((sizeInBytes / 10 - 500) / 500) * 10_000);
  expect(first.body.throttleTimeMs).toBe(throttle);
  expect(first.body.responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
  expect(first.tookMs).toBeLessThan(10);
  const second = produce(cluster);
  expect(second.tookMs).toBeGreaterThan(throttle - 10);
  expect(second.tookMs).toBeLessThan(throttle + 10);
  expect(cluster.replica(1, 't-0')?.logEnd).toBe(2);
  expect(produce(cluster, 'other')).toMatchObject({ body: { throttleTimeMs: 0 } });
});

test('the quota of a client comes before the default, and none is none', () => {
  const cluster = ready();
  alter(cluster, ANY_CLIENT, 'producer_byte_rate', 500);
  alter(cluster, CLIENT, 'producer_byte_rate', 1_000_000);
  expect(produce(cluster).body.throttleTimeMs).toBe(0);
  expect(produce(cluster, 'other').body.throttleTimeMs).toBeGreaterThan(0);
  // A user's default comes before any client's, and all of a user's clients share it.
  alter(cluster, ANY_USER, 'producer_byte_rate', 2_100);
  expect(produce(cluster, 'third').body.throttleTimeMs).toBe(0);
  expect(produce(cluster, 'fourth').body.throttleTimeMs).toBe(0);
  expect(produce(cluster, 'fifth').body.throttleTimeMs).toBeGreaterThan(0);
  for (const entity of [ANY_CLIENT, CLIENT, ANY_USER]) alter(cluster, entity, 'producer_byte_rate', null);
  expect(produce(cluster, 'sixth').body.throttleTimeMs).toBe(0);
});

test('a consumer over its quota gets empty answers, and its records when it is within it again', () => {
  const cluster = ready();
  for (let i = 0; i < 5; i++) produce(cluster);
  alter(cluster, CLIENT, 'consumer_byte_rate', 2_500);
  expect(fetch(cluster).body.responses[0]?.partitions[0]?.records).toHaveLength(1);
  const over = fetch(cluster).body;
  expect(over.responses).toEqual([]);
  expect(over.throttleTimeMs).toBeGreaterThan(0);
  // Its first answer counts until it is too old, so it comes back to its quota in about eleven samples.
  const begin = cluster.now;
  let answers = 0;
  for (let later = fetch(cluster); later.body.responses.length === 0; later = fetch(cluster)) answers += 1;
  expect(cluster.now - begin).toBeGreaterThan(9_000_000);
  expect(cluster.now - begin).toBeLessThan(14_000_000);
  expect(answers).toBeLessThan(10);
});

test('quotas are described as the metadata has them, and odd ones are refused', () => {
  const cluster = ready();
  alter(cluster, CLIENT, 'producer_byte_rate', 500);
  alter(cluster, ANY_CLIENT, 'consumer_byte_rate', 700);
  const describe = (matchType: number, match: string | null): unknown => {
    const components = [{ entityType: 'client-id', matchType, match }];
    const id = cluster.client.send('b1', 'DescribeClientQuotas', { components, strict: true });
    cluster.runUntilTrue('answer', () => cluster.client.answer(id) !== undefined);
    return cluster.client.body<'DescribeClientQuotas'>(id)?.entries;
  };
  expect(describe(0, 'client-main')).toEqual([
    { entity: CLIENT, values: [{ key: 'producer_byte_rate', value: 500 }] },
  ]);
  expect(describe(1, null)).toEqual([
    { entity: ANY_CLIENT, values: [{ key: 'consumer_byte_rate', value: 700 }] },
  ]);
  expect(describe(2, null)).toHaveLength(2);
  expect(describe(0, 'nobody')).toEqual([]);
  for (const [key, value] of [
    ['producer_byte_rate', 0],
    ['producer_byte_rate', 1.5],
    ['request_percentage', 0],
    ['bytes', 5],
  ] as const)
    expect(alter(cluster, CLIENT, key, value)?.errorCode, key).toBe(42);
  expect(alter(cluster, [], 'producer_byte_rate', 5)?.errorCode).toBe(42);
  expect(
    alter(cluster, [{ entityType: 'planet', entityName: 'x' }], 'producer_byte_rate', 5)?.errorCode,
  ).toBe(42);
});

test('a real producer obeys: it is as fast as its quota, sends nothing while it is to be silent, and loses nothing', () => {
  const cluster = ready();
  const entity = [{ entityType: 'client-id', entityName: 'p1' }];
  alter(cluster, entity, 'producer_byte_rate', 20_000);
  const rows = Array.from({ length: 400 }, (_, row) => row);
  const timestamps = rows.map((row) => 1_700_000_000_000 + row);
  const keys = rows.map((row) => `${row}`);
  const tape = { count: rows.length, timestamps, keys, values: rows.map(() => 'x'.repeat(1_000)) };
  const settings = {
    id: 'p1',
    bootstrap: { 1: 'b1' },
    topic: 't',
    tape,
    pace: { kind: 'max' },
    overrides: {},
  };
  cluster.kernel.addNode('p1', 'producer', settings, cluster.now);
  const facts = (): ReturnType<typeof tapePlayerFacts> | undefined => {
    const memory = cluster.kernel.slot('p1').memory as ProducerMemory | undefined;
    return memory === undefined ? undefined : tapePlayerFacts(memory);
  };
  const tookMs = cluster.runUntilTrue('the end of the tape', () => facts()?.acknowledged === 400);
  expect(facts()).toMatchObject({ failed: 0, unknown: 0 });
  expect(cluster.replica(1, 't-0')?.logEnd).toBe(400);
  // Some 400 kB at 20 kB a second, but for what fits into the first window.
  expect(tookMs).toBeGreaterThan(9_000);
  expect(tookMs).toBeLessThan(40_000);
});
