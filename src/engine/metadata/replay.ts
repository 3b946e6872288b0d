import { assert, assertNever, ensure } from '../base/assert.ts';
import { setClientQuota } from './client-quotas.ts';
import { emptyDelta, noteBroker, notePartition, type MetadataDelta } from './metadata-delta.ts';
import {
  configResource,
  topicById,
  type BrokerRegistration,
  type MetadataImage,
  type TopicImage,
} from './metadata-image.ts';
import { visitMetadata } from './metadata-log.ts';
import {
  CONFIG_RESOURCE,
  type BrokerRegistrationChangeRecord,
  type ConfigRecord,
  type MetadataRecord,
  type PartitionChangeRecord,
  type PartitionRecord,
  type RegisterBrokerRecord,
  type RemoveTopicRecord,
  type TopicRecord,
} from './metadata-record.ts';
import { mergePartition, partitionFromRecord, type PartitionRegistration } from './partition-registration.ts';
import { lastOffset, type RecordBatch } from '../protocol/record-batch.ts';

/**
 * The only writer of an image: live, after a restart, on the controller and on brokers. Offsets must come in order
 * without a gap. Notes what changed in `delta` if it is given.
 */
export function replay(
  image: MetadataImage,
  record: MetadataRecord,
  offset: number,
  delta?: MetadataDelta,
): void {
  assert(offset === image.offset + 1, 'metadata is applied in order', { offset, applied: image.offset });
  apply(image, record, delta);
  image.offset = offset;
}

/** Applies what is new in these batches and says what it changed. Batches that were applied before do nothing. */
export function replayBatches(image: MetadataImage, batches: readonly RecordBatch[]): MetadataDelta {
  const delta = emptyDelta();
  for (const batch of batches) replayBatch(image, batch, delta);
  return delta;
}

/** What the quorum writes for itself says nothing of the cluster, but has its offset. */
export function replayBatch(image: MetadataImage, batch: RecordBatch, delta?: MetadataDelta): void {
  const end = lastOffset(batch);
  if (end <= image.offset) return;
  if (batch.leaderChange === undefined)
    visitMetadata([batch], image.offset + 1, (record, offset) => replay(image, record, offset, delta));
  image.offset = end;
  image.epoch = batch.partitionLeaderEpoch;
}

/** Without regard to offsets, as a snapshot's records have none of their own. */
export function apply(image: MetadataImage, record: MetadataRecord, delta: MetadataDelta | undefined): void {
  switch (record.type) {
    case 'RegisterBrokerRecord':
      return setBroker(image, record.brokerId, registrationOf(record), delta);
    case 'UnregisterBrokerRecord':
      return setBroker(image, record.brokerId, undefined, delta);
    case 'BrokerRegistrationChangeRecord':
      return setBroker(image, record.brokerId, changedRegistration(image, record), delta);
    case 'TopicRecord':
      return addTopic(image, record);
    case 'RemoveTopicRecord':
      return removeTopic(image, record, delta);
    case 'PartitionRecord':
      return addPartition(image, record, delta);
    case 'PartitionChangeRecord':
      return changePartition(image, record, delta);
    case 'ConfigRecord':
      return setConfig(image, record, delta);
    case 'ClientQuotaRecord':
      setClientQuota(image.quotas, record, record.remove);
      return;
    case 'ProducerIdsRecord':
      image.nextProducerId = record.nextProducerId;
      return;
    case 'FeatureLevelRecord':
      if (record.featureLevel === 0) image.features.delete(record.name);
      else image.features.set(record.name, record.featureLevel);
      return;
    default:
      assertNever(record);
  }
}

const registrationOf = (record: RegisterBrokerRecord): BrokerRegistration =>
  Object.freeze({
    brokerId: record.brokerId,
    brokerEpoch: record.brokerEpoch,
    incarnationId: record.incarnationId,
    rack: record.rack,
    logDirs: Object.freeze([...record.logDirs]),
    fenced: record.fenced,
    inControlledShutdown: record.inControlledShutdown,
  });

