import type { BatchView } from '../api/views/log.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import { cleanedTo } from './cleaning.ts';
import { committedAt } from './committed-log.ts';
import type { PartitionGhost } from './ghost.ts';
import { endOf, type Scene } from './invariant.ts';
import { isAborted } from './watch-transactions.ts';

/** Offsets of a partition from `from` to before `to`, and who reads there. */
export interface Stretch {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly readCommitted: boolean;
}

/** Whether nothing there had to be given to the reader: markers, aborted records, what retention or the cleaner took. */
export const mayBeSkipped = (scene: Scene, stretch: Stretch): boolean =>
  holdsNothing(scene, { ...stretch, from: Math.max(stretch.from, furthestStart(scene.view, stretch.name)) });

/** The same, but what retention took counts as long as it is remembered. */
export function holdsNothing({ view, ghost }: Scene, { name, from, to, readCommitted }: Stretch): boolean {
  const partition = ghost.partitions.get(name);
  if (partition === undefined) return true;
  const cleaned = cleanedTo(view, name);
  let offset = from;
  while (offset < to) {
    const batch = committedAt(partition, offset);
    if (batch === undefined || batch.baseOffset >= to) return true;
    if (endOf(batch) > cleaned && hasToBeGiven(partition, batch, readCommitted)) return false;
    offset = endOf(batch);
  }
  return true;
}

const hasToBeGiven = (partition: PartitionGhost, batch: BatchView, readCommitted: boolean): boolean =>
  batch.control === undefined && !(readCommitted && isAborted(partition, batch));

/** Where the furthest of the logs begins: the leader may have deleted so much. */
function furthestStart({ brokers }: ClusterView, name: string): number {
  let start = 0;
  for (const { replicas } of brokers)
    for (const replica of replicas) if (replica.name === name) start = Math.max(start, replica.logStart);
  return start;
}
