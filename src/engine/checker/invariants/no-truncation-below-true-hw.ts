import type { Invariant } from '../invariant.ts';

/** No replica in sync cuts off what is committed. */
export const NO_TRUNCATION_BELOW_TRUE_HW: Invariant = {
  id: 16,
  name: 'NoTruncationBelowTrueHW',
  source: 'KIP-101',
  onReplica(scene, { broker, replica, partition, before, wasCut }) {
    const { name, logEnd, topic } = replica;
    if (!wasCut || logEnd >= partition.committedEnd || before.logEnd <= logEnd) return;
    const registration = scene.view.partition(topic, replica.partition);
    if (registration?.isr.includes(broker.id) !== true) return;
    scene.report(this, {
      subject: name,
      sentence: `Broker ${broker.id}, in sync, cuts ${name} from ${before.logEnd} back to ${logEnd}, below ${partition.committedEnd} that were committed.`,
      partition: name,
      offsets: [before.logEnd, logEnd, partition.committedEnd],
      brokers: [broker.id],
    });
  },
};
