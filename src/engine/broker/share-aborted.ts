import type { PartitionLog } from '../log/partition-log.ts';
import type { AcquiredRecords } from '../protocol/share-fetch.ts';
import { lastOffset, type RecordBatch } from '../protocol/record-batch.ts';
import { changeRuns, RECORD_STATE, type SharePartition } from './share-partition.ts';

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Which of these batches belong to transactions that were aborted; markers do not. */
export const abortedRanges = ({ aborted }: PartitionLog, batches: readonly RecordBatch[]): Range[] =>
  batches.flatMap((batch) => {
    const isAborted = aborted.some(
      ({ producerId, firstOffset, lastOffset: marker }) =>
        producerId === batch.producerId && firstOffset <= batch.baseOffset && batch.baseOffset < marker,
    );
    return isAborted && batch.isTransactional && batch.control === undefined
      ? [{ first: batch.baseOffset, last: lastOffset(batch) }]
      : [];
  });

/**
 * A group that reads committed records only is done with those of aborted transactions as soon as they are acquired: nobody
 * gets them (`SharePartition.maybeFilterAbortedTransactionalAcquiredRecords`).
 */
export function withoutAborted(
  partition: SharePartition,
  aborted: readonly Range[],
  acquired: readonly AcquiredRecords[],
): AcquiredRecords[] {
  return acquired.flatMap((records) => {
    let kept: AcquiredRecords[] = [records];
    for (const range of aborted) kept = kept.flatMap((part) => cut(part, range));
    const gone = aborted.flatMap(({ first, last }) => {
      const both = { first: Math.max(first, records.firstOffset), last: Math.min(last, records.lastOffset) };
      return both.first <= both.last ? [both] : [];
    });
    for (const range of gone)
      changeRuns(partition, range, (run) => ({
        ...run,
        state: RECORD_STATE.ARCHIVED,
        memberId: '',
        lockedUntil: 0,
      }));
    return kept;
  });
}

function cut(part: AcquiredRecords, { first, last }: Range): AcquiredRecords[] {
  if (part.lastOffset < first || part.firstOffset > last) return [part];
  return [
    ...(part.firstOffset < first ? [{ ...part, lastOffset: first - 1 }] : []),
    ...(part.lastOffset > last ? [{ ...part, firstOffset: last + 1 }] : []),
  ];
}
