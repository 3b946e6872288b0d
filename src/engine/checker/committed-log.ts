import type { BatchView } from '../api/views/log.ts';
import { isLeftover } from './cleaning.ts';
import type { PartitionGhost } from './ghost.ts';
import { endOf } from './invariant.ts';

/** The committed batch that has this offset, or else the next one. */
export function committedAt({ committed }: PartitionGhost, offset: number): BatchView | undefined {
  const index = indexAt(committed, offset);
  return index < committed.end ? committed.at(index) : undefined;
}

type Committed = PartitionGhost['committed'];

function indexAt(committed: Committed, offset: number): number {
  let low = committed.start;
  let high = committed.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(committed.at(middle)) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Whether both say the same about the same offsets, as far as the cleaner has left them. Batches are shared by all
 * replicas, so mostly it is one object.
 */
export const isSameBatch = (a: BatchView, b: BatchView): boolean =>
  a === b ||
  (a.records === b.records &&
    a.baseOffset === b.baseOffset &&
    a.partitionLeaderEpoch === b.partitionLeaderEpoch) ||
  isLeftover(a, b);

/** What is committed at the offsets of this batch, as far as it is still remembered. */
export function standingAt(partition: PartitionGhost, batch: BatchView): BatchView | undefined {
  if (batch.baseOffset >= partition.committedEnd) return undefined;
  const found = committedAt(partition, batch.baseOffset);
  return found !== undefined && found.baseOffset < endOf(batch) ? found : undefined;
}

/** Takes a batch into the committed log, at its end. */
export function commit(partition: PartitionGhost, batch: BatchView): void {
  partition.committed.push(batch);
  partition.committedEnd = endOf(batch);
  forgetOpenAcks(partition);
  // Markers and the offsets of a transaction have a producer and no sequence.
  if (batch.producerId < 0 || batch.baseSequence < 0) return;
  const next = nextSequence(batch);
  partition.sequences.set(batch.producerId, Object.freeze({ epoch: batch.producerEpoch, next, last: batch }));
}

/** Answers come nearly in the order of offsets: what stays behind a later one goes with the next batch. */
function forgetOpenAcks({ openAcks, committedEnd }: PartitionGhost): void {
  for (const offset of openAcks.keys()) {
    if (offset >= committedEnd) return;
    openAcks.delete(offset);
  }
}

const SEQUENCES = 0x80000000;

/** Sequences go on with 0 after 2^31 − 1. */
export const nextSequence = ({ baseSequence, lastOffsetDelta }: BatchView): number =>
  (baseSequence + lastOffsetDelta + 1) % SEQUENCES;

/** The committed log from this offset on is no longer true; returns what was taken out. */
export function uncommit(partition: PartitionGhost, offset: number): BatchView[] {
  const { committed } = partition;
  const end = indexAt(committed, offset);
  const removed: BatchView[] = [];
  for (let i = end; i < committed.end; i++) removed.push(committed.at(i));
  committed.truncate(end);
  const last = committed.last();
  partition.committedEnd = last === undefined ? offset : endOf(last);
  partition.sequences.clear();
  return removed;
}
