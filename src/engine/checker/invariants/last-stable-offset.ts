import type { BatchView } from '../../api/views/log.ts';
import { cleanedTo } from '../cleaning.ts';
import type { EndedTransaction, PartitionGhost } from '../ghost.ts';
import type { Invariant, ReplicaChange, Scene } from '../invariant.ts';
import { endOfBatch, firstOpenBelow } from '../watch-transactions.ts';

/**
 * The last stable offset is where the oldest transaction begins that is open below the high watermark, or the high
 * watermark itself, and never before the start of the log; and a replica remembers every transaction that was aborted.
 */
export const LAST_STABLE_OFFSET: Invariant = {
  id: 31,
  name: 'LSODef',
  source: 'KIP-98, UnifiedLog.maybeIncrementFirstUnstableOffset',
  afterReplica(scene, { broker, replica, partition }) {
    const { name, highWatermark, lastStable } = replica;
    // What the oracle does not know yet it cannot judge.
    if (highWatermark > partition.committedEnd) return;
    const [lowest, highest] = boundsOf(scene, replica, partition);
    if (lastStable >= lowest && lastStable <= highest) return;
    scene.report(this, {
      subject: `${name} on ${broker.id}`,
      sentence: `Broker ${broker.id} shows ${name} as stable up to ${lastStable}, and it is up to ${lowest}.`,
      partition: name,
      offsets: [lastStable, lowest, highWatermark],
      brokers: [broker.id],
    });
  },
  onExposed(scene, { broker, replica, partition, batch, isNews }) {
    const ended = isNews || batch.control?.type !== 'ABORT' ? undefined : endOfBatch(partition, batch);
    if (ended === undefined || isRemembered(replica, ended, batch)) return;
    if (ended.first < cleanedTo(scene.view, replica.name) && !holdsAnyOf(replica, ended)) return;
    scene.report(this, {
      subject: `${replica.name} on ${broker.id}`,
      sentence: `Broker ${broker.id} does not know that the transaction which ends in ${replica.name} at ${batch.baseOffset} was aborted.`,
      partition: replica.name,
      offsets: [batch.baseOffset],
      brokers: [broker.id],
    });
  },
};

/**
 * Between which offsets the last stable one lies: mostly it is one. A replica that was loaded anew does not know of markers
 * between its high watermark and its end that they are not replicated (`ProducerStateManager.unreplicatedTxns` is not in
 * the snapshot); and of a transaction whose first records it lacks, for they are deleted or cleaned away, it does not know
 * that they were there.
 */
function boundsOf(
  { view }: Scene,
  { name, highWatermark, logStart, logEnd }: ReplicaChange['replica'],
  partition: PartitionGhost,
): readonly [lowest: number, highest: number] {
  const first = firstOpenBelow(partition, highWatermark);
  const lowest = Math.min(highWatermark, Math.max(logStart, first));
  if (first < Math.max(logStart, cleanedTo(view, name))) return [lowest, highWatermark];
  if (highWatermark === partition.committedEnd) return [lowest, lowest];
  return [lowest, Math.min(highWatermark, firstOpenBelow(partition, logEnd))];
}

/** By all of it that this replica has: what the cleaner took before it was copied, or retention, nobody asks for. */
function isRemembered(
  replica: ReplicaChange['replica'],
  ended: EndedTransaction,
  marker: BatchView,
): boolean {
  if (ended.last !== marker.baseOffset || ended.first < replica.logStart) return true;
  const held = firstHeldOf(replica, ended);
  return replica.aborted.some(
    ({ producerId, firstOffset, lastOffset }) =>
      producerId === ended.producerId &&
      firstOffset >= ended.first &&
      firstOffset <= held &&
      lastOffset === ended.last,
  );
}

const holdsAnyOf = (replica: ReplicaChange['replica'], ended: EndedTransaction): boolean =>
  firstHeldOf(replica, ended) < ended.last;

/** Where the first records of a transaction lie that a replica holds; its marker's offset if it holds none. */
function firstHeldOf(
  { records }: ReplicaChange['replica'],
  { producerId, first, last }: EndedTransaction,
): number {
  let held = last;
  records.visit(first, last, (batch) => {
    const isOfIt = batch.producerId === producerId && batch.isTransactional && batch.control === undefined;
    if (isOfIt && batch.records.count > 0) held = Math.min(held, batch.baseOffset);
  });
  return held;
}
