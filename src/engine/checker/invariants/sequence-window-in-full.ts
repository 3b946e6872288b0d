import type { BrokerView } from '../../api/cluster-view.ts';
import type { ReplicaView } from '../../api/views/log.ts';
import { isSameBatch } from '../committed-log.ts';
import type { PartitionGhost } from '../ghost.ts';
import type { Invariant, Scene } from '../invariant.ts';
import { SEQUENCE_WINDOW } from './sequence-window.ts';

/**
 * The same where brokers may be started again: whoever has the newest batch of a producer knows the producer, however it
 * came by it, unless the producer was silent for so long that it may be forgotten.
 */
export const SEQUENCE_WINDOW_IN_FULL: Invariant = {
  ...SEQUENCE_WINDOW,
  onReplica(scene, { broker, replica, partition, isNew, beganToLead }) {
    if (isNew || beganToLead) checkMemory(this, scene, { broker, replica, partition });
  },
  periodically(scene) {
    checkAll(this, scene);
    SEQUENCE_WINDOW.periodically?.call(this, scene);
  },
  atQuiescence(scene) {
    checkAll(this, scene);
    SEQUENCE_WINDOW.atQuiescence?.call(this, scene);
  },
};

function checkAll(invariant: Invariant, scene: Scene): void {
  const { changed, partitions } = scene.ghost;
  for (const broker of changed.size === 0 ? [] : scene.view.brokers)
    for (const replica of broker.replicas) {
      const partition = changed.has(replica.name) ? partitions.get(replica.name) : undefined;
      if (partition !== undefined) checkMemory(invariant, scene, { broker, replica, partition });
    }
}

interface Held {
  readonly broker: BrokerView;
  readonly replica: ReplicaView;
  readonly partition: PartitionGhost;
}

function checkMemory(invariant: Invariant, { report }: Scene, { broker, replica, partition }: Held): void {
  if (partition.sequences.size === 0) return;
  const known = new Set<number>();
  replica.visitProducers(({ producerId }) => known.add(producerId));
  for (const [producerId, { last }] of partition.sequences) {
    if (known.has(producerId)) continue;
    if (last.maxTimestamp <= broker.forgetsBefore) {
      partition.forgotten.add(producerId);
      continue;
    }
    const held = last.baseOffset < replica.logStart ? undefined : replica.records.at(last.baseOffset);
    if (held === undefined || !isSameBatch(held, last)) continue;
    report(invariant, {
      subject: `${replica.name} on ${broker.id}`,
      sentence: `Broker ${broker.id} has what producer ${producerId} wrote to ${replica.name} at ${last.baseOffset}, and does not know the producer.`,
      partition: replica.name,
      offsets: [last.baseOffset],
      brokers: [broker.id],
    });
  }
}
