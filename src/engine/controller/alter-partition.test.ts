import { expect, test } from 'vitest';
import type { MetadataRecord } from '../metadata/metadata-record.ts';
import type { AlterPartitionRequestPartition } from '../protocol/alter-partition.ts';
import { errorName, type ErrorName } from '../protocol/errors.ts';
import { smallCluster, TOPIC_ID } from '../testing/small-cluster.ts';
import { alterPartition } from './alter-partition.ts';

interface Wish extends Partial<AlterPartitionRequestPartition> {
  readonly sender?: number;
  readonly senderEpoch?: number;
  readonly topicId?: string;
  /** Broker epochs by broker id. */
  readonly isr?: Readonly<Record<number, number>>;
  readonly before?: readonly MetadataRecord[];
}

const ALL = { 1: 10, 2: 20, 3: 30 };

function ask({ sender = 1, senderEpoch, topicId = TOPIC_ID, isr = ALL, before, ...partition }: Wish) {
  return alterPartition(smallCluster(before), {
    brokerId: sender,
    brokerEpoch: senderEpoch ?? sender * 10,
    topics: [
      {
        topicId,
        partitions: [
          {
            partitionIndex: 0,
            leaderEpoch: 5,
            partitionEpoch: 9,
            leaderRecoveryState: 0,
            newIsrWithEpochs: Object.entries(isr).map(([id, brokerEpoch]) => ({
              brokerId: Number(id),
              brokerEpoch,
            })),
            ...partition,
          },
        ],
      },
    ],
  });
}

const change = (brokerId: number, fields: object): MetadataRecord => ({
  type: 'BrokerRegistrationChangeRecord',
  brokerId,
  brokerEpoch: brokerId * 10,
  ...fields,
});

const REFUSALS: readonly (readonly [ErrorName, string, Wish])[] = [
  ['UNKNOWN_TOPIC_ID', 'no such topic', { topicId: 'XXXXXXXXXXXXXXXXXXXXXA' }],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'no such partition', { partitionIndex: 1 }],
  ['NOT_CONTROLLER', 'a later leader epoch, even from another broker', { leaderEpoch: 6, sender: 2 }],
  [
    'NOT_CONTROLLER',
    'a later partition epoch before an old leader epoch',
    { partitionEpoch: 10, leaderEpoch: 4 },
  ],
  ['FENCED_LEADER_EPOCH', 'an old leader epoch', { leaderEpoch: 4, partitionEpoch: 8 }],
  ['INVALID_REQUEST', 'the sender does not lead', { sender: 2, partitionEpoch: 8 }],
  ['INVALID_UPDATE_VERSION', 'an old partition epoch', { partitionEpoch: 8, isr: {} }],
  ['INVALID_REQUEST', 'an ISR without the leader', { isr: { 2: 20 } }],
  ['INVALID_REQUEST', 'an ISR with a stranger', { isr: { 1: 10, 4: 40 } }],
  ['INVALID_REQUEST', 'a leader that was never unclean recovers', { isr: { 1: 10 }, leaderRecoveryState: 1 }],
  ['INELIGIBLE_REPLICA', 'another incarnation than the leader saw', { isr: { 1: 10, 3: 29 } }],
  ['INELIGIBLE_REPLICA', 'a fenced replica', { before: [change(3, { fenced: true })] }],
  [
    'INELIGIBLE_REPLICA',
    'a replica that is stopping',
    { before: [change(3, { inControlledShutdown: true })] },
  ],
];

test.each(REFUSALS)('%s: %s', (name, _about, wish) => {
  const { records, response } = ask(wish);
  expect(errorName(response.topics[0]?.partitions[0]?.errorCode ?? 0)).toBe(name);
  expect(records).toEqual([]);
});

test('a request of an earlier life is refused as a whole', () => {
  const { records, response } = ask({ senderEpoch: 9 });
  expect([errorName(response.errorCode), response.topics, records]).toEqual(['STALE_BROKER_EPOCH', [], []]);
});

test('a good wish becomes a record; the partition epoch goes up, the leader epoch does not', () => {
  const { records, response } = ask({});
  expect(records).toEqual([
    { type: 'PartitionChangeRecord', topicId: TOPIC_ID, partitionId: 0, isr: [1, 2, 3] },
  ]);
  expect(response.topics[0]?.partitions[0]).toMatchObject({
    errorCode: 0,
    isr: [1, 2, 3],
    leaderEpoch: 5,
    partitionEpoch: 10,
  });
});

test('a wish for what is already so is answered without a record', () => {
  const { records, response } = ask({ isr: { 1: 10, 2: 20 } });
  expect(records).toEqual([]);
  expect(response.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, isr: [1, 2], partitionEpoch: 9 });
});
