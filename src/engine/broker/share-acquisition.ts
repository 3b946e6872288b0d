import type { SimTime } from '../base/time.ts';
import { lastOffset, type RecordBatch } from '../protocol/record-batch.ts';
import type { AcquiredRecords } from '../protocol/share-fetch.ts';
import {
  appendRun,
  changeRuns,
  endOf,
  isAvailable,
  nextFetchOffset,
  RECORD_STATE,
  type SharePartition,
} from './share-partition.ts';

/** Who wants how much. */
export interface Acquisition {
  readonly memberId: string;
  readonly maxRecords: number;
  /** Acquired records are told in parts of about so many. */
  readonly batchSize: number;
  /** No more than `maxRecords`; else up to the end of the batch that they end in. */
  readonly isStrict: boolean;
  /** How many records may be under way at once. */
  readonly maxInFlight: number;
  readonly lockedUntil: SimTime;
}

/** Whether there may be anything for a fetch: something given back, or room for more. */
export function canAcquire(partition: SharePartition, maxInFlight: number): boolean {
  const end = endOf(partition);
  return nextFetchOffset(partition) !== end || end - partition.startOffset < maxInFlight;
}

/** Gives a member the records that were read and that nobody has (`SharePartition.acquire`). */
export function acquire(
  partition: SharePartition,
  batches: readonly RecordBatch[],
  wanted: Acquisition,
): AcquiredRecords[] {
  const [firstBatch] = batches;
  const lastBatch = batches.at(-1);
  if (firstBatch === undefined || lastBatch === undefined) return [];
  const room = Math.max(partition.startOffset + wanted.maxInFlight - 1, endOf(partition) - 1);
  const end = endOf(partition);
  const limits = { first: nextFetchOffset(partition), last: lastOffset(lastBatch) };
  appendRun(partition, Math.min(limits.last, batchEnd(batches, room)));
  const acquired: AcquiredRecords[] = [];
  let left = wanted.maxRecords;
  for (const run of partition.runs) {
    if (left <= 0) break;
    if (!isAvailable(run) || run.last < limits.first || run.first > limits.last) continue;
    const first = Math.max(run.first, limits.first);
    const goal = Math.min(first + left - 1, run.last, limits.last);
    const last = wanted.isStrict ? goal : Math.min(batchEnd(batches, goal), run.last, limits.last);
    const parts = run.first >= end ? inParts(batches, { first, last }, wanted.batchSize) : [{ first, last }];
    for (const part of parts) acquired.push(...take(partition, part, wanted));
    left -= last - first + 1;
  }
  dropUnused(partition, end);
  return acquired;
}

/** The last offset of the batch that this offset lies in. */
function batchEnd(batches: readonly RecordBatch[], offset: number): number {
  const batch = batches.find((other) => lastOffset(other) >= offset);
  return batch === undefined || batch.baseOffset > offset ? offset : lastOffset(batch);
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Cuts a range at the ends of batches, so that its parts have about the size that was asked for. */
function inParts(batches: readonly RecordBatch[], { first, last }: Range, batchSize: number): Range[] {
  if (batchSize <= 0 || last - first + 1 <= batchSize) return [{ first, last }];
  const cut = Math.min(batchEnd(batches, first + batchSize - 1), last);
  const head = { first, last: cut };
  return cut === last ? [head] : [head, ...inParts(batches, { first: cut + 1, last }, batchSize)];
}

const take = (
  partition: SharePartition,
  range: Range,
  { memberId, lockedUntil }: Acquisition,
): AcquiredRecords[] =>
  changeRuns(partition, range, (run) => ({
    ...run,
    state: RECORD_STATE.ACQUIRED,
    deliveryCount: run.deliveryCount + 1,
    memberId,
    lockedUntil,
  })).map(({ first, last, deliveryCount }) => ({ firstOffset: first, lastOffset: last, deliveryCount }));

/** What was read and not acquired is read again. */
function dropUnused(partition: SharePartition, end: number): void {
  const last = partition.runs.at(-1);
  if (last === undefined || last.first < end || !isAvailable(last) || last.deliveryCount > 0) return;
  partition.runs = partition.runs.slice(0, -1);
}
