import { isSameBatch, standingAt } from '../committed-log.ts';
import { cleanedTo } from '../cleaning.ts';
import { endOf, type Invariant, type ReplicaChange, type Scene } from '../invariant.ts';

/**
 * Whoever begins to lead has every committed record, at its offset. What is below its own high watermark was compared when
 * it came there; here it is what lies above.
 */
export const LEADER_COMPLETENESS: Invariant = {
  id: 11,
  name: 'LeaderCompleteness',
  source: 'KIP-966; Vanlightly, kafka-tlaplus',
  onReplica(scene, change) {
    const { broker, replica, partition, beganToLead } = change;
    if (!beganToLead || partition.committedEnd === 0) return;
    const offset = firstLacking(scene, change);
    if (offset === undefined) return;
    const { name, leaderEpoch } = replica;
    scene.report(this, {
      subject: name,
      sentence: `Broker ${broker.id} begins to lead ${name} without what was committed at ${offset}.`,
      partition: name,
      offsets: [offset],
      epochs: [leaderEpoch],
      brokers: [broker.id],
    });
  },
};

function firstLacking({ view }: Scene, { replica, partition }: ReplicaChange): number | undefined {
  const { highWatermark, logStart, logEnd, name } = replica;
  const { committed, committedEnd } = partition;
  if (logEnd < committedEnd) return logEnd;
  const from = Math.max(highWatermark, logStart);
  let cleaned = -1;
  for (let i = committed.end - 1; i >= committed.start; i--) {
    const standing = committed.at(i);
    if (endOf(standing) <= from) return undefined;
    if (standing.baseOffset < logStart) continue;
    const held = replica.records.at(standing.baseOffset);
    if (held !== undefined && isSameBatch(held, standingAt(partition, held) ?? standing)) continue;
    if (cleaned < 0) cleaned = cleanedTo(view, name);
    if (endOf(standing) > cleaned) return standing.baseOffset;
  }
  return undefined;
}
