import { millis, toMillis } from '../../base/time.ts';
import type { Invariant } from '../invariant.ts';

/** How much later than its timeout a coordinator may end a transaction: it looks every so often, and markers travel. */
const LENIENCE = millis(20_000);
/** `transaction.timeout.ms` of a producer of which nothing is stored. */
const TIMEOUT_MS = 60_000;

/** No transaction stays open for much longer than its timeout. */
export const NO_HANGING_TXN: Invariant = {
  id: 34,
  name: 'NoHangingTxn',
  source: 'KIP-890, KIP-664',
  atQuiescence(scene) {
    const { ghost, view } = scene;
    for (const { name, open } of ghost.partitions.values())
      for (const [producerId, { first, since, epoch }] of open) {
        const timeoutMs = ghost.transactions.byProducer.get(producerId)?.timeoutMs ?? TIMEOUT_MS;
        const waited = view.now - since;
        if (waited <= millis(timeoutMs) + LENIENCE) continue;
        scene.report(this, {
          subject: `${name} of producer ${producerId}`,
          sentence: `The transaction that producer ${producerId} began in ${name} at ${first} has been open for ${toMillis(waited)} ms, where ${timeoutMs} are allowed.`,
          partition: name,
          offsets: [first],
          epochs: [epoch],
        });
      }
  },
};
