import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { truncateEpochsFromStart } from './leader-epoch-cache.ts';
import {
  keepAborted,
  logSizeInBytes,
  recordsOf,
  rollLog,
  setEpochs,
  setSegments,
  updateFirstUnstableOffset,
  type LogContext,
  type PartitionLog,
} from './partition-log.ts';
import { advanceLogStart, keepSnapshots } from './producer-state.ts';
import { retentionTimestamp, type LogSegment } from './segment.ts';

/**
 * Moves the start of the log up (DeleteRecords, or what a follower learns from its leader); what lies before is deleted
 * with its segments later. OFFSET_OUT_OF_RANGE beyond the high watermark.
 */
export function incrementLogStart(log: PartitionLog, context: LogContext, offset: number): number {
  if (offset > log.highWatermark) return ERROR_CODES.OFFSET_OUT_OF_RANGE;
  if (offset <= log.logStartOffset) return NONE;
  log.logStartOffset = offset;
  setEpochs(log, context, truncateEpochsFromStart(log.epochs, offset));
  advanceLogStart(log.producers, context.disk, offset);
  updateFirstUnstableOffset(log, context);
  return NONE;
}

/** One pass over the oldest segments (`UnifiedLog.deleteOldSegments`). Returns how many it deleted. */
export function deleteOldSegments(log: PartitionLog, context: LogContext): number {
  const byStart = deletePrefix(
    log,
    context,
    (_, next) => next !== undefined && next.baseOffset <= log.logStartOffset,
  );
  if (!log.config['cleanup.policy'].includes('delete')) return byStart;
  return byStart + deleteBySize(log, context) + deleteByTime(log, context);
}

/** Never deletes so much that less than retention.bytes is left. */
function deleteBySize(log: PartitionLog, context: LogContext): number {
  const limit = log.config['retention.bytes'];
  if (limit < 0) return 0;
  let over = logSizeInBytes(log) - limit;
  return deletePrefix(log, context, (segment) => {
    if (over < segment.sizeInBytes) return false;
    over -= segment.sizeInBytes;
    return true;
  });
}

function deleteByTime(log: PartitionLog, context: LogContext): number {
  const limit = log.config['retention.ms'];
  const nowMs = context.wallClockMs();
  return limit < 0 ? 0 : deletePrefix(log, context, (segment) => nowMs - retentionTimestamp(segment) > limit);
}

type Deletable = (segment: LogSegment, next: LogSegment | undefined) => boolean;

/** Deletes the oldest segments as long as they are wholly below the high watermark and `isDeletable`. */
function deletePrefix(log: PartitionLog, context: LogContext, isDeletable: Deletable): number {
  let count = 0;
  for (const [index, segment] of log.segments.entries()) {
    const next = log.segments[index + 1];
    const upperBound = next?.baseOffset ?? log.logEndOffset;
    const isEmptyLast = next === undefined && segment.sizeInBytes === 0;
    if (log.highWatermark < upperBound || isEmptyLast || !isDeletable(segment, next)) break;
    count += 1;
  }
  if (count > 0) dropSegments(log, context, count);
  return count;
}

function dropSegments(log: PartitionLog, context: LogContext, count: number): void {
  if (count === log.segments.length) rollLog(log, context);
  const kept = log.segments.slice(count);
  const first = kept[0];
  if (first === undefined) return;
  recordsOf(log, context).entries.dropBefore(first.firstEntry);
  setSegments(log, context, kept);
  keepSnapshots(log.producers, context.disk, ({ offset }) => offset >= first.baseOffset);
  keepAborted(log, context, (txn) => txn.lastOffset >= first.baseOffset);
  incrementLogStart(log, context, first.baseOffset);
}
