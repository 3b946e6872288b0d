import { ensure } from '../base/assert.ts';
import { nextOffset, type RecordBatch } from '../protocol/record-batch.ts';
import { takeProducerIntoAccount } from './append.ts';
import { truncateEpochsFromEnd, truncateEpochsFromStart } from './leader-epoch-cache.ts';
import { readAborted, readEpochs, readSegmentBases, recordsFile, recordsName } from './log-files.ts';
import {
  entryAtOrAfter,
  flushLog,
  keepAborted,
  recordsOf,
  segmentOfEntry,
  setEpochs,
  setSegments,
  updateHighWatermark,
  type LogConfig,
  type LogContext,
  type PartitionLog,
} from './partition-log.ts';
import { newProducerState, takeSnapshot, truncateAndReload } from './producer-state.ts';
import { addToSegment, newSegment, type LogSegment } from './segment.ts';

export interface OpenLog {
  readonly partition: string;
  readonly config: LogConfig;
  /** From the checkpoint files; what the records say may be more. */
  readonly logStartOffset: number;
  readonly highWatermark: number;
  /** ms; Kafka's default if it is not said. */
  readonly producerIdExpirationMs?: number;
}

/**
 * Opens what is on disk, made empty if there is nothing: the same after an orderly stop and after a crash, for
 * everything that the process knew can be read again from the batches (`LogLoader`).
 */
export function openLog(context: LogContext, open: OpenLog): PartitionLog {
  const { partition, config } = open;
  const segments = readSegments(context, partition);
  const log: PartitionLog = {
    partition,
    fileName: recordsName(partition),
    config,
    segments,
    logStartOffset: 0,
    logEndOffset: 0,
    highWatermark: 0,
    firstUnstableOffset: null,
    epochs: readEpochs(context.disk, partition),
    producers: newProducerState(partition, open.producerIdExpirationMs),
    aborted: readAborted(context.disk, partition),
    verifiesTransactions: false,
  };
  setSegments(log, context, segments);
  const newest = recordsOf(log, context).entries.last() as RecordBatch | undefined;
  const activeBase = segments.at(-1)?.baseOffset ?? 0;
  log.logEndOffset = newest === undefined ? activeBase : Math.max(nextOffset(newest), activeBase);
  log.logStartOffset = Math.max(open.logStartOffset, segments[0]?.baseOffset ?? 0);
  // The end of the log may have gone with the power; what was written down of it goes too.
  keepAborted(log, context, (txn) => txn.lastOffset < log.logEndOffset);
  const epochs = truncateEpochsFromEnd(log.epochs, log.logEndOffset);
  setEpochs(log, context, truncateEpochsFromStart(epochs, log.logStartOffset));
  rebuildProducerState(log, context, log.logEndOffset);
  updateHighWatermark(log, context, open.highWatermark);
  return log;
}

/** The segments whose files are on disk, with what their batches say. */
function readSegments(context: LogContext, partition: string): LogSegment[] {
  const { entries } = recordsFile(context.disk, partition);
  const bases = readSegmentBases(context.disk, partition);
  const nowMs = context.wallClockMs();
  if (bases.length === 0) return [newSegment(0, entries.end, nowMs)];
  const segments = bases.map((baseOffset) => newSegment(baseOffset, entries.end, nowMs));
  let index = 0;
  for (let i = entries.start; i < entries.end; i++) {
    const batch = entries.at(i) as RecordBatch;
    while ((segments[index + 1]?.baseOffset ?? Infinity) <= batch.baseOffset) index += 1;
    const segment = ensure(segments[index], 'segment');
    if (segment.sizeInBytes === 0) segment.firstEntry = i;
    addToSegment(segment, batch);
  }
  // A cleaned segment may be empty: it ends where the next one begins.
  for (let i = segments.length - 2; i >= 0; i--) {
    const segment = ensure(segments[i], 'segment');
    if (segment.sizeInBytes === 0) segment.firstEntry = ensure(segments[i + 1], 'segment').firstEntry;
  }
  return segments;
}

/**
 * Makes the producers those of a log that ends at `endOffset`: from the newest snapshot and the batches after it. On the
 * way it writes a snapshot for the last two segments, as a restart would look for them.
 */
export function rebuildProducerState(log: PartitionLog, context: LogContext, endOffset: number): void {
  const { producers } = log;
  const wasEmpty = producers.producers.size === 0 && producers.mapEnd >= endOffset;
  const bounds = { logStart: log.logStartOffset, logEnd: endOffset };
  truncateAndReload(producers, context.disk, bounds, context.wallClockMs());
  if (endOffset > producers.mapEnd && !wasEmpty) replayRecords(log, context, producers.mapEnd);
  producers.mapEnd = endOffset;
  takeSnapshot(producers, context.disk);
}

function replayRecords(log: PartitionLog, context: LogContext, from: number): void {
  const file = recordsOf(log, context);
  const recent = new Set(log.segments.slice(-2).map((segment) => segment.firstEntry));
  keepAborted(log, context, (txn) => txn.lastOffset < from);
  for (let i = entryAtOrAfter(file, from); i < file.entries.end; i++) {
    const batch = file.entries.at(i) as RecordBatch;
    if (recent.has(i)) snapshotAt(log, context, i);
    takeProducerIntoAccount(log, context, batch);
  }
}

function snapshotAt(log: PartitionLog, context: LogContext, entry: number): void {
  const segment = log.segments[segmentOfEntry(log, entry)];
  log.producers.mapEnd = Math.max(log.producers.mapEnd, segment?.baseOffset ?? 0);
  takeSnapshot(log.producers, context.disk);
}

/** The end of an orderly stop: everything is flushed, the producers are written down. */
export function closeLog(log: PartitionLog, context: LogContext): void {
  flushLog(log, context);
  log.producers.mapEnd = log.logEndOffset;
  takeSnapshot(log.producers, context.disk);
}
