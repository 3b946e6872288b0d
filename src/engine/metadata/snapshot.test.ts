import { expect, test } from 'vitest';
import { digestOf } from '../base/digest.ts';
import { fork } from '../base/fork.ts';
import { emptyImage } from './metadata-image.ts';
import { encodeMetadata } from './metadata-log.ts';
import { CONFIG_RESOURCE, type MetadataRecord, type PartitionRecord } from './metadata-record.ts';
import { replayBatches } from './replay.ts';
import { imageOf, imageRecords, replaceImage } from './snapshot.ts';

const broker = (brokerId: number): MetadataRecord => ({
  type: 'RegisterBrokerRecord',
  brokerId,
  incarnationId: `incarnation-${brokerId}`,
  brokerEpoch: brokerId,
  rack: null,
  fenced: false,
  inControlledShutdown: false,
  logDirs: [],
});

const partition = (topicId: string, partitionId: number): PartitionRecord => ({
  type: 'PartitionRecord',
  topicId,
  partitionId,
  replicas: [1, 2],
  isr: [1],
  addingReplicas: [],
  removingReplicas: [],
  leader: 1,
  leaderRecoveryState: 0,
  leaderEpoch: 3,
  partitionEpoch: 7,
  eligibleLeaderReplicas: [2],
  lastKnownElr: [],
});

const RECORDS: readonly MetadataRecord[] = [
  { type: 'FeatureLevelRecord', name: 'transaction.version', featureLevel: 2 },
  broker(1),
  broker(2),
  { type: 'TopicRecord', name: 'old', topicId: 'A' },
  partition('A', 0),
  { type: 'TopicRecord', name: 'kept', topicId: 'B' },
  partition('B', 0),
  partition('B', 1),
  {
    type: 'ConfigRecord',
    resourceType: CONFIG_RESOURCE.TOPIC,
    resourceName: 'kept',
    name: 'segment.ms',
    value: '5',
  },
  { type: 'ProducerIdsRecord', brokerId: 1, brokerEpoch: 1, nextProducerId: 3_000 },
];

const LATER: readonly MetadataRecord[] = [
  { type: 'RemoveTopicRecord', topicId: 'A' },
  { type: 'TopicRecord', name: 'old', topicId: 'C' },
  partition('C', 0),
  { type: 'PartitionChangeRecord', topicId: 'B', partitionId: 1, isr: [1, 2] },
  { type: 'UnregisterBrokerRecord', brokerId: 2, brokerEpoch: 2 },
];

const write = (records: readonly MetadataRecord[], baseOffset: number) =>
  encodeMetadata(records, { baseOffset, leaderEpoch: 1, timestamp: 0 });

test('a snapshot says what the log before it says', () => {
  const image = emptyImage();
  replayBatches(image, [write(RECORDS, 0), write(LATER, RECORDS.length)]);
  expect(digestOf(imageOf(imageRecords(image), { endOffset: image.offset + 1, epoch: image.epoch }))).toBe(
    digestOf(image),
  );
});

test('whoever takes a snapshot in place of the log learns what the log would have told', () => {
  const image = emptyImage();
  replayBatches(image, [write(RECORDS, 0)]);
  const behind = fork(image);
  replayBatches(image, [write(LATER, RECORDS.length)]);
  const delta = replaceImage(
    behind,
    imageOf(imageRecords(image), { endOffset: image.offset + 1, epoch: image.epoch }),
  );
  expect(digestOf(behind)).toBe(digestOf(image));
  expect(
    [...delta.partitions.values()].map(({ topic, topicId, partition: p, after }) => [
      topic,
      topicId,
      p,
      after?.isr,
    ]),
  ).toEqual([
    ['old', 'C', 0, [1]],
    ['kept', 'B', 1, [1, 2]],
  ]);
  expect(delta.brokers.get(2)?.after).toBeUndefined();
});
