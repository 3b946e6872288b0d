import { beforeEach, expect, test } from 'vitest';
import { ensure } from '../base/assert.ts';
import { directoryOf } from '../metadata/directory-id.ts';
import { CONFIG_RESOURCE } from '../metadata/metadata-record.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { batchOf } from '../protocol/record-batch.ts';
import { recordsOf } from '../log/partition-log.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';
import { replicaByName } from './replica.ts';

const BATCH = batchOf([{ key: null, value: 'x'.repeat(10_000), timestamp: 1_000 }]);
const OTHER = batchOf([{ key: null, value: 'y', timestamp: 2_000 }]);
const BATCHES = 30;
const LEADER = 1;

let cluster: BrokerCluster;
beforeEach(() => {
  const overrides = { 'log.dirs': '/disk/a,/disk/b', 'replica.fetch.max.bytes': '20000' };
  cluster = new BrokerCluster({ seed: 7, brokers: 2, overrides });
  cluster.boot();
  cluster.createTopic('t', [[LEADER, 2]]);
  for (let i = 0; i < BATCHES; i++) produce();
  cluster.runFor(1_000);
});

function produce(broker = LEADER, batch = BATCH): void {
  const topicData = [{ topicId: cluster.topicId('t'), partitionData: [{ index: 0, records: [batch] }] }];
  const body = { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData };
  expect(cluster.ask(broker, 'Produce', body).responses[0]?.partitionResponses[0]?.errorCode).toBe(NONE);
}

/** Bytes a second; null: as fast as it goes. */
function limit(rate: number | null): void {
  const name = 'replica.alter.log.dirs.io.max.bytes.per.second';
  const config = { name, configOperation: rate === null ? 1 : 0, value: rate === null ? null : `${rate}` };
  const resources = [{ resourceType: CONFIG_RESOURCE.BROKER, resourceName: '', configs: [config] }];
  const answer = cluster.ask(LEADER, 'IncrementalAlterConfigs', { resources, validateOnly: false });
  expect(answer.responses[0]).toMatchObject({ errorCode: NONE });
  cluster.runFor(200);
}

function move(broker: number, path: string, name = 't', partition = 0): number | undefined {
  const dirs = [{ path, topics: [{ name, partitions: [partition] }] }];
  return cluster.ask(broker, 'AlterReplicaLogDirs', { dirs }).results[0]?.partitions[0]?.errorCode;
}

/** What lies of the partition in the directories of a broker. */
const lying = (broker: number) =>
  cluster
    .ask(broker, 'DescribeLogDirs', { topics: [{ topic: 't', partitions: [0] }] })
    .results.flatMap(({ logDir, topics }) =>
      topics.flatMap(({ partitions }) => partitions.map((one) => ({ logDir, ...one }))),
    );

const pathOf = (broker: number): string =>
  ensure(
    lying(broker).find(({ isFutureKey }) => !isFutureKey),
    'a replica',
  ).logDir;

const other = (path: string): string => (path === '/disk/a' ? '/disk/b' : '/disk/a');

/** Whether the controller has the replica where the broker has it. */
function isAgreed(broker: number): boolean {
  const { directories } = cluster.memory(broker);
  const index = directories?.paths.indexOf(pathOf(broker)) ?? -1;
  return directoryOf(cluster.partition('t'), broker) === directories?.ids[index];
}

function storedBatches(broker: number): readonly unknown[] {
  const { log } = ensure(replicaByName(cluster.memory(broker), 't', 0), 'replica');
  const { entries } = recordsOf(log, cluster.contextOf(broker));
  return Array.from({ length: entries.end - entries.start }, (_, i) => entries.at(entries.start + i));
}

