import type { Invariant } from '../invariant.ts';

/**
 * What acks=all acknowledges is committed at that moment, and nothing is committed while fewer than min.insync.replicas are
 * in sync.
 */
export const MIN_ISR_GATE: Invariant = {
  id: 20,
  name: 'MinIsrGate',
  source: 'Kafka documentation, min.insync.replicas; KIP-966',
  onReplica(scene, { broker, replica, before, isNew }) {
    const { name, isr, minInsyncReplicas, highWatermark, role } = replica;
    if (isNew || role !== 'leader' || highWatermark <= before.highWatermark) return;
    if (before.role !== 'leader' || isr.length >= minInsyncReplicas) return;
    scene.report(this, {
      subject: name,
      sentence: `Broker ${broker.id} commits ${name} up to ${highWatermark} with ${isr.length} in sync, where ${minInsyncReplicas} are needed.`,
      partition: name,
      offsets: [before.highWatermark, highWatermark],
      brokers: [...isr],
    });
  },
  onAck(scene, { producer, partition, ack }) {
    const end = ack.baseOffset + ack.rows.length;
    if (producer.acks !== -1 || end <= partition.committedEnd) return;
    scene.report(this, {
      subject: partition.name,
      sentence: `${producer.node} got its acknowledgement for ${partition.name} up to ${end}, but only ${partition.committedEnd} were committed.`,
      partition: partition.name,
      offsets: [ack.baseOffset, end, partition.committedEnd],
      traces: [ack.trace],
    });
  },
};
