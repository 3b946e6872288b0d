import type { Invariant } from '../invariant.ts';

/**
 * Within a producer id and epoch each sequence number is committed at most once in a partition. A producer that starts anew
 * has another id: what it sends again stands twice, and that is legal.
 */
export const NO_DUPLICATE: Invariant = {
  id: 23,
  name: 'NoDuplicate',
  source: 'KIP-98; Jepsen, duplicate',
  onExposed(scene, { broker, replica, partition, batch, isNews }) {
    if (!isNews || batch.producerId < 0 || batch.baseSequence < 0) return;
    if (partition.forgotten.has(batch.producerId)) return;
    const known = partition.sequences.get(batch.producerId);
    if (known?.epoch !== batch.producerEpoch || !isBefore(batch.baseSequence, known.next)) return;
    const { name } = replica;
    scene.report(this, {
      subject: `${name} of producer ${batch.producerId}`,
      sentence: `Sequence ${batch.baseSequence} of producer ${batch.producerId} stands in ${name} again at ${batch.baseOffset}; ${known.next} was next.`,
      partition: name,
      offsets: [batch.baseOffset],
      brokers: [broker.id],
    });
  },
};

const HALF = 0x40000000;

/** Sequences go round: of two, the one that is less than half a round behind came before. */
const isBefore = (sequence: number, next: number): boolean =>
  sequence < next ? next - sequence < HALF : sequence - next > HALF;
