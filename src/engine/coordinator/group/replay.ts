import type { ConsumerGroupRecord } from '../consumer-group/consumer-group-record.ts';
import { applyRecord } from '../consumer-group/replay-consumer-group.ts';
import type { GroupRecord, OffsetCommitRecord, OffsetCommitValue } from './group-record.ts';
import type { StoredBefore, StoredGroups } from './shard-state.ts';

/** The only writer of what is durable: after every append, and when a new coordinator loads the partition. */
export function replay(stored: StoredGroups, record: GroupRecord): void {
  switch (record.type) {
    case 'OffsetCommit':
      return replayOffset(stored, record);
    case 'GroupMetadata':
      if (record.value === null) stored.metadata.delete(record.group);
      else stored.metadata.set(record.group, record.value);
      return;
    default:
      return replayConsumerGroup(stored, record);
  }
}

function replayConsumerGroup({ consumerGroups }: StoredGroups, record: ConsumerGroupRecord): void {
  const group = applyRecord(consumerGroups.get(record.group), record);
  if (group === undefined) consumerGroups.delete(record.group);
  else consumerGroups.set(record.group, group);
}

function replayOffset(
  { offsets }: StoredGroups,
  { group, topic, partition, value }: OffsetCommitRecord,
): void {
  const ofGroup = offsets.get(group) ?? new Map<string, Map<number, OffsetCommitValue>>();
  const ofTopic = ofGroup.get(topic) ?? new Map<number, OffsetCommitValue>();
  if (value === null) ofTopic.delete(partition);
  else ofTopic.set(partition, value);
  if (ofTopic.size > 0) ofGroup.set(topic, ofTopic);
  else ofGroup.delete(topic);
  if (ofGroup.size > 0) offsets.set(group, ofGroup);
  else offsets.delete(group);
}

export const NOTHING_BEFORE: StoredBefore = Object.freeze({
  offsets: Object.freeze([]),
  consumerGroups: Object.freeze([]),
});

/** What these records will change, as it is now. */
export function storedBefore(stored: StoredGroups, records: readonly GroupRecord[]): StoredBefore {
  const offsets = records
    .filter((record) => record.type === 'OffsetCommit')
    .map(({ group, topic, partition }) => ({
      group,
      topic,
      partition,
      value: stored.offsets.get(group)?.get(topic)?.get(partition),
    }));
  const groupIds = new Set(
    records
      .filter(({ type }) => type !== 'OffsetCommit' && type !== 'GroupMetadata')
      .map(({ group }) => group),
  );
  const consumerGroups = [...groupIds].map((groupId) => ({
    groupId,
    group: stored.consumerGroups.get(groupId),
  }));
  return { offsets, consumerGroups };
}
