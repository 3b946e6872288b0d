import type { BatchView } from '../api/views/log.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import { countPlans, unkeyedIn } from './count-plan.ts';
import type { Ghost, PartitionGhost } from './ghost.ts';
import { abortedBy, addRows, playingInto } from './standing.ts';

/**
 * Batches were taken out of the committed log, behind its present end: counts those back that had been counted. A log of
 * counts is folded anew from its beginning.
 */
export function uncount(
  view: ClusterView,
  ghost: Ghost,
  partition: PartitionGhost,
  removed: readonly BatchView[],
): void {
  const { end } = partition.committed;
  const counted = partition.counted - end;
  const producers = playingInto(view, partition.topic);
  const plans = countPlans(view.applications).filter(({ inputs }) => inputs?.includes(partition.topic));
  for (let i = Math.min(counted, removed.length) - 1; i >= 0; i--) {
    const batch = removed[i] as BatchView;
    for (const plan of plans) partition.unkeyed -= unkeyedIn(plan, batch);
    addRows(ghost, producers, batch, -1);
    const older = (back: number): BatchView | undefined =>
      back <= i
        ? removed[i - back]
        : end - (back - i) < partition.committed.start
          ? undefined
          : partition.committed.at(end - (back - i));
    for (const aborted of abortedBy(batch, older)) addRows(ghost, producers, aborted, 1);
  }
  partition.counted = Math.min(partition.counted, end);
  if (partition.counts.first() === undefined) return;
  partition.counts.clear();
  partition.countSum = 0;
  partition.counted = 0;
}
