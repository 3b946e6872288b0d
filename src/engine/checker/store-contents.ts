import type { StoreView } from '../api/views/application.ts';
import type { Bytes } from '../base/bytes.ts';
import type { PartitionGhost } from './ghost.ts';
import { settledBatches } from './settled-batches.ts';

/**
 * How many entries of a store are not the newest of their key among the committed records of its changelog below an
 * offset. The changelog may hold more: what the store has forgotten because its time is over. 0 where the oracle no longer
 * has the whole changelog.
 */
export function countDiffering(
  store: StoreView,
  changelog: PartitionGhost | undefined,
  below = Infinity,
): number {
  const newest = new Map<Bytes, Bytes | null>();
  if (changelog !== undefined && changelog.committed.start > 0) return 0;
  for (const { records, baseOffset } of settledBatches(changelog?.committed ?? []))
    for (let i = 0; i < records.count; i++)
      if (baseOffset + (records.offsetDeltas?.[i] ?? i) < below)
        newest.set(records.keys[i] ?? '', records.values[i] ?? null);
  let differing = 0;
  store.visit((key, value) => {
    if (newest.get(key) !== value) differing += 1;
  });
  return differing;
}
