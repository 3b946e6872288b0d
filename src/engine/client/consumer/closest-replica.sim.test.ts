import { expect, test } from 'vitest';
import { CONSUMER_CONFIG } from '../../api/config/client-config.ts';
import { parseConfig, type ConfigOverrides } from '../../api/config/config-key.ts';
import { NONE } from '../../protocol/errors.ts';
import type { FetchResponsePartition } from '../../protocol/fetch.ts';
import { batchOf } from '../../protocol/record-batch.ts';
import type { Program } from '../../sim/node-context.ts';
import { BrokerCluster } from '../../testing/broker-cluster.ts';
import type { Consumer } from './consumer-state.ts';
import {
  consumerAssign,
  consumerPoll,
  createConsumer,
  onConsumerDisconnect,
  onConsumerMessage,
  onConsumerTimer,
  takeConsumerNotices,
} from './consumer.ts';

const BOOTSTRAP = [
  [1, 'b1'],
  [2, 'b2'],
  [3, 'b3'],
] as const;
const SELECTOR = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

interface Memory {
  readonly consumer: Consumer;
  read: number;
}

/** Reads t-0 from the beginning, outside of any group, for ever. */
const reader: Program<ConfigOverrides, Memory> = {
  kind: 'reader',
  start(context, overrides) {
    const config = parseConfig(CONSUMER_CONFIG, { 'auto.offset.reset': 'earliest', ...overrides });
    if (!config.ok) throw new Error(config.error);
    const options = { prefix: 'r', clientId: 'r', bootstrap: BOOTSTRAP, config: config.value, groupId: '' };
    const memory = { consumer: createConsumer(context, options), read: 0 };
    consumerAssign(memory.consumer, [{ topic: 't', partition: 0 }]);
    context.setTimer('poll', 0);
    return memory;
  },
  onMessage({ consumer }, context, connection, message) {
    onConsumerMessage(consumer, context, connection, message);
  },
  onTimer(memory, context, name) {
    if (onConsumerTimer(memory.consumer, context, name)) return;
    for (const { from, to } of consumerPoll(memory.consumer, context)) memory.read += to - from;
    takeConsumerNotices(memory.consumer);
    context.setTimer('poll', 20_000);
  },
  onDisconnect({ consumer }, context, connection) {
    onConsumerDisconnect(consumer, context, connection);
  },
  onSignal: () => undefined,
};

/** t-0 is led by b1 in rack a; b2 is in b, b3 in c. */
function clusterOf(overrides: ConfigOverrides): BrokerCluster {
  const racks = { 1: 'a', 2: 'b', 3: 'c' };
  const cluster = new BrokerCluster({ seed: 11, programs: [reader], racks, overrides });
  cluster.boot();
  cluster.createTopic('t', [[1, 2, 3]]);
  return cluster;
}

const RACK_AWARE = { 'replica.selector.class': SELECTOR };

function produce(cluster: BrokerCluster, to: number, count: number): void {
  const records = Array.from({ length: count }, (_, i) => ({ key: null, value: `${i}`, timestamp: 1_000 }));
  const data = [{ index: 0, records: [batchOf(records)] }];
  const topicData = [{ topicId: cluster.topicId('t'), partitionData: data }];
  cluster.ask(to, 'Produce', { transactionalId: null, acks: -1, timeoutMs: 1_000, topicData });
}

function read(cluster: BrokerCluster, overrides: ConfigOverrides): () => number {
  cluster.kernel.addNode('r', 'reader', overrides);
  cluster.kernel.start('r');
  return () => (cluster.kernel.slot('r').memory as Memory).read;
}

const preferred = (cluster: BrokerCluster): number | undefined =>
  (cluster.kernel.slot('r').memory as Memory).consumer.subscriptions.assigned.get('t-0')
    ?.preferredReadReplica;

test('a consumer reads from the replica in its rack, and of it no more than what is committed', () => {
  const cluster = clusterOf(RACK_AWARE);
  produce(cluster, 1, 10);
  const count = read(cluster, { 'client.rack': 'c' });
  cluster.runUntilTrue('records', () => count() === 10);
  expect(preferred(cluster)).toBe(3);
  cluster.kernel.setLinkCut('r', 'b1', true);
  produce(cluster, 1, 5);
  const took = cluster.runUntilTrue('records without the leader', () => count() === 15, 2_000);
  // The follower learns what is committed with its next fetch, which may wait replica.fetch.wait.max.ms.
  expect(took).toBeGreaterThan(1);
  // What is not committed is not to be read: a paused follower holds the high watermark.
  cluster.kernel.pause('b2');
  const batch = batchOf([{ key: null, value: 'x', timestamp: 1_000 }]);
  const topicData = [{ topicId: cluster.topicId('t'), partitionData: [{ index: 0, records: [batch] }] }];
  cluster.client.send('b1', 'Produce', { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData });
  cluster.runFor(3_000);
  expect(cluster.replica(3, 't-0')?.logEnd).toBe(16);
  expect(count()).toBe(15);
});

