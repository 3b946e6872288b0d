import type { GroupRecord, OffsetCommitRecord, OffsetCommitValue } from './group-record.ts';
import type { OffsetBefore, StoredGroups } from './shard-state.ts';

/** The only writer of what is durable: after every append, and when a new coordinator loads the partition. */
export function replay(stored: StoredGroups, record: GroupRecord): void {
  if (record.type === 'OffsetCommit') replayOffset(stored, record);
  else if (record.value === null) stored.metadata.delete(record.group);
  else stored.metadata.set(record.group, record.value);
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

/** What the offsets that these records will change are now. */
export function offsetsBefore(
  stored: StoredGroups,
  records: readonly GroupRecord[],
): readonly OffsetBefore[] {
  return records
    .filter((record) => record.type === 'OffsetCommit')
    .map(({ group, topic, partition }) => ({
      group,
      topic,
      partition,
      value: stored.offsets.get(group)?.get(topic)?.get(partition),
    }));
}
