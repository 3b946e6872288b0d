import type { Invariant } from '../invariant.ts';
import { mayBeSkipped } from '../skipping.ts';
import { firstOpen } from '../watch-transactions.ts';

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
        const stretch = { name, from: position, to: end, readCommitted };
        if (mayBeSkipped(scene, stretch)) continue;
        scene.report(this, {
          subject: `${groupId} ${name}`,
          sentence: `${node} has read ${name} up to ${position}, where there is something up to ${end}.`,
          partition: name,
          offsets: [position, end],
        });
      }
  },
};
