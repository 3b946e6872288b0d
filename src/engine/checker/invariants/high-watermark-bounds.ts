import type { Invariant, ReplicaChange, Scene } from '../invariant.ts';

/**
 * The high watermark of a replica lies inside its log, and the true high watermark (the greatest that any replica ever had)
 * never goes back: who begins to lead has everything committed. A replica's own high watermark may well go back.
 */
export const HIGH_WATERMARK_BOUNDS: Invariant = {
  id: 14,
  name: 'HWBounds',
  source: 'KIP-966; Vanlightly, kafka-tlaplus',
  onReplica(scene, change) {
    const { broker, replica, partition } = change;
    const { name, logStart, highWatermark, logEnd } = replica;
    if (logStart > highWatermark || highWatermark > logEnd)
      scene.report(this, {
        subject: `${name} on ${broker.id}`,
        sentence: `On broker ${broker.id} the high watermark ${highWatermark} of ${name} lies outside of its log from ${logStart} to ${logEnd}.`,
        partition: name,
        offsets: [logStart, highWatermark, logEnd],
        brokers: [broker.id],
      });
    if (change.beganToLead && logEnd < partition.committedEnd) reportBack(this, scene, change);
  },
};

function reportBack(invariant: Invariant, scene: Scene, { broker, replica, partition }: ReplicaChange): void {
  const { name, logEnd, leaderEpoch } = replica;
  const { committedEnd } = partition;
  scene.report(invariant, {
    subject: name,
    sentence: `Broker ${broker.id} begins to lead ${name} with a log up to ${logEnd}, but records up to ${committedEnd} were committed.`,
    partition: name,
    offsets: [logEnd, committedEnd],
    epochs: [leaderEpoch],
    brokers: [broker.id],
  });
}
