import type { ReplicaView } from '../api/views/log.ts';
import type { PartitionGhost } from './ghost.ts';
import type { Scene } from './invariant.ts';
import { uncount } from './uncount.ts';

/**
 * A topic that was deleted and made anew is another one of the same name: what is known of the old partition is forgotten.
 * What was asked to be deleted is not lost, as with retention. Returns false for a replica of the old one, on a broker that
 * has not heard yet: nothing is asked of it any more.
 */
export function forgetRemade(
  { view, ghost }: Scene,
  partition: PartitionGhost,
  replica: ReplicaView,
): boolean {
  const { topicId, topic, name } = replica;
  if (view.topicId(topic) !== topicId) return false;
  const { committed } = partition;
  const { start, end } = committed;
  const batches = Array.from({ length: end - start }, (_, i) => committed.at(start + i));
  committed.truncate(start);
  uncount(view, ghost, partition, batches);
  ghost.partitions.delete(name);
  for (const { replicas } of ghost.brokers.values()) replicas.delete(name);
  for (const { next } of ghost.readers.values()) next.delete(name);
  for (const key of [...ghost.commits.keys()]) if (key.endsWith(`/${name}`)) ghost.commits.delete(key);
  return true;
}