test.each([LEADER, 2])(
  'a replica moves on broker %i while it is written to, at the rate that is set',
  (id) => {
    limit(40_000);
    const from = pathOf(id);
    expect(move(id, other(from))).toBe(NONE);
    cluster.runFor(2_000);
    const [present, future] = [...lying(id)].sort((a, b) => Number(a.isFutureKey) - Number(b.isFutureKey));
    expect(present).toMatchObject({ logDir: from, partitionSize: BATCHES * BATCH.sizeInBytes, offsetLag: 0 });
    expect(future).toMatchObject({ logDir: other(from), isFutureKey: true });
    expect(future?.offsetLag).toBeGreaterThan(BATCHES / 2);
    produce();
    const took = cluster.runUntilTrue('it is there', () => pathOf(id) === other(from));
    expect(took).toBeGreaterThan(4_000);
    produce();
    cluster.runFor(1_000);
    expect(isAgreed(id)).toBe(true);
    expect(lying(id)).toMatchObject([{ isFutureKey: false, offsetLag: 0 }]);
    expect(storedBatches(id)).toHaveLength(BATCHES + 2);
    expect(storedBatches(id)).toEqual(storedBatches(3 - id));
  },
);

test('a move goes on where it stood after a crash, and is given up when it shall stay', () => {
  const from = pathOf(2);
  limit(40_000);
  move(2, other(from));
  cluster.runFor(3_000);
  cluster.kernel.stop('b2', { powerLoss: false });
  cluster.runFor(1_000);
  cluster.kernel.start('b2');
  cluster.runUntilTrue('back', () => cluster.isAlive(2));
  expect(lying(2).find(({ isFutureKey }) => isFutureKey)?.offsetLag).toBeLessThan(BATCHES);
  expect(move(2, from)).toBe(NONE);
  expect(lying(2)).toMatchObject([{ logDir: from, isFutureKey: false }]);
  limit(null);
  move(2, other(from));
  cluster.runFor(2_000);
  expect(pathOf(2)).toBe(other(from));
  expect(isAgreed(2)).toBe(true);
});

test('what a replica cuts off after an unclean election goes from its copy too', () => {
  const from = pathOf(LEADER);
  cluster.kernel.stop('b2', { powerLoss: false });
  cluster.runUntilTrue('alone', () => cluster.partition('t').isr.length === 1, 40_000);
  for (let i = 0; i < 5; i++) produce();
  cluster.kernel.setLinkCut('b1', 'controller', true);
  move(LEADER, other(from));
  cluster.runFor(1_000);
  // All is copied, and the controller cannot be asked.
  expect(lying(LEADER).find(({ isFutureKey }) => isFutureKey)?.offsetLag).toBe(0);
  cluster.kernel.stop('b1', { powerLoss: false });
  cluster.kernel.start('b2');
  cluster.kernel.setLinkCut('b1', 'controller', false);
  cluster.runUntilTrue('b2 is back', () => cluster.isAlive(2) && cluster.partition('t').leader < 0);
  const topicPartitions = [{ topic: 't', partitions: [0] }];
  cluster.ask(2, 'ElectLeaders', { electionType: 1, topicPartitions, timeoutMs: 1_000 });
  cluster.runUntilTrue('b2 leads', () => cluster.partition('t').leader === 2);
  for (let i = 0; i < 8; i++) produce(2, OTHER);
  cluster.kernel.start('b1');
  cluster.runUntilTrue('it is there', () => cluster.isAlive(LEADER) && pathOf(LEADER) === other(from));
  cluster.runFor(1_000);
  expect(storedBatches(2)).toHaveLength(BATCHES + 8);
  expect(storedBatches(LEADER)).toEqual(storedBatches(2));
});

test('what cannot be moved is refused with Kafka’s errors', () => {
  expect(move(2, '/disk/c')).toBe(ERROR_CODES.LOG_DIR_NOT_FOUND);
  expect(move(2, '/disk/a', 'none')).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION);
  cluster.createTopic('single', [[LEADER]]);
  expect(move(2, '/disk/a', 'single')).toBe(ERROR_CODES.REPLICA_NOT_AVAILABLE);
  const { disk } = cluster.contextOf(2);
  disk.failed.set(1, cluster.now);
  cluster.kernel.signal('b2', { type: 'log-dir-failed' });
  cluster.runFor(100);
  expect(move(2, '/disk/b')).toBe(ERROR_CODES.KAFKA_STORAGE_ERROR);
  const described = cluster.ask(2, 'DescribeLogDirs', { topics: null }).results;
  expect(described).toMatchObject([
    { logDir: '/disk/a', errorCode: NONE, totalBytes: -1 },
    { logDir: '/disk/b', errorCode: ERROR_CODES.KAFKA_STORAGE_ERROR, topics: [] },
  ]);
});
