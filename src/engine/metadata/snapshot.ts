import { emptyDelta, type MetadataDelta } from './metadata-delta.ts';
import { emptyImage, type MetadataImage } from './metadata-image.ts';
import type { SnapshotId } from '../protocol/fetch-snapshot.ts';
import type { MetadataRecord, PartitionRecord } from './metadata-record.ts';
import type { PartitionRegistration } from './partition-registration.ts';
import { apply } from './replay.ts';

/** Records that make this image out of an empty one (`MetadataImage.write`). */
export function imageRecords(image: MetadataImage): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const [name, featureLevel] of image.features)
    records.push({ type: 'FeatureLevelRecord', name, featureLevel });
  for (const broker of image.brokers.values()) records.push({ type: 'RegisterBrokerRecord', ...broker });
  for (const { name, topicId, partitions } of image.topics.values()) {
    records.push({ type: 'TopicRecord', name, topicId });
    partitions.forEach((partition, id) => records.push(partitionRecord(topicId, id, partition)));
  }
  for (const [resource, entries] of image.configs) {
    const [type = '', ...name] = resource.split('/');
    const place = { resourceType: Number(type), resourceName: name.join('/') };
    for (const key of Object.keys(entries).sort())
      records.push({ type: 'ConfigRecord', ...place, name: key, value: entries[key] ?? null });
  }
  for (const { entity, values } of image.quotas.values())
    for (const key of Object.keys(values).sort())
      records.push({ type: 'ClientQuotaRecord', entity, key, value: values[key] ?? 0, remove: false });
  const { nextProducerId } = image;
  if (nextProducerId > 0)
    records.push({ type: 'ProducerIdsRecord', brokerId: -1, brokerEpoch: -1, nextProducerId });
  return records;
}

function partitionRecord(
  topicId: string,
  partitionId: number,
  partition: PartitionRegistration,
): PartitionRecord {
  const { elr: eligibleLeaderReplicas, ...fields } = partition;
  return { type: 'PartitionRecord', topicId, partitionId, eligibleLeaderReplicas, ...fields };
}

/** The image that a snapshot describes. */
export function imageOf(records: Iterable<MetadataRecord>, { endOffset, epoch }: SnapshotId): MetadataImage {
  const image = emptyImage();
  for (const record of records) apply(image, record, undefined);
  image.offset = endOffset - 1;
  image.epoch = epoch;
  return image;
}

/** Makes one image say what another says, and tells what is different now. */
export function replaceImage(image: MetadataImage, by: MetadataImage): MetadataDelta {
  const delta = differences(image, by);
  for (const name of ['brokers', 'topics', 'topicNames', 'configs', 'quotas', 'features'] as const) {
    const [own, other] = [image[name] as Map<unknown, unknown>, by[name] as Map<unknown, unknown>];
    own.clear();
    for (const [key, value] of other) own.set(key, value);
  }
  image.nextProducerId = by.nextProducerId;
  image.offset = by.offset;
  image.epoch = by.epoch;
  return delta;
}

function differences(before: MetadataImage, after: MetadataImage): MetadataDelta {
  const delta = emptyDelta();
  for (const id of both(before.brokers, after.brokers))
    delta.brokers.set(id, { before: before.brokers.get(id), after: after.brokers.get(id) });
  for (const topicId of both(before.topicNames, after.topicNames))
    notePartitions(delta, topicId, before, after);
  for (const resource of both(before.configs, after.configs)) {
    const [type = '', ...name] = resource.split('/');
    delta.configs.set(resource, { resourceType: Number(type), resourceName: name.join('/') });
  }
  return delta;
}

const both = <K>(a: ReadonlyMap<K, unknown>, b: ReadonlyMap<K, unknown>): Set<K> =>
  new Set([...a.keys(), ...b.keys()]);

function notePartitions(
  delta: MetadataDelta,
  topicId: string,
  before: MetadataImage,
  after: MetadataImage,
): void {
  const name = after.topicNames.get(topicId) ?? before.topicNames.get(topicId) ?? '';
  const had = before.topicNames.has(topicId) ? (before.topics.get(name)?.partitions ?? []) : [];
  const has = after.topicNames.has(topicId) ? (after.topics.get(name)?.partitions ?? []) : [];
  for (let partition = 0; partition < Math.max(had.length, has.length); partition++) {
    const change = { topic: name, topicId, partition, before: had[partition], after: has[partition] };
    if (change.before?.partitionEpoch === change.after?.partitionEpoch) continue;
    // A topic that was deleted and made anew keeps its place, so the newer one has the last word.
    const key = `${name}-${partition}`;
    const known = delta.partitions.get(key);
    if (known === undefined || change.after !== undefined) delta.partitions.set(key, change);
  }
}
