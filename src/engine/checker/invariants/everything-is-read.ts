import type { PartitionGhost } from '../ghost.ts';
import type { Invariant, Scene } from '../invariant.ts';
import { firstOpen, isAborted } from '../watch-transactions.ts';

/** When nothing fails any more, members of groups have read everything that may be read. */
export const UNSEEN_GOES_TO_ZERO: Invariant = {
  id: 41,
  name: 'UnseenGoesToZero',
  source: 'Jepsen, unseen',
  atQuiescence(scene) {
    for (const { node, groupId, readCommitted, owned } of scene.view.members())
      for (const { name, position } of owned) {
        const partition = scene.ghost.partitions.get(name);
        const end = partition === undefined ? 0 : Math.min(partition.committedEnd, firstOpen(partition));
        if (position < 0 || position >= end) continue;
        if (!isThere(scene, partition, { from: position, to: end, readCommitted })) continue;
        scene.report(this, {
          subject: `${groupId} ${name}`,
          sentence: `${node} has read ${name} up to ${position}, where there is something up to ${end}.`,
          partition: name,
          offsets: [position, end],
        });
      }
  },
};

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly readCommitted: boolean;
}

/** Whether the leader's log has something there that has to be given to the member. */
function isThere(
  { view }: Scene,
  partition: PartitionGhost | undefined,
  { from, to, readCommitted }: Stretch,
): boolean {
  if (partition === undefined) return false;
  const leader = view.partition(partition.topic, partition.partition)?.leader;
  const broker = view.brokers.find(({ id }) => id === leader);
  const replica = broker?.replicas.find(({ name }) => name === partition.name);
  let found = false;
  replica?.records.visit(Math.max(from, replica.logStart), to, (batch) => {
    const counts = batch.control === undefined && !(readCommitted && isAborted(partition, batch));
    if (!counts || found) return;
    const { baseOffset, records } = batch;
    for (let i = 0; i < records.count; i++)
      if (baseOffset + (records.offsetDeltas?.[i] ?? i) >= from) found = true;
  });
  return found;
}
