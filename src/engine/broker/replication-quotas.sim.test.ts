import { expect, test } from 'vitest';
import { CONFIG_RESOURCE } from '../metadata/metadata-record.ts';
import { batchOf } from '../protocol/record-batch.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';
import { simpleRate } from './rate-window.ts';
import { replicationRate } from './replication-quota.ts';

const BATCH = batchOf([{ key: null, value: 'x'.repeat(10_000), timestamp: 1_000 }]);
const BATCHES = 30;
/** Bytes a second. */
const RATE = 20_000;

const FETCHES_SINGLY = { 'replica.fetch.max.bytes': '10000', 'replica.lag.time.max.ms': '1000' };

interface Change {
  readonly topic?: string;
  readonly name: string;
  readonly value: string | null;
}

function set(cluster: BrokerCluster, { topic, name, value }: Change): void {
  const config = { name, configOperation: value === null ? 1 : 0, value };
  const resourceType = topic === undefined ? CONFIG_RESOURCE.BROKER : CONFIG_RESOURCE.TOPIC;
  const resources = [{ resourceType, resourceName: topic ?? '', configs: [config] }];
  const answer = cluster.ask(1, 'IncrementalAlterConfigs', { resources, validateOnly: false });
  expect(answer.responses[0]).toMatchObject({ errorCode: 0, errorMessage: null });
  cluster.runFor(1_000);
}

function produce(cluster: BrokerCluster, topic: string): void {
  const topicData = [{ topicId: cluster.topicId(topic), partitionData: [{ index: 0, records: [BATCH] }] }];
  const body = { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData };
  expect(cluster.ask(1, 'Produce', body).responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
}

/** A follower, broker 2, is away while its topics fill, so that it is out of sync and has much to fetch. */
function behind(...topics: string[]): BrokerCluster {
  const cluster = new BrokerCluster({ seed: 11, brokers: 3, overrides: FETCHES_SINGLY });
  cluster.boot();
  for (const topic of topics) cluster.createTopic(topic, [[1, 2, 3]]);
  cluster.kernel.stop('b2', { powerLoss: false });
  cluster.runUntilTrue('out of the ISR', () => !cluster.partition('t').isr.includes(2), 30_000);
  for (const topic of topics) for (let i = 0; i < BATCHES; i++) produce(cluster, topic);
  return cluster;
}

/** How long it takes until broker 2 has all, in ms. */
function catchUp(cluster: BrokerCluster, topic = 't'): number {
  cluster.kernel.start('b2');
  return untilCaughtUp(cluster, topic);
}

const untilCaughtUp = (cluster: BrokerCluster, topic = 't'): number =>
  cluster.runUntilTrue('caught up', () => cluster.replica(2, `${topic}-0`)?.logEnd === BATCHES);

/** What does not fit into the samples that begin empty is held to the rate. */
const LEAST_MS = ((BATCHES * BATCH.sizeInBytes) / RATE) * 1_000 * 0.7;

test('without a rate a follower catches up at once', () => {
  const cluster = behind('t');
  set(cluster, { topic: 't', name: 'leader.replication.throttled.replicas', value: '*' });
  set(cluster, { topic: 't', name: 'follower.replication.throttled.replicas', value: '*' });
  expect(catchUp(cluster)).toBeLessThan(3_000);
});

test('a leader sends a follower that is out of sync no more than its rate, and those in sync all', () => {
  const cluster = behind('t');
  set(cluster, { topic: 't', name: 'leader.replication.throttled.replicas', value: '0:1' });
  set(cluster, { name: 'leader.replication.throttled.rate', value: `${RATE}` });
  cluster.kernel.start('b2');
  cluster.runFor(5_000);
  const broker = cluster.memory(1);
  const now = cluster.contextOf(1).wallClockMs();
  expect(replicationRate(broker, 'leader', now)).toBeGreaterThan(RATE * 0.8);
  expect(replicationRate(broker, 'leader', now)).toBeLessThan(RATE * 1.8);
  produce(cluster, 't');
  cluster.runFor(20);
  // Broker 3 is in sync: what it gets counts, and is never kept from it.
  expect(cluster.replica(3, 't-0')?.logEnd).toBe(BATCHES + 1);
  expect(cluster.replica(2, 't-0')?.logEnd).toBeLessThan(BATCHES - 5);
  expect(untilCaughtUp(cluster)).toBeGreaterThan(LEAST_MS - 6_000);
});

test('a follower leaves throttled partitions out of its fetches, and no others', () => {
  const cluster = behind('t', 'free');
  set(cluster, { topic: 't', name: 'follower.replication.throttled.replicas', value: '0:2,5:3' });
  set(cluster, { name: 'follower.replication.throttled.rate', value: `${RATE}` });
  expect(catchUp(cluster, 'free')).toBeLessThan(3_000);
  expect(cluster.replica(2, 't-0')?.logEnd).toBeLessThan(BATCHES / 2);
  expect(untilCaughtUp(cluster)).toBeGreaterThan(LEAST_MS - 3_000);
  cluster.runFor(3_000);
  expect(cluster.partition('t').isr).toEqual([1, 3, 2]);
});

test('a rate of 0 stops the follower until the rate goes; a list that names others does not', () => {
  const cluster = behind('t', 'other');
  set(cluster, { name: 'follower.replication.throttled.rate', value: '0' });
  set(cluster, { topic: 't', name: 'follower.replication.throttled.replicas', value: '0:2' });
  set(cluster, { topic: 'other', name: 'follower.replication.throttled.replicas', value: '0:1,0:3,1:2' });
  expect(catchUp(cluster, 'other')).toBeLessThan(3_000);
  cluster.runFor(15_000);
  // The first fetch passes: nothing was counted before it.
  expect(cluster.replica(2, 't-0')?.logEnd).toBeLessThan(4);
  set(cluster, { name: 'follower.replication.throttled.rate', value: null });
  expect(untilCaughtUp(cluster)).toBeLessThan(3_000);
});

test('a simple rate is taken over what there is and at least one sample', () => {
  const settings = { samples: 2, sampleMs: 1_000 };
  const samples = [{ beganAt: 0, lastAt: 900, sum: 500 }];
  expect(simpleRate({ samples }, 500, settings)).toBe(500);
  expect(simpleRate({ samples }, 2_000, settings)).toBe(250);
  expect(simpleRate({ samples }, 2_900, settings)).toBe(0);
});
