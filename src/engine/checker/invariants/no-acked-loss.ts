import { heldLogs, lostOf } from '../holding.ts';
import type { Invariant } from '../invariant.ts';
import { lostUnplaced } from '../ledger.ts';

/** Every acknowledged record is in the log of the leader, at its offset, unless retention deleted it. */
export const NO_ACKED_LOSS: Invariant = {
  id: 21,
  name: 'NoAckedLoss',
  source: 'Jepsen, lost-write',
  atQuiescence(scene) {
    for (const partition of scene.ghost.partitions.values()) {
      const logs = partition.acks.size === 0 ? undefined : heldLogs(scene.view, partition);
      if (logs === undefined) continue;
      for (const ack of partition.acks) {
        const lost = lostOf(scene.view, logs, ack);
        if (lost === 0) continue;
        scene.report(this, {
          subject: partition.name,
          sentence: `Of ${ack.rows.length} records of ${partition.name} acknowledged at ${ack.baseOffset}, ${lost} are gone.`,
          partition: partition.name,
          offsets: [ack.baseOffset, ack.baseOffset + ack.rows.length],
          brokers: logs.map(({ broker }) => broker.id),
          traces: [ack.trace],
        });
        break;
      }
    }
    for (const producer of scene.view.producers) {
      const lost = lostUnplaced(scene.view, scene.ghost, producer);
      if (lost === 0) continue;
      scene.report(this, {
        subject: producer.node,
        sentence: `Of the records of ${producer.node} that nobody confirmed to be in a log, ${lost} are in none.`,
      });
    }
  },
};
