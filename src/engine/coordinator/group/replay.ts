import type { ConsumerGroupRecord } from '../consumer-group/consumer-group-record.ts';
import { applyRecord } from '../consumer-group/replay-consumer-group.ts';
import { applyShareRecord } from '../share-group/replay-share-group.ts';
import { isShareRecord, type ShareGroupRecord } from '../share-group/share-group-record.ts';
import { NO_PRODUCER_ID, type RecordBatch } from '../../protocol/record-batch.ts';
import type { GroupRecord, OffsetCommitRecord } from './group-record.ts';
import { addPending, changedByCommit, dropPending, endTransaction, putOffset } from './pending-offsets.ts';
import type { StoredBefore, StoredGroups } from './shard-state.ts';

/** Where a record is written, and the producer whose transaction it belongs to; −1 without one. */
export interface RecordPlace {
  readonly offset: number;
  readonly producerId: number;
}

/** The only writer of what is durable: after every append, and when a new coordinator loads the partition. */
export function replay(stored: StoredGroups, record: GroupRecord, place: RecordPlace): void {
  switch (record.type) {
    case 'OffsetCommit':
      return replayOffset(stored, record, place);
    case 'GroupMetadata':
      if (record.value === null) stored.metadata.delete(record.group);
      else stored.metadata.set(record.group, record.value);
      return;
    default:
      return isShareRecord(record) ? replayShareGroup(stored, record) : replayConsumerGroup(stored, record);
  }
}

function replayConsumerGroup({ consumerGroups }: StoredGroups, record: ConsumerGroupRecord): void {
  const group = applyRecord(consumerGroups.get(record.group), record);
  if (group === undefined) consumerGroups.delete(record.group);
  else consumerGroups.set(record.group, group);
}

function replayShareGroup({ shareGroups }: StoredGroups, record: ShareGroupRecord): void {
  const group = applyShareRecord(shareGroups.get(record.group), record);
  if (group === undefined) shareGroups.delete(record.group);
  else shareGroups.set(record.group, group);
}

function replayOffset(
  stored: StoredGroups,
  { group, topic, partition, value }: OffsetCommitRecord,
  { offset: recordOffset, producerId }: RecordPlace,
): void {
  const where = { group, topic, partition };
  if (value === null) {
    putOffset(stored.offsets, { ...where, value: undefined });
    dropPending(stored, where);
    return;
  }
  const entry = { ...where, value: Object.freeze({ ...value, recordOffset }) };
  if (producerId === NO_PRODUCER_ID) putOffset(stored.offsets, entry);
  else addPending(stored, producerId, entry);
}

/** Ends the transaction of a marker's producer; returns what that changes, as it was before. */
export function replayMarker(stored: StoredGroups, { producerId, control }: RecordBatch): StoredBefore {
  const commit = control?.type === 'COMMIT';
  const offsets = commit ? changedByCommit(stored, producerId) : [];
  endTransaction(stored, producerId, commit);
  return { ...NOTHING_BEFORE, offsets };
}

export const NOTHING_BEFORE: StoredBefore = Object.freeze({
  offsets: Object.freeze([]),
  consumerGroups: Object.freeze([]),
  shareGroups: Object.freeze([]),
});

/** What these records will change, as it is now. Offsets of a transaction change nothing yet. */
export function storedBefore(
  stored: StoredGroups,
  records: readonly GroupRecord[],
  producerId: number,
): StoredBefore {
  const offsets = records
    .filter((record) => record.type === 'OffsetCommit')
    .filter(({ value }) => value === null || producerId === NO_PRODUCER_ID)
    .map(({ group, topic, partition }) => ({
      group,
      topic,
      partition,
      value: stored.offsets.get(group)?.get(topic)?.get(partition),
    }));
  const ofGroups = records.filter(({ type }) => type !== 'OffsetCommit' && type !== 'GroupMetadata');
  const consumerGroups = idsOf(ofGroups.filter((record) => !isShareRecord(record))).map((groupId) => ({
    groupId,
    group: stored.consumerGroups.get(groupId),
  }));
  const shareGroups = idsOf(ofGroups.filter(isShareRecord)).map((groupId) => ({
    groupId,
    group: stored.shareGroups.get(groupId),
  }));
  return { offsets, consumerGroups, shareGroups };
}

const idsOf = (records: readonly GroupRecord[]): string[] => [...new Set(records.map(({ group }) => group))];
