import { ensure } from '../base/assert.ts';
import { lastOffset, type RecordBatch } from '../protocol/record-batch.ts';
import type { DiskFile } from '../sim/disk.ts';
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

/** About how far apart the entries of the offset index are, in bytes (default of index.interval.bytes). */
const INDEX_INTERVAL = 4_096;

/**
 * Aborted transactions that a read_committed consumer must know of for what it read, by the offset of their marker. As
 * the offset index is sparse, some may be among them that begin after what was read.
 */
export function abortedTxnsOf(
  log: PartitionLog,
  context: LogContext,
  { offset, upTo }: Pick<ReadRange, 'offset' | 'upTo'>,
  { sizeInBytes }: LogRead,
): AbortedTxn[] {
  if (offset >= upTo || !log.aborted.some((txn) => txn.lastOffset >= offset)) return [];
  const file = recordsOf(log, context);
  const start = entryAtOrAfter(file, offset);
  if (start >= file.entries.end) return [];
  const end = upperBoundOfRead(log, file, start, sizeInBytes);
  return log.aborted.filter((txn) => txn.lastOffset >= offset && txn.firstOffset < end);
}

/** The first offset of the index at or after the end of what was read, else the end of the segment. */
function upperBoundOfRead(log: PartitionLog, file: DiskFile, start: number, sizeInBytes: number): number {
  const segment = segmentOfEntry(log, start);
  const end = segmentEnd(log, segment, file);
  let position = 0;
  let readUpTo = Number.MAX_SAFE_INTEGER;
  let sinceIndexEntry = 0;
  for (let i = ensure(log.segments[segment], 'segment').firstEntry; i < end; i++) {
    const batch = file.entries.at(i) as RecordBatch;
    if (i === start) readUpTo = position + sizeInBytes;
    if (sinceIndexEntry > INDEX_INTERVAL) {
      if (position >= readUpTo) return lastOffset(batch);
      sinceIndexEntry = 0;
    }
    position += batch.sizeInBytes;
    sinceIndexEntry += batch.sizeInBytes;
  }
  return log.segments[segment + 1]?.baseOffset ?? log.logEndOffset;
}
