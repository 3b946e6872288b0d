import type { OffsetBefore, StoredGroups, StoredOffset } from './shard-state.ts';

/** Sets an offset, or removes it (undefined); what is empty then goes too. */
export function putOffset(
  offsets: StoredGroups['offsets'],
  { group, topic, partition, value }: OffsetBefore,
): void {
  const ofGroup = offsets.get(group) ?? new Map<string, Map<number, StoredOffset>>();
  const ofTopic = ofGroup.get(topic) ?? new Map<number, StoredOffset>();
  if (value === undefined) ofTopic.delete(partition);
  else ofTopic.set(partition, value);
  if (ofTopic.size > 0) ofGroup.set(topic, ofTopic);
  else ofGroup.delete(topic);
  if (ofGroup.size > 0) offsets.set(group, ofGroup);
  else offsets.delete(group);
}

const NO_OFFSETS: StoredGroups['offsets'] = new Map();

function* entriesOf(offsets: StoredGroups['offsets']): Generator<OffsetBefore> {
  for (const [group, topics] of offsets)
    for (const [topic, partitions] of topics)
      for (const [partition, value] of partitions) yield { group, topic, partition, value };
}

/** An offset that goes with a transaction: it takes effect with the marker that commits it. */
export function addPending({ pending }: StoredGroups, producerId: number, entry: OffsetBefore): void {
  const ofProducer = pending.get(producerId) ?? new Map<string, Map<string, Map<number, StoredOffset>>>();
  putOffset(ofProducer, entry);
  pending.set(producerId, ofProducer);
}

/** The offset was deleted: no transaction brings it back. */
export function dropPending({ pending }: StoredGroups, entry: Omit<OffsetBefore, 'value'>): void {
  for (const [producerId, offsets] of pending) {
    putOffset(offsets, { ...entry, value: undefined });
    if (offsets.size === 0) pending.delete(producerId);
  }
}

/** Whether a transaction that is open has an offset for this partition. */
export function isPending(
  { pending }: StoredGroups,
  group: string,
  topic: string,
  partition: number,
): boolean {
  for (const offsets of pending.values()) if (offsets.get(group)?.get(topic)?.has(partition)) return true;
  return false;
}

/** Partitions of a group for which a transaction that is open has an offset. */
export function pendingOf({ pending }: StoredGroups, group: string): Omit<OffsetBefore, 'value'>[] {
  const found: OffsetBefore[] = [];
  for (const offsets of pending.values())
    for (const [topic, partitions] of offsets.get(group) ?? [])
      for (const partition of partitions.keys()) found.push({ group, topic, partition, value: undefined });
  return found;
}

/** Groups with offsets that only an open transaction knows of. */
export const groupsWithPending = ({ pending }: StoredGroups): string[] =>
  [...pending.values()].flatMap((offsets) => [...offsets.keys()]);

/** What a marker that commits changes, as it is before. An offset that was written later stays. */
export function changedByCommit({ pending, offsets }: StoredGroups, producerId: number): OffsetBefore[] {
  const changed: OffsetBefore[] = [];
  for (const entry of entriesOf(pending.get(producerId) ?? NO_OFFSETS)) {
    const { group, topic, partition } = entry;
    const known = offsets.get(group)?.get(topic)?.get(partition);
    if (known === undefined || (entry.value?.recordOffset ?? -1) > known.recordOffset)
      changed.push({ ...entry, value: known });
  }
  return changed;
}

/** A marker ended the transaction of a producer (`replayEndTransactionMarker`). */
export function endTransaction(stored: StoredGroups, producerId: number, commit: boolean): void {
  const pending = stored.pending.get(producerId);
  const changed = commit ? changedByCommit(stored, producerId) : [];
  stored.pending.delete(producerId);
  for (const { group, topic, partition } of changed) {
    const value = pending?.get(group)?.get(topic)?.get(partition);
    putOffset(stored.offsets, { group, topic, partition, value });
  }
}
