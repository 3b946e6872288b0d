import type { ShardState, StoredOffset } from './shard-state.ts';

/** An offset of a group and where it belongs. */
export interface OffsetEntry {
  readonly topic: string;
  readonly partition: number;
  readonly value: StoredOffset;
}

/** What the newest record says, committed or not. */
export const latestOffset = (
  state: ShardState,
  group: string,
  topic: string,
  partition: number,
): StoredOffset | undefined => state.stored.offsets.get(group)?.get(topic)?.get(partition);

/**
 * What the high watermark covers: of the writes that are not committed, the first that touches the offset knows what
 * it was before.
 */
export function committedOffset(
  state: ShardState,
  group: string,
  topic: string,
  partition: number,
): StoredOffset | undefined {
  for (const { before } of state.pending) {
    const touched = before.offsets.find(
      (b) => b.group === group && b.topic === topic && b.partition === partition,
    );
    if (touched !== undefined) return touched.value;
  }
  return latestOffset(state, group, topic, partition);
}

/** All offsets of a group by the newest records, ordered by topic and partition. */
export function latestOffsets(state: ShardState, group: string): readonly OffsetEntry[] {
  const entries: OffsetEntry[] = [];
  for (const [topic, partitions] of state.stored.offsets.get(group) ?? [])
    for (const [partition, value] of partitions) entries.push({ topic, partition, value });
  return entries.sort(byTopicAndPartition);
}

/** All committed offsets of a group, ordered by topic and partition. */
export function committedOffsets(state: ShardState, group: string): readonly OffsetEntry[] {
  const entries = new Map(latestOffsets(state, group).map((entry) => [keyOf(entry), entry]));
  for (let i = state.pending.length - 1; i >= 0; i--)
    for (const { value, ...where } of state.pending[i]?.before.offsets ?? []) {
      if (where.group !== group) continue;
      if (value === undefined) entries.delete(keyOf(where));
      else entries.set(keyOf(where), { topic: where.topic, partition: where.partition, value });
    }
  return [...entries.values()].sort(byTopicAndPartition);
}

const keyOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}-${partition}`;

const byTopicAndPartition = (a: OffsetEntry, b: OffsetEntry): number =>
  a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
