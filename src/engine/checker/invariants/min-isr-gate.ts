import type { Invariant, ReplicaChange, Scene, SeenAck } from '../invariant.ts';

/**
 * What acks=all acknowledges is committed at that moment, and nothing is committed while fewer than min.insync.replicas are
 * in sync.
 */
export const MIN_ISR_GATE: Invariant = {
  id: 20,
  name: 'MinIsrGate',
  source: 'Kafka documentation, min.insync.replicas; KIP-966',
  onReplica(scene, { broker, replica, before, isNew }) {
    const { isr, minInsyncReplicas, highWatermark, role } = replica;
    if (isNew || role !== 'leader' || highWatermark <= before.highWatermark) return;
    if (before.role !== 'leader' || isr.length >= minInsyncReplicas) return;
    reportCommit(this, scene, { broker, replica, from: before.highWatermark });
  },
  onAck(scene, { producer, partition, ack }) {
    const end = ack.baseOffset + ack.rows.length;
    if (producer.acks !== -1 || end <= partition.committedEnd) return;
    reportAck(this, scene, { producer, partition, ack });
  },
};

interface Commit extends Pick<ReplicaChange, 'broker' | 'replica'> {
  readonly from: number;
}

function reportCommit(invariant: Invariant, scene: Scene, { broker, replica, from }: Commit): void {
  const { name, isr, minInsyncReplicas, highWatermark } = replica;
  scene.report(invariant, {
    subject: name,
    sentence: `Broker ${broker.id} commits ${name} up to ${highWatermark} with ${isr.length} in sync, where ${minInsyncReplicas} are needed.`,
    partition: name,
    offsets: [from, highWatermark],
    brokers: [...isr],
  });
}

function reportAck(invariant: Invariant, scene: Scene, { producer, partition, ack }: SeenAck): void {
  const { name, committedEnd } = partition;
  const end = ack.baseOffset + ack.rows.length;
  scene.report(invariant, {
    subject: name,
    sentence: `${producer.node} got its acknowledgement for ${name} up to ${end}, but only ${committedEnd} were committed.`,
    partition: name,
    offsets: [ack.baseOffset, end, committedEnd],
    traces: [ack.trace],
  });
}
