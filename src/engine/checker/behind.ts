import type { GroupView } from '../api/views/group.ts';
import { topicPartition } from '../api/ids.ts';
import { javaHashBucket } from '../base/java-hash-code.ts';
import type { Scene } from './invariant.ts';

const OFFSETS = '__consumer_offsets';

/**
 * A new coordinator may have a high watermark behind the one before: until it is there again, it tells older offsets of
 * the groups of that partition than were committed, as Kafka's does (`CoordinatorLoaderImpl`).
 */
export function isBehind({ view, ghost }: Scene, { coordinator, groupId }: GroupView): boolean {
  const broker = view.brokers.find(({ id }) => id === coordinator);
  let partitions = 0;
  view.visitPartitions(({ topic }) => (partitions += topic === OFFSETS ? 1 : 0));
  const own = topicPartition(OFFSETS, javaHashBucket(groupId, partitions));
  return (broker?.replicas ?? []).some(
    ({ name, role, highWatermark }) =>
      name === own && role === 'leader' && highWatermark < (ghost.partitions.get(name)?.committedEnd ?? 0),
  );
}
