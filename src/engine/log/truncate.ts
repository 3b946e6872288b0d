import { assert } from '../base/assert.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import { truncateFile } from '../sim/disk.ts';
import { forgetCleanedBeyond } from './log-files.ts';
import { NO_EPOCHS, truncateEpochsFromEnd } from './leader-epoch-cache.ts';
import {
  activeSegment,
  entryAtOrAfter,
  keepAborted,
  recordsOf,
  setEpochs,
  setSegments,
  updateHighWatermark,
  type LogContext,
  type PartitionLog,
} from './partition-log.ts';
import { truncateProducersFully } from './producer-state.ts';
import { rebuildProducerState } from './recovery.ts';
import { addToSegment, newSegment, type LogSegment } from './segment.ts';

/** Cuts the log so that it ends at `offset`. Returns whether there was something to cut. */
export function truncateTo(log: PartitionLog, context: LogContext, offset: number): boolean {
  assert(offset >= 0, 'cannot truncate to a negative offset', { offset });
  if (offset >= log.logEndOffset) {
    // An epoch may be known from whose leader no record came yet.
    setEpochs(log, context, truncateEpochsFromEnd(log.epochs, log.logEndOffset));
    return false;
  }
  if ((log.segments[0]?.baseOffset ?? 0) > offset) {
    truncateFullyAndStartAt(log, context, offset);
    return true;
  }
  cutRecords(log, context, offset);
  forgetCleanedBeyond(context.disk, log.partition, offset);
  setEpochs(log, context, truncateEpochsFromEnd(log.epochs, offset));
  log.logStartOffset = Math.min(offset, log.logStartOffset);
  keepAborted(log, context, (txn) => txn.lastOffset < offset);
  rebuildProducerState(log, context, offset);
  if (log.highWatermark >= log.logEndOffset) updateHighWatermark(log, context, log.logEndOffset);
  return true;
}

/** A batch that holds the offset goes as a whole; the log ends at the offset all the same. */
function cutRecords(log: PartitionLog, context: LogContext, offset: number): void {
  const kept = log.segments.filter((segment) => segment.baseOffset <= offset);
  if (kept.length < log.segments.length) setSegments(log, context, kept);
  const file = recordsOf(log, context);
  const end = entryAtOrAfter(file, offset);
  if (end < file.entries.end) {
    truncateFile(file, end);
    recount(activeSegment(log), log, context);
  }
  log.logEndOffset = offset;
}

/** Reads an active segment anew after a cut. */
function recount(segment: LogSegment, log: PartitionLog, context: LogContext): void {
  const { entries } = recordsOf(log, context);
  segment.sizeInBytes = 0;
  segment.largestTimestamp = -1;
  segment.rollingBasedTimestamp = null;
  for (let i = segment.firstEntry; i < entries.end; i++) addToSegment(segment, entries.at(i) as RecordBatch);
  if (segment.sizeInBytes === 0) segment.createdMs = context.wallClockMs();
}

/** Throws everything away; the log is empty and begins at `offset`. */
export function truncateFullyAndStartAt(log: PartitionLog, context: LogContext, offset: number): void {
  const file = recordsOf(log, context);
  truncateFile(file, file.entries.start);
  forgetCleanedBeyond(context.disk, log.partition, offset);
  setSegments(log, context, [newSegment(offset, file.entries.end, context.wallClockMs())]);
  setEpochs(log, context, NO_EPOCHS);
  truncateProducersFully(log.producers, context.disk, offset);
  keepAborted(log, context, () => false);
  log.logStartOffset = offset;
  log.logEndOffset = offset;
  rebuildProducerState(log, context, offset);
  updateHighWatermark(log, context, offset);
}
