import { CONSUMER_PROTOCOL_TYPE, isSubscribedTo, type ClassicGroup } from './classic-group.ts';
import type { Decision } from './decision.ts';
import { groupMetadataRecord } from './group-metadata.ts';
import type { GroupRecord } from './group-record.ts';
import { offsetTombstone } from './offset-delete.ts';
import { latestOffsets, type OffsetEntry } from './offset-view.ts';
import { isPending, pendingOf } from './pending-offsets.ts';
import type { GroupShard } from './shard-state.ts';

const MS_PER_MINUTE = 60_000;

/**
 * Writes tombstones for offsets that nobody used for `offsets.retention.minutes` (KIP-211), and for empty groups
 * without offsets.
 */
export function expireOffsets(shard: GroupShard): Decision {
  const groups = [...shard.state.groups.values()].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
  return { records: groups.flatMap((group) => expireOffsetsOf(shard, group)) };
}

function expireOffsetsOf(shard: GroupShard, group: ClassicGroup): GroupRecord[] {
  const offsets = latestOffsets(shard.state, group.groupId);
  const expired = offsets.filter((entry) => isExpired(shard, group, entry));
  const records: GroupRecord[] = expired.map(({ topic, partition }) =>
    offsetTombstone(group.groupId, topic, partition),
  );
  const isUsed = pendingOf(shard.state.stored, group.groupId).length > 0;
  if (expired.length === offsets.length && group.state === 'Empty' && !isUsed)
    records.push(groupMetadataRecord(group.groupId, null));
  return records;
}

function isExpired(
  { state, host }: GroupShard,
  group: ClassicGroup,
  { topic, partition, value }: OffsetEntry,
): boolean {
  if (isSubscribedTo(group, topic) || isPending(state.stored, group.groupId, topic, partition)) return false;
  const since = ageBegins(group, value.commitTimestamp);
  return (
    since !== undefined &&
    host.wallClockMs() - since >= host.config['offsets.retention.minutes'] * MS_PER_MINUTE
  );
}

/** ms since 1970 from which an offset ages, undefined while it does not. */
function ageBegins(group: ClassicGroup, commitTimestamp: number): number | undefined {
  if (group.protocolType === null) return commitTimestamp;
  if (group.state === 'Empty') return group.currentStateTimestamp;
  const knowsTopics = group.protocolType === CONSUMER_PROTOCOL_TYPE && group.subscribedTopics !== undefined;
  return knowsTopics && group.state === 'Stable' ? commitTimestamp : undefined;
}
