import type { BatchView } from '../../api/cluster-view.ts';
import { cleanedTo } from '../cleaning.ts';
import type { Invariant, ReplicaChange } from '../invariant.ts';
import { endOfBatch, firstOpen } from '../watch-transactions.ts';

/**
 * The last stable offset is where the oldest open transaction below the high watermark begins, or the high watermark
 * itself; and a replica remembers every transaction that was aborted.
 */
export const LAST_STABLE_OFFSET: Invariant = {
  id: 31,
  name: 'LSODef',
  source: 'KIP-98, ProducerStateManager.firstUnstableOffset',
  afterReplica(scene, { broker, replica, partition }) {
    const { name, highWatermark, logStart, lastStable } = replica;
    if (highWatermark !== partition.committedEnd) return;
    const first = firstOpen(partition);
    const expected = Math.min(highWatermark, first);
    if (lastStable === expected || first < logStart) return;
    scene.report(this, {
      subject: `${name} on ${broker.id}`,
      sentence: `Broker ${broker.id} shows ${name} as stable up to ${lastStable}, and it is up to ${expected}.`,
      partition: name,
      offsets: [lastStable, expected, highWatermark],
      brokers: [broker.id],
    });
  },
  onExposed(scene, { broker, replica, partition, batch, isNews }) {
    if (isNews || batch.control?.type !== 'ABORT' || isRemembered(replica, partition, batch)) return;
    // Of a transaction whose records are cleaned away nobody has to know.
    if ((endOfBatch(partition, batch)?.first ?? 0) < cleanedTo(scene.view, replica.name)) return;
    scene.report(this, {
      subject: `${replica.name} on ${broker.id}`,
      sentence: `Broker ${broker.id} does not know that the transaction which ends in ${replica.name} at ${batch.baseOffset} was aborted.`,
      partition: replica.name,
      offsets: [batch.baseOffset],
      brokers: [broker.id],
    });
  },
};

function isRemembered(
  { aborted, logStart }: ReplicaChange['replica'],
  partition: ReplicaChange['partition'],
  marker: BatchView,
): boolean {
  const ended = endOfBatch(partition, marker);
  if (ended?.last !== marker.baseOffset || ended.first < logStart) return true;
  return aborted.some(
    ({ producerId, firstOffset, lastOffset }) =>
      producerId === ended.producerId && firstOffset === ended.first && lastOffset === ended.last,
  );
}
