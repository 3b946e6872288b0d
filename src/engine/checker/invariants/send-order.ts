import type { Ack } from '../ghost.ts';
import type { Invariant } from '../invariant.ts';

/** What one life of a producer sent to a partition stands there in the order of sending. */
export const SEND_ORDER: Invariant = {
  id: 24,
  name: 'SendOrder',
  source: 'Jepsen, nonmonotonic-send',
  atQuiescence(scene) {
    for (const partition of scene.ghost.partitions.values()) {
      // Who forgot a producer appends its retries behind what came later.
      if (partition.forgotten.size > 0) continue;
      for (const sends of bySession(partition.acks).values()) {
        const swapped = sends.findIndex(
          (ack, i) => i > 0 && ack.baseOffset <= (sends[i - 1] as Ack).baseOffset,
        );
        const [earlier, later] = [sends[swapped - 1], sends[swapped]];
        if (earlier === undefined || later === undefined) continue;
        scene.report(this, {
          subject: `${partition.name} of ${later.producer}`,
          sentence: `${later.producer} sent row ${earlier.rows[0]} before row ${later.rows[0]}, and ${partition.name} has them at ${earlier.baseOffset} and ${later.baseOffset}.`,
          partition: partition.name,
          offsets: [earlier.baseOffset, later.baseOffset],
          traces: [earlier.trace, later.trace],
        });
      }
    }
  },
};

/** Acknowledged sends by life of their producer, in the order of rows. */
function bySession(acks: Iterable<Ack>): Map<string, Ack[]> {
  const sessions = new Map<string, Ack[]>();
  for (const ack of acks) {
    const session = `${ack.producer}/${ack.incarnation}`;
    const sends = sessions.get(session);
    if (sends === undefined) sessions.set(session, [ack]);
    else sends.push(ack);
  }
  for (const sends of sessions.values()) sends.sort((a, b) => (a.rows[0] ?? 0) - (b.rows[0] ?? 0));
  return sessions;
}
