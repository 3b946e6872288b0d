import type { Invariant } from '../invariant.ts';
import { hasOutcast } from '../outcasts.ts';
import { countDiffering } from '../store-contents.ts';

/**
 * Every entry of a store is the newest of its key in the committed changelog, as far as its transactions are committed
 * too. Not asked where an instance wrote on after it was put out.
 */
export const STORE_EQUALS_CHANGELOG: Invariant = {
  id: 43,
  name: 'StoreEqualsChangelog',
  source: 'Kafka Streams, ProcessorStateManager',
  atQuiescence(scene) {
    for (const application of scene.view.applications) {
      if (hasOutcast(scene.ghost.outcasts, application)) continue;
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
