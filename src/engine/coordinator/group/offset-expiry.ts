import { subscribedTopics, type ConsumerGroup } from '../consumer-group/consumer-group.ts';
import { groupTombstones } from '../consumer-group/draft.ts';
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
  const { groups, stored } = shard.state;
  const all = [...groups.values(), ...stored.consumerGroups.values()];
  all.sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
  return { records: all.flatMap((group) => expireOffsetsOf(shard, group)) };
}

function expireOffsetsOf(shard: GroupShard, group: ClassicGroup | ConsumerGroup): GroupRecord[] {
  const offsets = latestOffsets(shard.state, group.groupId);
  const expired = offsets.filter((entry) => isExpired(shard, group, entry));
  const records: GroupRecord[] = expired.map(({ topic, partition }) =>
    offsetTombstone(group.groupId, topic, partition),
  );
  const isUsed = pendingOf(shard.state.stored, group.groupId).length > 0;
  if (expired.length < offsets.length || group.members.size > 0 || isUsed) return records;
  if ('groupEpoch' in group) records.push(...groupTombstones(group));
  else if (group.state === 'Empty') records.push(groupMetadataRecord(group.groupId, null));
  return records;
}

function isExpired(
  { state, host }: GroupShard,
  group: ClassicGroup | ConsumerGroup,
  { topic, partition, value }: OffsetEntry,
): boolean {
  const subscribed =
    'groupEpoch' in group ? subscribedTopics(group).includes(topic) : isSubscribedTo(group, topic);
  if (subscribed || isPending(state.stored, group.groupId, topic, partition)) return false;
  const since = ageBegins(group, value.commitTimestamp);
  return (
    since !== undefined &&
    host.wallClockMs() - since >= host.config['offsets.retention.minutes'] * MS_PER_MINUTE
  );
}

/** ms since 1970 from which an offset ages, undefined while it does not. */
function ageBegins(group: ClassicGroup | ConsumerGroup, commitTimestamp: number): number | undefined {
  if ('groupEpoch' in group) return commitTimestamp;
  if (group.protocolType === null) return commitTimestamp;
  if (group.state === 'Empty') return group.currentStateTimestamp;
  const knowsTopics = group.protocolType === CONSUMER_PROTOCOL_TYPE && group.subscribedTopics !== undefined;
  return knowsTopics && group.state === 'Stable' ? commitTimestamp : undefined;
}
