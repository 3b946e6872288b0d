import { describe, expect, test } from 'vitest';
import type { MetadataRecord } from '../metadata/metadata-record.ts';
import { NONE, errorName, type ErrorName } from '../protocol/errors.ts';
import type { CreateTopicsRequestTopic } from '../protocol/create-topics.ts';
import type { DeleteTopicsRequestTopic } from '../protocol/delete-topics.ts';
import { smallCluster, TOPIC_ID } from '../testing/small-cluster.ts';
import { incrementalAlterConfigs } from './alter-configs.ts';
import { createPartitions } from './create-partitions.ts';
import { createTopics } from './create-topics.ts';
import { deleteTopics } from './delete-topics.ts';
import { alterPartition } from './alter-partition.ts';
import { balanceLeaders, electLeaders } from './elect-leaders.ts';
import { alterPartitionReassignments } from './reassign-partitions.ts';

const NEW_ID = 'NNNNNNNNNNNNNNNNNNNNNA';
const CHANCE = { draw: () => 0, newTopicId: () => NEW_ID };

function create(topics: readonly Partial<CreateTopicsRequestTopic>[], records?: readonly MetadataRecord[]) {
  const request = topics.map((topic) => ({
    name: 'a',
    numPartitions: 1,
    replicationFactor: 1,
    assignments: [],
    configs: [],
    ...topic,
  }));
  return createTopics(smallCluster(records), { topics: request, timeoutMs: 0, validateOnly: false }, CHANCE);
}

const assignment = (...replicas: number[][]): Partial<CreateTopicsRequestTopic> => ({
  numPartitions: -1,
  replicationFactor: -1,
  assignments: replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
});

const REFUSED: readonly (readonly [ErrorName, Partial<CreateTopicsRequestTopic>])[] = [
  ['INVALID_TOPIC_EXCEPTION', { name: '' }],
  ['INVALID_TOPIC_EXCEPTION', { name: '..' }],
  ['INVALID_TOPIC_EXCEPTION', { name: 'a/b' }],
  ['INVALID_TOPIC_EXCEPTION', { name: 'x'.repeat(250) }],
  ['TOPIC_ALREADY_EXISTS', { name: 'tickets' }],
  ['INVALID_PARTITIONS', { numPartitions: 0 }],
  ['INVALID_REPLICATION_FACTOR', { replicationFactor: 0 }],
  ['INVALID_REPLICATION_FACTOR', { replicationFactor: 4 }],
  ['POLICY_VIOLATION', { numPartitions: 10_001 }],
  ['INVALID_REQUEST', { ...assignment([1]), replicationFactor: 1 }],
  ['INVALID_REPLICA_ASSIGNMENT', assignment([1, 1])],
  ['INVALID_REPLICA_ASSIGNMENT', assignment([1], [2, 3])],
  ['INVALID_REPLICA_ASSIGNMENT', assignment([9])],
  ['INVALID_CONFIG', { configs: [{ name: 'min.insync.replicas', value: '0' }] }],
  ['INVALID_CONFIG', { configs: [{ name: 'nonsense', value: '1' }] }],
  ['INVALID_CONFIG', { configs: [{ name: 'retention.ms', value: null }] }],
  ['INVALID_CONFIG', { configs: [{ name: 'segment.jitter.ms', value: '-1' }] }],
  ['INVALID_CONFIG', { configs: [{ name: 'remote.storage.enable', value: 'true' }] }],
  [
    'INVALID_CONFIG',
    {
      configs: [
        { name: 'min.compaction.lag.ms', value: '2' },
        { name: 'max.compaction.lag.ms', value: '1' },
      ],
    },
  ],
];

test.each(REFUSED)('CreateTopics answers %s to %j', (name, topic) => {
  const { records, response } = create([topic]);
  expect(response.topics.map(({ errorCode }) => errorName(errorCode))).toEqual([name]);
  expect(records).toEqual([]);
});

test('a topic that cannot be does not stop the others, and a fenced replica is not in sync', () => {
  const { records, response } = create(
    [{ name: 'tickets' }, { name: 'views', ...assignment([3, 1]) }],
    [{ type: 'BrokerRegistrationChangeRecord', brokerId: 3, brokerEpoch: 30, fenced: true }],
  );
  expect(response.topics.map(({ errorCode }) => errorName(errorCode))).toEqual([
    'TOPIC_ALREADY_EXISTS',
    'NONE',
  ]);
  expect(records).toMatchObject([
    { type: 'TopicRecord', name: 'views', topicId: NEW_ID },
    { type: 'PartitionRecord', replicas: [3, 1], isr: [1], leader: 1 },
  ]);
});

