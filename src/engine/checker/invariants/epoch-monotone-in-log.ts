import type { EpochStart } from '../../api/views/log.ts';
import type { AppendedBatch, Invariant, Scene } from '../invariant.ts';
import { endOf } from '../invariant.ts';

/** Along a log offsets rise and leader epochs never fall, and the epoch cache knows where each epoch begins. */
export const EPOCH_MONOTONE_IN_LOG: Invariant = {
  id: 8,
  name: 'EpochMonotoneInLog',
  source: 'KIP-101, KIP-279',
  onAppended(scene, appended) {
    const problem = problemOf(appended);
    if (problem !== undefined) reportBatch(this, scene, appended, problem);
  },
};

function reportBatch(
  invariant: Invariant,
  scene: Scene,
  { broker, replica: { name }, batch, previous }: AppendedBatch,
  problem: string,
): void {
  scene.report(invariant, {
    subject: name,
    sentence: `In the log of ${name} on broker ${broker.id}, the batch at ${batch.baseOffset} ${problem}.`,
    partition: name,
    offsets: [batch.baseOffset],
    epochs: [previous?.partitionLeaderEpoch ?? -1, batch.partitionLeaderEpoch],
    brokers: [broker.id],
  });
}

function problemOf({ replica, batch, previous }: AppendedBatch): string | undefined {
  const epoch = batch.partitionLeaderEpoch;
  if (previous !== undefined && batch.baseOffset < endOf(previous))
    return 'begins before the one before it ends';
  if (previous !== undefined && epoch < previous.partitionLeaderEpoch)
    return `has epoch ${epoch} after ${previous.partitionLeaderEpoch}`;
  if (epoch > replica.leaderEpoch && replica.leaderEpoch >= 0)
    return `has epoch ${epoch}, of which the replica does not know`;
  const cached = cachedEpoch(replica, batch);
  return cached === epoch ? undefined : `has epoch ${epoch}, and the epoch cache says ${cached}`;
}

/**
 * The cache forgets what DeleteRecords took, at once and on disk; the log start is only checkpointed now and then. So
 * after a crash a log may begin before its cache (which is empty when all was deleted), and about what lies there the cache
 * has nothing to say. A leader's cache has an entry at least: it made one when it was elected.
 */
function cachedEpoch(
  { epochs, logStart, role }: AppendedBatch['replica'],
  batch: AppendedBatch['batch'],
): number {
  const first = epochs[0];
  const forgotten =
    first === undefined
      ? role !== 'leader'
      : endOf(batch) <= first.startOffset && batch.partitionLeaderEpoch <= first.epoch;
  if (forgotten) return batch.partitionLeaderEpoch;
  return epochAt(epochs, Math.max(batch.baseOffset, logStart, first?.startOffset ?? 0));
}

function epochAt(epochs: readonly EpochStart[], offset: number): number {
  for (let i = epochs.length - 1; i >= 0; i--) {
    const entry = epochs[i];
    if (entry !== undefined && entry.startOffset <= offset) return entry.epoch;
  }
  return -1;
}
