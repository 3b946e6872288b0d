import type { ClusterView } from '../api/cluster-view.ts';
import type { TopicPartitionName } from '../api/ids.ts';
import type { Ghost } from './ghost.ts';
import { endOf } from './invariant.ts';

/** Batches kept beyond what running replicas still have, so that forgetting is rare. */
const SLACK = 64;

/**
 * Retention deletes old records from the logs; the checker forgets them too once no running replica has them, after they
 * were absorbed by what counts them.
 */
export function forgetDeleted(
  view: ClusterView,
  ghost: Ghost,
  absorb: (deleted: TopicPartitionName, below: number) => void,
): void {
  for (const [name, start] of lowestStarts(view)) {
    const committed = start === 0 ? undefined : ghost.partitions.get(name)?.committed;
    if (committed === undefined || committed.size <= SLACK) continue;
    if (endOf(committed.at(committed.start + SLACK)) > start) continue;
    absorb(name, start);
    let keep = committed.start;
    while (keep < committed.end && endOf(committed.at(keep)) <= start) keep += 1;
    committed.dropBefore(keep);
  }
}

/** Of partitions with a replica that does not begin at 0: the lowest start of their running replicas. */
function lowestStarts(view: ClusterView): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (const { replicas } of view.brokers)
    for (const { name, logStart } of replicas) if (logStart > 0) starts.set(name, logStart);
  if (starts.size === 0) return starts;
  for (const { replicas } of view.brokers)
    for (const { name, logStart } of replicas)
      if (logStart < (starts.get(name) ?? 0)) starts.set(name, logStart);
  return starts;
}