function grow(count: number, ...assignments: number[][]) {
  const manual = assignments.length === 0 ? null : assignments.map((brokerIds) => ({ brokerIds }));
  const topics = [{ name: 'tickets', count, assignments: manual }];
  const { records, response } = createPartitions(
    smallCluster(),
    { topics, timeoutMs: 0, validateOnly: false },
    CHANCE.draw,
  );
  return { records, error: errorName(response.results[0]?.errorCode ?? NONE) };
}

test('a topic gets partitions after those it has, with as many replicas, and never fewer', () => {
  expect(grow(3).records).toMatchObject([
    { type: 'PartitionRecord', topicId: TOPIC_ID, partitionId: 1, replicas: { length: 3 } },
    { type: 'PartitionRecord', topicId: TOPIC_ID, partitionId: 2, replicas: { length: 3 } },
  ]);
  expect(grow(2, [3, 1, 2]).records).toMatchObject([{ partitionId: 1, replicas: [3, 1, 2], leader: 3 }]);
  expect([grow(1).error, grow(0).error]).toEqual(['INVALID_PARTITIONS', 'INVALID_PARTITIONS']);
  for (const refused of [grow(3, [1, 2, 3]), grow(2, [1, 2]), grow(2, [1, 2, 9])])
    expect(refused).toEqual({ records: [], error: 'INVALID_REPLICA_ASSIGNMENT' });
});

function alter(
  resource: readonly [type: number, name: string],
  ...configs: (readonly [string, number, string | null])[]
) {
  const [resourceType, resourceName] = resource;
  const changes = configs.map(([name, configOperation, value]) => ({ name, configOperation, value }));
  const resources = [{ resourceType, resourceName, configs: changes }];
  const { records, response } = incrementalAlterConfigs(smallCluster(), { resources, validateOnly: false });
  return { records, errors: response.responses.map(({ errorCode }) => errorName(errorCode)) };
}

const TICKETS = [2, 'tickets'] as const;

test.each([
  ['INVALID_CONFIG', TICKETS, ['retention.ms', 0, 'abc']],
  ['INVALID_CONFIG', TICKETS, ['nonsense', 0, '1']],
  ['UNKNOWN_TOPIC_OR_PARTITION', [2, 'zz'], ['retention.ms', 0, '1']],
  ['INVALID_REQUEST', TICKETS, ['retention.ms', 0, null]],
  ['UNKNOWN_SERVER_ERROR', TICKETS, ['retention.ms', 9, '1']],
  ['INVALID_CONFIG', TICKETS, ['retention.ms', 2, '1']],
  ['INVALID_CONFIG', [4, '1'], ['min.insync.replicas', 0, '2']],
  ['BROKER_ID_NOT_REGISTERED', [4, '7'], ['log.retention.ms', 0, '1']],
  ['INVALID_REQUEST', [4, ''], ['broker.session.timeout.ms', 0, '1']],
] as const)('IncrementalAlterConfigs answers %s for %j %j', (name, resource, config) => {
  expect(alter(resource, config)).toEqual({ records: [], errors: [name] });
});

test('values of a topic that are in order each must go together, with those that it has too', () => {
  const alter = (name: string, value: string) =>
    incrementalAlterConfigs(
      smallCluster([
        {
          type: 'ConfigRecord',
          resourceType: 2,
          resourceName: 'tickets',
          name: 'max.compaction.lag.ms',
          value: '100',
        },
      ]),
      {
        resources: [
          { resourceType: 2, resourceName: 'tickets', configs: [{ name, configOperation: 0, value }] },
        ],
        validateOnly: false,
      },
    ).response.responses.map(({ errorCode }) => errorName(errorCode));
  expect(alter('min.compaction.lag.ms', '101')).toEqual(['INVALID_CONFIG']);
  expect(alter('min.compaction.lag.ms', '100')).toEqual(['NONE']);
  expect(alter('preallocate', 'true'), 'a key that this model does not honour').toEqual(['NONE']);
  expect(alter('preallocate', 'yes')).toEqual(['INVALID_CONFIG']);
});

test('IncrementalAlterConfigs sets for a topic and for all brokers, and appends to a list', () => {
  expect(alter(TICKETS, ['cleanup.policy', 2, 'compact']).records).toMatchObject([
    { resourceName: 'tickets', name: 'cleanup.policy', value: 'delete,compact' },
  ]);
  expect(alter([4, ''], ['min.insync.replicas', 0, '2']).records).toMatchObject([
    { resourceType: 4, resourceName: '', value: '2' },
  ]);
});

const LED_BY_2: MetadataRecord = {
  type: 'PartitionChangeRecord',
  topicId: TOPIC_ID,
  partitionId: 0,
  leader: 2,
};

