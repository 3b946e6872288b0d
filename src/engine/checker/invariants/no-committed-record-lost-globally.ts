import { endOf, type Invariant, type Scene } from '../invariant.ts';
import type { PartitionGhost } from '../ghost.ts';

/** What is committed is on the disk of some broker, whoever runs and whoever leads. */
export const NO_COMMITTED_RECORD_LOST_GLOBALLY: Invariant = {
  id: 12,
  name: 'NoCommittedRecordLostGlobally',
  source: 'KIP-966; Vanlightly, kafka-tlaplus',
  periodically(scene) {
    for (const name of scene.ghost.changed) checkPartition(this, scene, scene.ghost.partitions.get(name));
  },
  atQuiescence(scene) {
    for (const partition of scene.ghost.partitions.values()) checkPartition(this, scene, partition);
  },
};

function checkPartition(invariant: Invariant, scene: Scene, partition: PartitionGhost | undefined): void {
  if (partition === undefined || partition.committed.size === 0) return;
  const { name, topic, partition: number, committedEnd } = partition;
  if (scene.view.partition(topic, number) === undefined) return;
  let furthest = 0;
  for (const broker of scene.view.brokers) {
    const last = broker.stored(name)?.last;
    const start = broker.replicas.find((replica) => replica.name === name)?.logStart ?? 0;
    furthest = Math.max(furthest, last === undefined ? start : endOf(last));
  }
  if (furthest >= committedEnd) return;
  scene.report(invariant, {
    subject: name,
    sentence: `Of ${name} records up to ${committedEnd} were committed, and no broker holds more than up to ${furthest}.`,
    partition: name,
    offsets: [furthest, committedEnd],
  });
}
