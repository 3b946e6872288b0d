import { expect, test } from 'vitest';
import { digestOf } from '../base/digest.ts';
import { fork } from '../base/fork.ts';
import { emptyImage, isActive, partitionOf, topicById, topicOverrides } from './metadata-image.ts';
import { decodeMetadata, encodeMetadata } from './metadata-log.ts';
import { CONFIG_RESOURCE, type MetadataRecord } from './metadata-record.ts';
import { replayBatches } from './replay.ts';

const TOPIC_ID = 'TTTTTTTTTTTTTTTTTTTTTA';

const RECORDS: readonly MetadataRecord[] = [
  {
    type: 'RegisterBrokerRecord',
    brokerId: 1,
    incarnationId: 'IIIIIIIIIIIIIIIIIIIIIA',
    brokerEpoch: 0,
    rack: 'r1',
    fenced: true,
    inControlledShutdown: false,
    logDirs: [],
  },
  { type: 'TopicRecord', name: 'tickets', topicId: TOPIC_ID },
  {
    type: 'PartitionRecord',
    topicId: TOPIC_ID,
    partitionId: 0,
    replicas: [1, 2],
    isr: [1, 2],
    addingReplicas: [],
    removingReplicas: [],
    leader: 1,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
  },
  { type: 'BrokerRegistrationChangeRecord', brokerId: 1, brokerEpoch: 0, fenced: false },
];

const CHANGES: readonly MetadataRecord[] = [
  { type: 'PartitionChangeRecord', topicId: TOPIC_ID, partitionId: 0, isr: [2], leader: 2 },
  { type: 'PartitionChangeRecord', topicId: TOPIC_ID, partitionId: 0, isr: [2, 1] },
  {
    type: 'ConfigRecord',
    resourceType: CONFIG_RESOURCE.TOPIC,
    resourceName: 'tickets',
    name: 'min.insync.replicas',
    value: '2',
  },
];

const batch = (records: readonly MetadataRecord[], baseOffset: number) =>
  encodeMetadata(records, { baseOffset, leaderEpoch: 1, timestamp: 0 });

test('records survive their way through a batch, and are decoded once', () => {
  const written = batch([...RECORDS, ...CHANGES], 0);
  expect(decodeMetadata(written)).toEqual([...RECORDS, ...CHANGES]);
  expect(decodeMetadata(written)).toBe(decodeMetadata(written));
});

test('an image follows the log, skips what it knows, and a delta says what was before and after', () => {
  const image = emptyImage();
  const first = batch(RECORDS, 0);
  replayBatches(image, [first]);
  const known = image.topics.get('tickets')?.partitions[0];
  const delta = replayBatches(image, [first, batch(CHANGES, 4)]);

  expect(image.offset).toBe(6);
  expect(isActive(image, 1)).toBe(true);
  expect(partitionOf(image, 'tickets', 0)).toMatchObject({
    isr: [2, 1],
    leader: 2,
    leaderEpoch: 1,
    partitionEpoch: 2,
  });
  expect(topicOverrides(image, 'tickets')).toEqual({ 'min.insync.replicas': '2' });
  const change = delta.partitions.get('tickets-0');
  expect(change?.before).toBe(known);
  expect(change?.after).toBe(partitionOf(image, 'tickets', 0));
  expect([...delta.brokers.keys()]).toEqual([]);
  expect([...delta.configs.keys()]).toEqual(['2/tickets']);
});

test('a fork of an image is independent of it', () => {
  const image = emptyImage();
  replayBatches(image, [batch(RECORDS, 0)]);
  const copy = fork(image);
  const before = digestOf(image);
  expect(digestOf(copy)).toBe(before);
  replayBatches(copy, [batch([{ type: 'RemoveTopicRecord', topicId: TOPIC_ID }], 4)]);
  expect(topicById(copy, TOPIC_ID)).toBeUndefined();
  expect(digestOf(image)).toBe(before);
  expect(digestOf(copy)).not.toBe(before);
});
