import { ensure } from '../base/assert.ts';
import { lastOffset, type RecordBatch } from '../protocol/record-batch.ts';
import {
  entryAtOrAfter,
  recordsOf,
  segmentEnd,
  segmentOfEntry,
  type LogContext,
  type PartitionLog,
} from './partition-log.ts';
import type { AbortedTxn } from './producer-append.ts';

export interface ReadRange {
  readonly offset: number;
  readonly maxBytes: number;
  /** Batches that reach this offset are not read: the high watermark, the last stable offset, or the end of the log. */
  readonly upTo: number;
  /** The first batch comes whole even if it is larger than `maxBytes`. */
  readonly minOneMessage: boolean;
}

/** Whole batches, and the bytes that a file would have given: these may end inside a batch. */
export interface LogRead {
  readonly batches: readonly RecordBatch[];
  readonly sizeInBytes: number;
  readonly firstEntryIncomplete: boolean;
}

export const EMPTY_READ: LogRead = Object.freeze({
  batches: Object.freeze([]),
  sizeInBytes: 0,
  firstEntryIncomplete: false,
});

/** Whether a read may begin at this offset; otherwise it is OFFSET_OUT_OF_RANGE. */
export const isInRange = (log: PartitionLog, offset: number): boolean =>
  offset >= log.logStartOffset && offset <= log.logEndOffset;

/** Reads from one segment (`LocalLog.read`); a reader at its end gets the next one with its next read. */
export function readLog(log: PartitionLog, context: LogContext, range: ReadRange): LogRead {
  if (range.offset >= range.upTo) return EMPTY_READ;
  const file = recordsOf(log, context);
  const start = entryAtOrAfter(file, range.offset);
  if (start >= file.entries.end) return EMPTY_READ;
  const first = file.entries.at(start) as RecordBatch;
  const limit = range.minOneMessage ? Math.max(range.maxBytes, first.sizeInBytes) : range.maxBytes;
  if (limit <= 0) return EMPTY_READ;
  const end = segmentEnd(log, segmentOfEntry(log, start), file);
  const batches: RecordBatch[] = [];
  let sizeInBytes = 0;
  for (let i = start; i < end; i++) {
    const batch = file.entries.at(i) as RecordBatch;
    if (lastOffset(batch) >= range.upTo) break;
    if (sizeInBytes + batch.sizeInBytes > limit)
      return { batches, sizeInBytes: limit, firstEntryIncomplete: i === start };
    batches.push(batch);
    sizeInBytes += batch.sizeInBytes;
  }
  return { batches, sizeInBytes, firstEntryIncomplete: first.sizeInBytes > limit };
}

/**
 * Aborted transactions that a read_committed consumer must know of to read from `start` to before `end`, by the offset
 * of their marker.
 */
export function abortedTxnsIn(log: PartitionLog, start: number, end: number): AbortedTxn[] {
  return log.aborted.filter((txn) => txn.lastOffset >= start && txn.firstOffset < end);
}

/** Offset up to which aborted transactions may matter to what was read. */
export function upperBoundOfRead(
  log: PartitionLog,
  context: LogContext,
  read: LogRead,
  upTo: number,
): number {
  const last = read.batches.at(-1);
  if (last === undefined) return upTo;
  const file = recordsOf(log, context);
  const following = entryAtOrAfter(file, lastOffset(last) + 1);
  if (following >= file.entries.end) return log.logEndOffset;
  return ensure(file.entries.at(following) as RecordBatch, 'batch').baseOffset;
}