test('leadership goes back to the preferred replica by timer or by hand, but only if it is needed', () => {
  const elect = (records: readonly MetadataRecord[]) =>
    electLeaders(smallCluster(records), {
      electionType: 0,
      topicPartitions: [{ topic: 'tickets', partitions: [0] }],
      timeoutMs: 0,
    });
  const byHand = elect([LED_BY_2]);
  expect(byHand.records).toMatchObject([{ leader: 1 }]);
  expect(balanceLeaders(smallCluster([LED_BY_2])).records).toEqual(byHand.records);
  const [result] = elect([]).response.replicaElectionResults;
  expect(errorName(result?.partitionResult[0]?.errorCode ?? 0)).toBe('ELECTION_NOT_NEEDED');
  const away: MetadataRecord = {
    type: 'BrokerRegistrationChangeRecord',
    brokerId: 1,
    brokerEpoch: 10,
    fenced: true,
  };
  const [missing] = elect([LED_BY_2, away]).response.replicaElectionResults;
  expect(errorName(missing?.partitionResult[0]?.errorCode ?? 0)).toBe('PREFERRED_LEADER_NOT_AVAILABLE');
});

function reassign(replicas: readonly number[] | null, before: readonly MetadataRecord[]) {
  const { records, response } = alterPartitionReassignments(smallCluster(before), {
    timeoutMs: 0,
    allowReplicationFactorChange: true,
    topics: [{ name: 'tickets', partitions: [{ partitionIndex: 0, replicas }] }],
  });
  const { errorCode = NONE } = response.responses[0]?.partitions[0] ?? {};
  return { records, error: errorName(errorCode) };
}

/** On brokers 1 and 2 only. */
const ON_TWO: MetadataRecord = {
  type: 'PartitionChangeRecord',
  topicId: TOPIC_ID,
  partitionId: 0,
  replicas: [1, 2],
};

test('a reassignment adds first, and removes when the new replica is in sync; then another leads', () => {
  const begun = reassign([2, 3], [ON_TWO]);
  expect(begun.records).toMatchObject([{ replicas: [2, 3, 1], addingReplicas: [3], removingReplicas: [1] }]);
  const newIsrWithEpochs = [1, 2, 3].map((brokerId) => ({ brokerId, brokerEpoch: brokerId * 10 }));
  const wish = {
    partitionIndex: 0,
    leaderEpoch: 5,
    partitionEpoch: 11,
    leaderRecoveryState: 0,
    newIsrWithEpochs,
  };
  const done = alterPartition(smallCluster([ON_TWO, ...begun.records]), {
    brokerId: 1,
    brokerEpoch: 10,
    topics: [{ topicId: TOPIC_ID, partitions: [wish] }],
  });
  expect(errorName(done.response.topics[0]?.partitions[0]?.errorCode ?? NONE)).toBe('NEW_LEADER_ELECTED');
  expect(done.records).toMatchObject([
    { isr: [2, 3], leader: 2, replicas: [2, 3], addingReplicas: [], removingReplicas: [] },
  ]);
});

test('a reassignment can be given up while it goes on, which the leader epoch tells the added replica', () => {
  expect(reassign(null, [ON_TWO]).error).toBe('NO_REASSIGNMENT_IN_PROGRESS');
  expect(reassign([2, 2], [ON_TWO]).error).toBe('INVALID_REPLICA_ASSIGNMENT');
  const begun = reassign([2, 3], [ON_TWO]);
  expect(reassign(null, [ON_TWO, ...begun.records]).records).toMatchObject([
    { replicas: [2, 1], leader: 1, addingReplicas: [], removingReplicas: [] },
  ]);
});

describe('DeleteTopics', () => {
  const NEITHER = 'AAAAAAAAAAAAAAAAAAAAAA';
  const byName = { name: 'tickets', topicId: NEITHER };
  const byId = { name: null, topicId: TOPIC_ID };
  const unknown = { name: null, topicId: NEW_ID };

  test.each<[string, readonly DeleteTopicsRequestTopic[], readonly ErrorName[], number]>([
    ['by name', [byName], ['NONE'], 1],
    ['by id', [byId, unknown], ['NONE', 'UNKNOWN_TOPIC_ID'], 1],
    ['twice by name', [byName, byName], ['INVALID_REQUEST'], 0],
    ['by name and by its id', [byId, byName], ['INVALID_REQUEST'], 0],
    ['by both at once', [{ ...byId, ...byName, topicId: TOPIC_ID }], ['INVALID_REQUEST'], 0],
    ['by neither', [{ name: null, topicId: NEITHER }], ['INVALID_REQUEST'], 0],
    ['that is not there', [{ ...byName, name: 'zz' }], ['UNKNOWN_TOPIC_OR_PARTITION'], 0],
  ])('a topic %s', (_, topics, errors, removed) => {
    const { records, response } = deleteTopics(smallCluster(), { topics, timeoutMs: 0 });
    expect(response.responses.map(({ errorCode }) => errorName(errorCode))).toEqual(errors);
    expect(records.length).toBe(removed);
  });
});