test.each<readonly [string, ConfigOverrides, ConfigOverrides]>([
  ['brokers choose no replicas', {}, { 'client.rack': 'c' }],
  ['the consumer is in the leader’s rack', RACK_AWARE, { 'client.rack': 'a' }],
  ['nobody is in its rack', RACK_AWARE, { 'client.rack': 'elsewhere' }],
  ['it says no rack', RACK_AWARE, {}],
])('the leader serves if %s', (_, brokers, consumer) => {
  const cluster = clusterOf(brokers);
  produce(cluster, 1, 10);
  const count = read(cluster, consumer);
  cluster.runUntilTrue('records', () => count() === 10);
  expect(preferred(cluster)).toBe(-1);
  for (const follower of ['b2', 'b3']) cluster.kernel.setLinkCut('r', follower, true);
  produce(cluster, 1, 5);
  cluster.runUntilTrue('records without the followers', () => count() === 15, 2_000);
});

test('a consumer goes back to the leader when its replica dies, and to the replica when it is in sync again', () => {
  const cluster = clusterOf(RACK_AWARE);
  produce(cluster, 1, 10);
  const count = read(cluster, { 'client.rack': 'c' });
  cluster.runUntilTrue('the replica is read', () => preferred(cluster) === 3 && count() === 10);
  cluster.kernel.stop('b3', { powerLoss: false });
  cluster.runFor(100);
  produceLater(cluster, 5);
  cluster.runUntilTrue('records', () => count() === 15, 40_000);
  expect(preferred(cluster)).toBe(-1);
  cluster.kernel.start('b3');
  cluster.runUntilTrue('the replica is read again', () => preferred(cluster) === 3, 40_000);
  produce(cluster, 1, 5);
  cluster.runUntilTrue('records', () => count() === 20, 5_000);
});

/** Asks for acks from whoever is in sync once the dead one is out. */
function produceLater(cluster: BrokerCluster, count: number): void {
  cluster.runUntilTrue('two in sync', () => cluster.partition('t').isr.length === 2, 40_000);
  produce(cluster, 1, count);
}

test('the lease ends after metadata.max.age.ms: then the leader is asked anew', () => {
  const cluster = clusterOf(RACK_AWARE);
  produce(cluster, 1, 10);
  const count = read(cluster, { 'client.rack': 'c', 'metadata.max.age.ms': '3000' });
  cluster.runUntilTrue('the replica is read', () => preferred(cluster) === 3 && count() === 10);
  const asked: number[] = [];
  cluster.runUntilTrue(
    'the leader is asked again',
    () => {
      if (preferred(cluster) === -1) asked.push(cluster.now);
      return asked.length > 0;
    },
    5_000,
  );
  cluster.runUntilTrue('and names the replica again', () => preferred(cluster) === 3, 1_000);
});

test('a follower serves consumers of version 11 and later, and says where its log ends', () => {
  const cluster = clusterOf(RACK_AWARE);
  produce(cluster, 1, 10);
  cluster.runFor(1_000);
  const fetch = (fetchOffset: number, version: number): FetchResponsePartition | undefined => {
    const asked = { currentLeaderEpoch: 0, lastFetchedEpoch: -1, logStartOffset: -1 };
    const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1e6, ...asked }];
    const body = {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1e6,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topicId: cluster.topicId('t'), partitions }],
      forgottenTopicsData: [],
      rackId: 'c',
    };
    const id = cluster.client.send('b3', 'Fetch', body, { version });
    cluster.runUntilTrue('answer', () => cluster.client.answer(id) !== undefined);
    return cluster.client.body<'Fetch'>(id)?.responses[0]?.partitions[0];
  };
  expect(fetch(0, 18)).toMatchObject({ errorCode: NONE, highWatermark: 10, preferredReadReplica: -1 });
  expect(fetch(0, 18)?.records).toHaveLength(1);
  expect(fetch(11, 18)?.errorCode).toBe(1);
  expect(fetch(0, 10)?.errorCode).toBe(6);
});
