import type { Invariant } from '../invariant.ts';

/**
 * Once a transactional id has gone on to an epoch, nothing of an older one is committed any more; and no two processes hold
 * the same producer id and epoch.
 */
export const ZOMBIE_FENCING: Invariant = {
  id: 32,
  name: 'ZombieFencing',
  source: 'KIP-98, KIP-360, KIP-890; ClientsHaveDifferentProducerEpochs',
  onExposed(scene, { partition, batch, isNews }) {
    const { producerId, producerEpoch, baseOffset } = batch;
    if (!isNews || !batch.isTransactional || batch.control !== undefined) return;
    const settled = scene.ghost.transactions.settledEpochs.get(producerId) ?? -1;
    if (producerEpoch >= settled) return;
    scene.report(this, {
      subject: `${partition.name} of producer ${producerId}`,
      sentence: `Producer ${producerId} writes to ${partition.name} at ${baseOffset} with epoch ${producerEpoch}, which epoch ${settled} has fenced off.`,
      partition: partition.name,
      offsets: [baseOffset],
      epochs: [producerEpoch, settled],
    });
  },
  onTransactor(scene, { node, incarnation, producerId, producerEpoch }) {
    if (producerId < 0 || producerEpoch < 0) return;
    const { holders } = scene.ghost.transactions;
    const key = `${producerId}/${producerEpoch}`;
    const life = `${node} in life ${incarnation}`;
    const other = holders.get(key);
    if (other === life) return;
    holders.set(key, other ?? life);
    if (other === undefined) return;
    scene.report(this, {
      subject: `producer ${producerId}`,
      sentence: `${other} and ${life} both have epoch ${producerEpoch} of producer ${producerId}.`,
      epochs: [producerEpoch],
    });
  },
};
