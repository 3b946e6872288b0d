import type { Invariant } from '../invariant.ts';
import { CONSUMER_OFFSETS, stableEnd } from '../watch-transactions.ts';

/**
 * A transaction that reads and writes counts as read only what was decided before: so what transactions have read from
 * each other never goes in a circle. Writes of several may well lie between each other: transactions isolate no writes.
 */
export const NO_CYCLIC_READ: Invariant = {
  id: 35,
  name: 'NoG1c',
  source: 'Jepsen, G1c (wr edges only)',
  onExposed(scene, { partition, batch, isNews }) {
    if (!isNews || !batch.isTransactional || batch.control !== undefined) return;
    if (partition.topic !== CONSUMER_OFFSETS) return;
    for (const { groupId, name, offset } of scene.view.commitsIn(batch)) {
      const input = scene.ghost.partitions.get(name);
      if (input === undefined || offset <= stableEnd(input)) continue;
      scene.report(this, {
        subject: `${groupId} ${name}`,
        sentence: `A transaction of producer ${batch.producerId} counts ${name} as read up to ${offset}, where it is decided up to ${stableEnd(input)}.`,
        partition: name,
        offsets: [offset, stableEnd(input)],
      });
    }
  },
};
