import { beforeEach, describe, expect, test } from 'vitest';
import { ensure } from '../base/assert.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { APIS, type ApiName, type RequestBody } from '../protocol/message.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

let cluster: BrokerCluster;
beforeEach(() => {
  cluster = new BrokerCluster({ seed: 4, overrides: { 'max.request.partition.size.limit': '5' } });
  cluster.boot();
});

/** The answer to a request of a version; undefined if the connection was closed instead. */
function askAs<A extends ApiName>(version: number, api: A, body: RequestBody<A>) {
  const id = cluster.client.send('b1', api, body, { version });
  cluster.runUntilTrue('an answer', () => cluster.client.answer(id) !== undefined);
  return cluster.client.body<A>(id);
}

const client = {
  clientSoftwareName: 'a-client',
  clientSoftwareVersion: '1.0',
  clusterId: null,
  nodeId: -1,
} as const;

describe('ApiVersions', () => {
  test('names what is served with Kafka’s ranges, and features as far as the client can read them', () => {
    const answer = ensure(askAs(5, 'ApiVersions', client), 'answer');
    const range = (api: ApiName) => answer.apiKeys.find(({ apiKey }) => apiKey === APIS[api].key);
    expect(range('Produce')).toMatchObject({ minVersion: 0, maxVersion: 13 });
    expect(range('Fetch')).toMatchObject({ minVersion: 4, maxVersion: 18 });
    expect(range('DescribeCluster')).toMatchObject({ minVersion: 0, maxVersion: 2 });
    expect(range('Vote')).toBeUndefined();
    expect(answer.supportedFeatures).toContainEqual({
      name: 'transaction.version',
      minVersion: 0,
      maxVersion: 2,
    });
    expect(answer.finalizedFeatures).toContainEqual({
      name: 'metadata.version',
      maxVersionLevel: 33,
      minVersionLevel: 33,
    });
    const old = ensure(askAs(3, 'ApiVersions', client), 'answer');
    expect(old.supportedFeatures.map(({ name }) => name)).toEqual(['metadata.version']);
  });

  test('a wrong version, name or broker is told so; other requests in a wrong version cost the connection', () => {
    expect(askAs(6, 'ApiVersions', client)).toMatchObject({
      errorCode: ERROR_CODES.UNSUPPORTED_VERSION,
      apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 5 }],
    });
    const odd = { ...client, clientSoftwareName: 'a client' };
    expect(askAs(5, 'ApiVersions', odd)?.errorCode).toBe(ERROR_CODES.INVALID_REQUEST);
    expect(askAs(2, 'ApiVersions', odd)?.errorCode).toBe(NONE);
    const astray = { ...client, nodeId: 2 };
    expect(askAs(5, 'ApiVersions', astray)?.errorCode).toBe(ERROR_CODES.REBOOTSTRAP_REQUIRED);
    const offsets = { replicaId: -1, isolationLevel: 0, topics: [], timeoutMs: 0 };
    expect(askAs(12, 'ListOffsets', offsets)).toBeUndefined();
    expect(askAs(0, 'ListOffsets', offsets)).toBeUndefined();
    expect(askAs(11, 'ListOffsets', offsets)).toBeDefined();
  });
});

test('DescribeCluster shows fenced brokers to whom asks, and speaks for brokers only', () => {
  cluster.kernel.stop('b3', { powerLoss: false });
  cluster.runFor(12_000);
  const describeCluster = (endpointType: number, includeFencedBrokers: boolean, version = 2) =>
    ensure(
      askAs(version, 'DescribeCluster', {
        endpointType,
        includeFencedBrokers,
        includeClusterAuthorizedOperations: true,
      }),
      'answer',
    );
  const shown = describeCluster(1, true).brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced]);
  expect(shown.sort()).toEqual([
    [1, false],
    [2, false],
    [3, true],
  ]);
  expect(describeCluster(1, false)).toMatchObject({
    controllerId: 1,
    clusterAuthorizedOperations: 8_096,
    brokers: [{ brokerId: expect.any(Number) as number }, {}],
  });
  expect(describeCluster(2, false).errorCode).toBe(ERROR_CODES.MISMATCHED_ENDPOINT_TYPE);
  expect(describeCluster(7, false).errorCode).toBe(ERROR_CODES.UNSUPPORTED_ENDPOINT_TYPE);
  expect(describeCluster(2, false, 0).errorCode).toBe(ERROR_CODES.INVALID_REQUEST);
});

