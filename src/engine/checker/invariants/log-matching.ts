import { cleanedTo } from '../cleaning.ts';
import { isSameBatch } from '../committed-log.ts';
import type { ExposedBatch, Invariant, Scene } from '../invariant.ts';
import { endOf } from '../invariant.ts';

/** Two running replicas say the same at every offset that is below the high watermarks of both. */
export const LOG_MATCHING: Invariant = {
  id: 13,
  name: 'LogMatching',
  source: 'KIP-101, KIP-279, KIP-320',
  onExposed(scene, exposed) {
    const { batch, standing } = exposed;
    if (standing === undefined || isSameBatch(batch, standing)) return;
    const other = otherSaying(scene, exposed);
    if (other !== undefined) reportApart(this, scene, exposed, other);
  },
  atQuiescence: compareAtRest,
};

function reportApart(
  invariant: Invariant,
  scene: Scene,
  { broker, replica: { name }, batch, standing }: ExposedBatch,
  other: number,
): void {
  scene.report(invariant, {
    subject: name,
    sentence: `Brokers ${other} and ${broker.id} hold different records of ${name} at ${batch.baseOffset}, below both high watermarks.`,
    partition: name,
    offsets: [batch.baseOffset],
    epochs: [standing?.partitionLeaderEpoch ?? -1, batch.partitionLeaderEpoch],
    brokers: [other, broker.id],
  });
}

function compareAtRest(this: Invariant, scene: Scene): void {
  for (const broker of scene.view.brokers)
    for (const replica of broker.replicas) {
      const partition = scene.ghost.partitions.get(replica.name);
      if (partition === undefined) continue;
      const { committed } = partition;
      const cleaned = cleanedTo(scene.view, replica.name);
      for (let i = committed.start; i < committed.end; i++) {
        const standing = committed.at(i);
        const isBelow = standing.baseOffset >= replica.logStart && endOf(standing) <= replica.highWatermark;
        const held = isBelow ? replica.records.at(standing.baseOffset) : undefined;
        if (!isBelow || (held !== undefined && isSameBatch(held, standing))) continue;
        const isGone = held === undefined || held.baseOffset >= endOf(standing);
        if (isGone && endOf(standing) <= cleaned) continue;
        scene.report(this, {
          subject: `${broker.node} ${replica.name}`,
          sentence: `Broker ${broker.id} does not hold what was committed of ${replica.name} at ${standing.baseOffset}.`,
          partition: replica.name,
          offsets: [standing.baseOffset],
          brokers: [broker.id],
        });
        break;
      }
    }
}

/** A running replica elsewhere that has the committed batch below its high watermark. */
function otherSaying({ view }: Scene, { broker, replica, standing }: ExposedBatch): number | undefined {
  if (standing === undefined) return undefined;
  for (const candidate of view.brokers) {
    if (candidate === broker) continue;
    const twin = candidate.replicas.find(({ name }) => name === replica.name);
    if (twin === undefined || twin.highWatermark < endOf(standing)) continue;
    const held = twin.records.at(standing.baseOffset);
    if (held !== undefined && isSameBatch(held, standing)) return candidate.id;
  }
  return undefined;
}
