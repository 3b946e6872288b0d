import type { Invariant, Scene } from '../invariant.ts';

/**
 * Epochs of brokers are given once and rise, and who is fenced is in no ISR: who came back without its logs must not count
 * as in sync.
 */
export const BROKER_EPOCH_FENCING: Invariant = {
  id: 6,
  name: 'BrokerEpochFencing',
  source: 'KIP-631, KIP-841, KIP-966; Kafka, ValidControllerState',
  onMetadata(scene) {
    const fenced = new Set<number>();
    const holders = new Map<number, number>();
    scene.view.visitRegistrations(({ id, epoch, fenced: isFenced }) => {
      if (isFenced) fenced.add(id);
      const before = scene.ghost.brokerEpochs.get(id) ?? -1;
      const other = holders.get(epoch);
      holders.set(epoch, id);
      scene.ghost.brokerEpochs.set(id, Math.max(before, epoch));
      if (epoch >= before && other === undefined) return;
      scene.report(this, {
        subject: `broker ${id}`,
        sentence:
          other === undefined
            ? `Broker ${id} is registered with epoch ${epoch} after ${before}.`
            : `Brokers ${other} and ${id} are both registered with epoch ${epoch}.`,
        epochs: [before, epoch],
        brokers: [id],
      });
    });
    if (fenced.size > 0) checkIsrs(this, scene, fenced);
  },
};

function checkIsrs(invariant: Invariant, { view, report }: Scene, fenced: ReadonlySet<number>): void {
  view.visitPartitions(({ name }, { isr }) => {
    const id = isr.find((member) => fenced.has(member));
    if (id === undefined) return;
    report(invariant, {
      subject: `${name} on ${id}`,
      sentence: `Broker ${id} is fenced, and counts as in sync of ${name}.`,
      partition: name,
      brokers: [id],
    });
  });
}