describe('DescribeTopicPartitions', () => {
  const ask = (names: readonly string[], cursor: readonly [string, number] | null = null, limit = 2_000) =>
    cluster.ask(1, 'DescribeTopicPartitions', {
      topics: names.map((name) => ({ name })),
      responsePartitionLimit: limit,
      cursor: cursor === null ? null : { topicName: cursor[0], partitionIndex: cursor[1] },
    });

  test('goes through topics by name in pieces, and says where each piece ends', () => {
    cluster.createTopic('b', [[1], [2], [3]]);
    cluster.createTopic('a', [[1], [2], [3]]);
    const first = ask([]);
    expect(first.topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect(first.nextCursor).toEqual({ topicName: 'b', partitionIndex: 2 });
    const second = ask([], ['b', 2]);
    expect(second.topics).toMatchObject([{ name: 'b', partitions: [{ partitionIndex: 2 }] }]);
    expect(second.nextCursor).toBeNull();
    expect(ask([], null, 3).nextCursor).toEqual({ topicName: 'b', partitionIndex: 0 });
    expect(ask(['a', 'no', 'n o']).topics.map(({ errorCode }) => errorCode)).toEqual([
      NONE,
      ERROR_CODES.INVALID_TOPIC_EXCEPTION,
      ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
    ]);
    expect(ask(['b'], ['a', 0]).topics).toMatchObject([{ errorCode: ERROR_CODES.INVALID_REQUEST }]);
    expect(ask(['b'], ['b', -1]).topics).toMatchObject([{ errorCode: ERROR_CODES.INVALID_REQUEST }]);
  });

  test('shows who is eligible to lead outside the ISR, until the feature is put away', () => {
    cluster.createTopic('t', [[1, 2, 3]], { 'min.insync.replicas': '3' });
    cluster.kernel.stop('b3', { powerLoss: false });
    cluster.runUntilTrue('broker 3 leaves the ISR', () => cluster.partition('t').isr.length === 2);
    cluster.runFor(600);
    expect(ask(['t']).topics[0]?.partitions).toMatchObject([
      { leaderId: 1, isrNodes: [1, 2], eligibleLeaderReplicas: [3], lastKnownElr: [], offlineReplicas: [3] },
    ]);
    const feature = 'eligible.leader.replicas.version';
    const featureUpdates = [{ feature, maxVersionLevel: 0, upgradeType: 2 }];
    cluster.ask(1, 'UpdateFeatures', { featureUpdates, timeoutMs: 1_000, validateOnly: false });
    cluster.runFor(600);
    expect(ask(['t']).topics[0]?.partitions[0]?.eligibleLeaderReplicas).toEqual([]);
  });
});

test('DescribeQuorum knows the leader, and how far voters and brokers have come', () => {
  cluster = new BrokerCluster({ seed: 4, controllers: 3 });
  cluster.boot();
  const asked = (topicName: string) =>
    cluster.ask(2, 'DescribeQuorum', { topics: [{ topicName, partitions: [{ partitionIndex: 0 }] }] });
  const { topics, nodes } = asked('__cluster_metadata');
  const partition = ensure(topics[0]?.partitions[0], 'partition');
  const ends = [...partition.currentVoters, ...partition.observers].map((state) => state.logEndOffset);
  expect(nodes.map(({ nodeId }) => nodeId)).toContain(partition.leaderId);
  expect(partition.currentVoters).toHaveLength(3);
  expect(partition.observers.map(({ replicaId }) => replicaId).sort()).toEqual([1, 2, 3]);
  expect(ends.every((end) => end === partition.highWatermark)).toBe(true);
  const silent = partition.observers.map(({ lastFetchTimestamp }) => lastFetchTimestamp);
  const nowMs = cluster.contextOf(1).wallClockMs();
  expect(silent.every((at) => nowMs - at >= 0 && nowMs - at < 1_000)).toBe(true);
  expect(asked('t').topics).toMatchObject([{ partitions: [{ errorCode: 3 }] }]);
});

test('ListPartitionReassignments shows what is on its way, and nothing when it is given up', () => {
  cluster.createTopic('t', [[1], [2]]);
  cluster.kernel.stop('b3', { powerLoss: false });
  const reassign = (replicas: readonly number[] | null) =>
    cluster.ask(1, 'AlterPartitionReassignments', {
      timeoutMs: 1_000,
      allowReplicationFactorChange: true,
      topics: [{ name: 't', partitions: [{ partitionIndex: 1, replicas }] }],
    });
  const list = (topics: RequestBody<'ListPartitionReassignments'>['topics']) =>
    cluster.ask(1, 'ListPartitionReassignments', { timeoutMs: 1_000, topics }).topics;
  expect(list(null)).toEqual([]);
  reassign([3]);
  const moving = { partitionIndex: 1, replicas: [3, 2], addingReplicas: [3], removingReplicas: [2] };
  expect(list(null)).toEqual([{ name: 't', partitions: [moving] }]);
  expect(list([{ name: 't', partitionIndexes: [0] }])).toEqual([]);
  expect(list([{ name: 'no', partitionIndexes: [0] }])).toEqual([]);
  reassign(null);
  expect(list([{ name: 't', partitionIndexes: [0, 1] }])).toEqual([]);
});

test('AlterConfigs replaces all that a topic has', () => {
  cluster.createTopic('t', [[1]], { 'retention.ms': '5000', 'max.message.bytes': '900' });
  const alter = (value: string | null, validateOnly = false) =>
    cluster.ask(1, 'AlterConfigs', {
      resources: [{ resourceType: 2, resourceName: 't', configs: [{ name: 'segment.ms', value }] }],
      validateOnly,
    }).responses[0]?.errorCode;
  const set = () => {
    cluster.runFor(600);
    const resource = { resourceType: 2, resourceName: 't', configurationKeys: null };
    const request = { resources: [resource], includeSynonyms: false, includeDocumentation: false };
    const configs = cluster.ask(1, 'DescribeConfigs', request).results[0]?.configs ?? [];
    return configs.filter(({ configSource }) => configSource === 1).map(({ name }) => name);
  };
  expect(alter('7000', true)).toBe(NONE);
  expect(set().sort()).toEqual(['max.message.bytes', 'retention.ms']);
  expect(alter(null)).toBe(ERROR_CODES.INVALID_REQUEST);
  expect(alter('soon')).toBe(ERROR_CODES.INVALID_CONFIG);
  expect(alter('7000')).toBe(NONE);
  expect(set()).toEqual(['segment.ms']);
});

describe('UpdateFeatures', () => {
  const update = (feature: string, maxVersionLevel: number, upgradeType = 1, validateOnly = false) => {
    const featureUpdates = [{ feature, maxVersionLevel, upgradeType }];
    const request = { featureUpdates, timeoutMs: 1_000, validateOnly };
    const { errorCode } = cluster.ask(1, 'UpdateFeatures', request);
    cluster.runFor(600);
    return errorCode;
  };
  const level = (feature: string) => {
    const { finalizedFeatures } = cluster.ask(1, 'ApiVersions', client);
    return finalizedFeatures.find(({ name }) => name === feature)?.maxVersionLevel ?? 0;
  };

  test('refuses what the software cannot do, and what is not called by its name', () => {
    const bad = ERROR_CODES.INVALID_UPDATE_VERSION;
    expect(update('transaction.version', 3)).toBe(bad);
    expect(update('transaction.version', 1)).toBe(bad);
    expect(update('transaction.version', 1, 9)).toBe(bad);
    expect(update('transaction.version', -1, 2)).toBe(bad);
    expect(update('no.version', 0)).toBe(bad);
    expect(update('metadata.version', 32, 2)).toBe(bad);
    expect(update('metadata.version', 6, 3)).toBe(bad);
    expect(update('group.version', 0, 2, true)).toBe(NONE);
    expect(level('group.version')).toBe(1);
    expect(level('transaction.version')).toBe(2);
  });

  test('goes down and up again while the cluster runs, and the consumer protocol with it', () => {
    cluster.warmUp();
    const heartbeat = () =>
      cluster.ask(cluster.partition('__consumer_offsets').leader, 'ConsumerGroupHeartbeat', {
        groupId: '',
        memberId: 'm',
        memberEpoch: 0,
        instanceId: null,
        rackId: null,
        rebalanceTimeoutMs: 1_000,
        subscribedTopicNames: [],
        subscribedTopicRegex: null,
        serverAssignor: null,
        topicPartitions: [],
      }).errorCode;
    expect(update('group.version', 0, 2)).toBe(NONE);
    expect(level('group.version')).toBe(0);
    expect(heartbeat()).toBe(ERROR_CODES.UNSUPPORTED_VERSION);
    expect(update('group.version', 1, 2)).toBe(ERROR_CODES.INVALID_UPDATE_VERSION);
    expect(update('group.version', 1)).toBe(NONE);
    expect(heartbeat()).toBe(ERROR_CODES.INVALID_REQUEST);
  });
});

test('UnregisterBroker takes a broker out of the cluster', () => {
  cluster.createTopic('t', [[1, 3]]);
  cluster.kernel.stop('b3', { powerLoss: false });
  cluster.runFor(12_000);
  expect(cluster.ask(1, 'UnregisterBroker', { brokerId: 9 }).errorCode).toBe(
    ERROR_CODES.BROKER_ID_NOT_REGISTERED,
  );
  expect(cluster.ask(1, 'UnregisterBroker', { brokerId: 3 }).errorCode).toBe(NONE);
  cluster.runFor(600);
  const { configResources } = cluster.ask(1, 'ListConfigResources', { resourceTypes: [4] });
  expect(configResources.map(({ resourceName }) => resourceName).sort()).toEqual(['1', '2']);
  expect(cluster.ask(1, 'ListConfigResources', { resourceTypes: [2] }).configResources).toEqual([
    { resourceName: 't', resourceType: 2 },
  ]);
  expect(cluster.ask(1, 'ListConfigResources', { resourceTypes: [9] }).errorCode).toBe(
    ERROR_CODES.UNSUPPORTED_VERSION,
  );
  expect(cluster.partition('t').isr).toEqual([1]);
});