function changedRegistration(
  image: MetadataImage,
  record: BrokerRegistrationChangeRecord,
): BrokerRegistration {
  const before = ensure(image.brokers.get(record.brokerId), `registration of broker ${record.brokerId}`);
  assert(before.brokerEpoch === record.brokerEpoch, 'a change is for the present incarnation', { ...record });
  return Object.freeze({
    ...before,
    fenced: record.fenced ?? before.fenced,
    inControlledShutdown: record.inControlledShutdown ?? before.inControlledShutdown,
    logDirs: record.logDirs ?? before.logDirs,
  });
}

function setBroker(
  image: MetadataImage,
  brokerId: number,
  after: BrokerRegistration | undefined,
  delta: MetadataDelta | undefined,
): void {
  noteBroker(delta, brokerId, { before: image.brokers.get(brokerId), after });
  if (after === undefined) image.brokers.delete(brokerId);
  else image.brokers.set(brokerId, after);
}

function addTopic(image: MetadataImage, { name, topicId }: TopicRecord): void {
  assert(!image.topics.has(name), 'a topic is created once', { name });
  image.topics.set(name, Object.freeze({ name, topicId, partitions: Object.freeze([]) }));
  image.topicNames.set(topicId, name);
}

function removeTopic(
  image: MetadataImage,
  record: RemoveTopicRecord,
  delta: MetadataDelta | undefined,
): void {
  const { name, topicId, partitions } = topicOf(image, record.topicId);
  partitions.forEach((before, partition) =>
    notePartition(delta, { topic: name, topicId, partition, before, after: undefined }),
  );
  image.topics.delete(name);
  image.topicNames.delete(topicId);
  image.configs.delete(configResource(CONFIG_RESOURCE.TOPIC, name));
}

function addPartition(image: MetadataImage, record: PartitionRecord, delta: MetadataDelta | undefined): void {
  const topic = topicOf(image, record.topicId);
  assert(record.partitionId === topic.partitions.length, 'partitions come in order', { ...record });
  setPartition(image, topic, { partition: record.partitionId, after: partitionFromRecord(record) }, delta);
}

function changePartition(
  image: MetadataImage,
  record: PartitionChangeRecord,
  delta: MetadataDelta | undefined,
): void {
  const topic = topicOf(image, record.topicId);
  const before = ensure(topic.partitions[record.partitionId], `${topic.name}-${record.partitionId}`);
  const after = mergePartition(before, record);
  setPartition(image, topic, { partition: record.partitionId, after }, delta);
}

function setPartition(
  image: MetadataImage,
  topic: TopicImage,
  change: { readonly partition: number; readonly after: PartitionRegistration },
  delta: MetadataDelta | undefined,
): void {
  const { name, topicId } = topic;
  const before = topic.partitions[change.partition];
  notePartition(delta, { topic: name, topicId, before, ...change });
  const partitions = topic.partitions.slice();
  partitions[change.partition] = change.after;
  image.topics.set(name, Object.freeze({ name, topicId, partitions: Object.freeze(partitions) }));
}

const topicOf = (image: MetadataImage, topicId: string): TopicImage =>
  ensure(topicById(image, topicId), `topic ${topicId}`);

function setConfig(image: MetadataImage, record: ConfigRecord, delta: MetadataDelta | undefined): void {
  const { resourceType, resourceName, name, value } = record;
  const resource = configResource(resourceType, resourceName);
  const entries: Record<string, string> = { ...image.configs.get(resource) };
  if (value === null) delete entries[name];
  else entries[name] = value;
  if (Object.keys(entries).length === 0) image.configs.delete(resource);
  else image.configs.set(resource, Object.freeze(entries));
  delta?.configs.set(resource, { resourceType, resourceName });
}
