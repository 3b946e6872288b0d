import type { SimTime } from '../../base/time.ts';
import { lastOffset, offsetAt, type RecordBatch } from '../../protocol/record-batch.ts';
import type { AcquiredRecords, ShareFetchPartition } from '../../protocol/share-fetch.ts';
import {
  ACKNOWLEDGE,
  type Acknowledgement,
  type ShareConsumer,
  type SharedPlace,
  type ShareSlice,
} from './share-consumer-state.ts';

/** Whence records came, and until when they may be had. */
export interface Acquired {
  readonly place: SharedPlace;
  readonly broker: number;
  readonly acquiredAt: SimTime;
  readonly lockMs: number;
}

/** The records of an answer that were acquired, and the offsets at which there is none (`ShareCompletedFetch`). */
export function sliceAcquired(
  { records, acquiredRecords }: ShareFetchPartition,
  acquired: Acquired,
): { readonly slices: ShareSlice[]; readonly gaps: Acknowledgement[] } {
  const slices: ShareSlice[] = [];
  const gaps: Acknowledgement[] = [];
  for (const range of acquiredRecords) {
    const found = slicesOf(records, range, acquired);
    slices.push(...found);
    gaps.push(...gapsOf(range, found));
  }
  return { slices, gaps };
}

const slicesOf = (
  batches: readonly RecordBatch[],
  { firstOffset, lastOffset: last, deliveryCount }: AcquiredRecords,
  acquired: Acquired,
): ShareSlice[] =>
  batches.flatMap((batch) => {
    if (batch.control !== undefined || lastOffset(batch) < firstOffset || batch.baseOffset > last) return [];
    const range = { from: indexAt(batch, firstOffset), to: indexAt(batch, last + 1) };
    return contiguous(batch, range).map((part) =>
      Object.freeze({ ...acquired, batch, ...part, deliveryCount }),
    );
  });

interface Indexes {
  readonly from: number;
  readonly to: number;
}

/** Parts of a batch without a gap between their offsets. */
function contiguous(batch: RecordBatch, { from, to }: Indexes): Indexes[] {
  const parts: Indexes[] = [];
  let begin = from;
  for (let i = from + 1; i <= to; i++)
    if (i === to || offsetAt(batch, i) !== offsetAt(batch, i - 1) + 1) {
      parts.push({ from: begin, to: i });
      begin = i;
    }
  return parts;
}

/** Of the first record at this offset or behind it. */
function indexAt({ baseOffset, records }: RecordBatch, offset: number): number {
  if (records.offsetDeltas === undefined) return Math.min(Math.max(offset - baseOffset, 0), records.count);
  const index = records.offsetDeltas.findIndex((delta) => baseOffset + delta >= offset);
  return index < 0 ? records.count : index;
}

/** Offsets of a range that no record has: those of markers, and what compaction took. */
function gapsOf(
  { firstOffset, lastOffset: last }: AcquiredRecords,
  slices: readonly ShareSlice[],
): Acknowledgement[] {
  const gaps: Acknowledgement[] = [];
  let next = firstOffset;
  for (const { first, last: end } of [...slices.map(offsetsOf), { first: last + 1, last }]) {
    if (next < first) gaps.push(Object.freeze({ first: next, last: first - 1, type: ACKNOWLEDGE.GAP }));
    next = end + 1;
  }
  return gaps;
}

/** Takes about `max.poll.records` records, up to the end of the batch that they end in (`ShareFetchCollector`). */
export function takeAcquired(consumer: ShareConsumer): readonly ShareSlice[] {
  let left = consumer.config['max.poll.records'];
  const taken = consumer.buffered.filter(({ from, to }) => {
    const isTaken = left > 0;
    if (isTaken) left -= to - from;
    return isTaken;
  });
  consumer.buffered = Object.freeze(consumer.buffered.slice(taken.length));
  return Object.freeze(taken);
}

/** First and last offset of a slice. */
export const offsetsOf = ({ batch, from, to }: ShareSlice): { first: number; last: number } => ({
  first: offsetAt(batch, from),
  last: offsetAt(batch, to - 1),
});
