import type { Bytes } from '../../base/bytes.ts';
import type { StoreView } from '../../api/cluster-view.ts';
import type { PartitionGhost } from '../ghost.ts';
import type { Invariant } from '../invariant.ts';
import { hasOutcast } from '../outcasts.ts';
import { settledBatches } from '../settled-batches.ts';

/**
 * Every entry of a store is the newest of its key in the committed changelog, as far as its transactions are committed
 * too. The changelog may hold more: what the store has forgotten because its time is over. Not asked where the oracle no
 * longer has the whole changelog, or where an instance wrote on after it was put out.
 */
export const STORE_EQUALS_CHANGELOG: Invariant = {
  id: 43,
  name: 'StoreEqualsChangelog',
  source: 'Kafka Streams, ProcessorStateManager',
  atQuiescence(scene) {
    for (const application of scene.view.applications) {
      if (hasOutcast(scene.view, application)) continue;
      for (const { node, running, stores } of application.tasks())
        for (const store of running ? stores : []) {
          const differing = countDiffering(store, scene.ghost.partitions.get(store.changelog));
          if (differing === 0) continue;
          scene.report(this, {
            subject: `${store.name} of ${store.changelog}`,
            sentence: `${differing} entries of the store ${store.name} on ${node} are not what ${store.changelog} says.`,
            partition: store.changelog,
          });
        }
    }
  },
};

function countDiffering(store: StoreView, changelog: PartitionGhost | undefined): number {
  const newest = new Map<Bytes, Bytes | null>();
  if (changelog !== undefined && changelog.committed.start > 0) return 0;
  for (const { records } of settledBatches(changelog?.committed ?? []))
    for (let i = 0; i < records.count; i++) newest.set(records.keys[i] ?? '', records.values[i] ?? null);
  let differing = 0;
  store.visit((key, value) => {
    if (newest.get(key) !== value) differing += 1;
  });
  return differing;
}
