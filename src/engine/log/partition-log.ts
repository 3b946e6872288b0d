import { ensure } from '../base/assert.ts';
import { lastOffset, nextOffset, type RecordBatch } from '../protocol/record-batch.ts';
import { flushFile, openFile, type DiskFile } from '../sim/disk.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { latestEpoch, type EpochEntries } from './leader-epoch-cache.ts';
import { writeAborted, writeEpochs, writeSegmentBases } from './log-files.ts';
import type { AbortedTxn } from './producer-append.ts';
import {
  firstUnstableOffset,
  forgetReplicatedTxns,
  takeSnapshot,
  type ProducerState,
} from './producer-state.ts';
import { newSegment, type LogSegment } from './segment.ts';

/** Keys of a topic that its logs obey; units as in Kafka. Frozen. */
export interface LogConfig {
  readonly 'cleanup.policy': readonly string[];
  readonly 'min.cleanable.dirty.ratio': number;
  readonly 'min.compaction.lag.ms': number;
  readonly 'max.compaction.lag.ms': number;
  readonly 'delete.retention.ms': number;
  readonly 'retention.ms': number;
  readonly 'retention.bytes': number;
  readonly 'segment.bytes': number;
  readonly 'segment.ms': number;
  readonly 'max.message.bytes': number;
  readonly 'compression.type': string;
  readonly 'message.timestamp.type': string;
  readonly 'message.timestamp.after.max.ms': number;
  readonly 'message.timestamp.before.max.ms': number;
}

/** What a log needs of the node that it lies on. */
export type LogContext = Pick<NodeContext, 'disk' | 'now' | 'wallClockMs'>;

/**
 * One replica of a partition (`UnifiedLog`). The batches are on the node's disk; this is what the process knows about
 * them, lost when it dies and found again by `openLog`. Offsets count from 0 for ever.
 */
export interface PartitionLog {
  /** `topic-partition`; names its files. */
  readonly partition: string;
  /** Name of the file with its batches, kept because it is looked up for every batch. */
  readonly fileName: string;
  config: LogConfig;
  /** Oldest first, at least one; the last is the active one. */
  segments: LogSegment[];
  /** First offset that may be read. */
  logStartOffset: number;
  /** Offset that the next record gets. */
  logEndOffset: number;
  /** Records below are on all replicas in sync, as far as this one knows. */
  highWatermark: number;
  /** First offset of the oldest transaction that is open, or ended above the high watermark. */
  firstUnstableOffset: number | null;
  epochs: EpochEntries;
  readonly producers: ProducerState;
  /** By the offset of the marker. Immutable; on disk too, for no snapshot of producers has it (`TransactionIndex`). */
  aborted: readonly AbortedTxn[];
  /** Whether a transaction must be verified before its first append (KIP-890). */
  verifiesTransactions: boolean;
}

export const activeSegment = (log: PartitionLog): LogSegment => ensure(log.segments.at(-1), 'active segment');

export const recordsOf = (log: PartitionLog, context: LogContext): DiskFile =>
  openFile(context.disk, log.fileName);

export const logSizeInBytes = (log: PartitionLog): number =>
  log.segments.reduce((sum, segment) => sum + segment.sizeInBytes, 0);

export const logLeaderEpoch = (log: PartitionLog): number => latestEpoch(log.epochs);

/** What is below may be read by read_committed consumers. */
export const lastStableOffset = (log: PartitionLog): number =>
  log.firstUnstableOffset === null ? log.highWatermark : Math.min(log.highWatermark, log.firstUnstableOffset);

/**
 * Looks anew for the oldest transaction that is not settled. Done where Kafka does it: after an append, a move of the
 * high watermark and a move of the log's start, but not after a truncation.
 */
export function updateFirstUnstableOffset(log: PartitionLog, context: LogContext): void {
  const first = firstUnstableOffset(log.producers);
  log.firstUnstableOffset =
    first === null || first >= log.logStartOffset ? first : batchBoundary(log, context, log.logStartOffset);
}

/** Where the batch that has this offset, or else the next one, begins; the end of the log if there is none. */
function batchBoundary(log: PartitionLog, context: LogContext, offset: number): number {
  const file = recordsOf(log, context);
  const entry = entryAtOrAfter(file, offset);
  return entry < file.entries.end ? (file.entries.at(entry) as RecordBatch).baseOffset : log.logEndOffset;
}

/**
 * The high watermark for a reader. One that lies inside a batch or in a gap between batches becomes the boundary of
 * batches at the first read.
 */
export function readableHighWatermark(log: PartitionLog, context: LogContext): number {
  if (log.highWatermark < log.logEndOffset)
    log.highWatermark = batchBoundary(log, context, log.highWatermark);
  return log.highWatermark;
}

/** Sets the high watermark, held between start and end of the log; returns what it is now. */
export function updateHighWatermark(log: PartitionLog, context: LogContext, offset: number): number {
  log.highWatermark = Math.min(Math.max(offset, log.logStartOffset), log.logEndOffset);
  forgetReplicatedTxns(log.producers, log.highWatermark);
  updateFirstUnstableOffset(log, context);
  return log.highWatermark;
}

/** Keeps memory and disk the same. */
export function setEpochs(log: PartitionLog, context: LogContext, epochs: EpochEntries): void {
  if (epochs === log.epochs) return;
  log.epochs = epochs;
  writeEpochs(context.disk, log.partition, epochs);
}

/** Keeps memory and disk the same. Takes the list over. */
export function setAborted(log: PartitionLog, { disk }: LogContext, aborted: readonly AbortedTxn[]): void {
  log.aborted = Object.freeze(aborted);
  writeAborted(disk, log.partition, log.aborted);
}

/** Forgets aborted transactions. */
export function keepAborted(
  log: PartitionLog,
  context: LogContext,
  keep: (aborted: AbortedTxn) => boolean,
): void {
  if (!log.aborted.every(keep)) setAborted(log, context, log.aborted.filter(keep));
}

/** The segments that there are now, on disk too. */
export function setSegments(log: PartitionLog, context: LogContext, segments: LogSegment[]): void {
  log.segments = segments;
  const bases = segments.map((segment) => segment.baseOffset);
  writeSegmentBases(context.disk, log.partition, bases);
}

/**
 * Begins a new segment at the end of the log, or at `baseOffset` if that is higher; what lies before is flushed, and the
 * producers are written down. An active segment that is empty there already stays.
 */
export function rollLog(log: PartitionLog, context: LogContext, baseOffset = 0): LogSegment {
  const base = Math.max(baseOffset, log.logEndOffset);
  const active = activeSegment(log);
  if (active.baseOffset === base && active.sizeInBytes === 0) return active;
  const file = recordsOf(log, context);
  flushFile(file);
  const segment = newSegment(base, file.entries.end, context.wallClockMs());
  setSegments(log, context, [...log.segments, segment]);
  log.producers.mapEnd = log.logEndOffset;
  takeSnapshot(log.producers, context.disk);
  return segment;
}

/** fsync. */
export function flushLog(log: PartitionLog, context: LogContext): void {
  flushFile(recordsOf(log, context));
}

/** Index of the first batch that ends at `offset` or later, or the end of the file. */
export function entryAtOrAfter(file: DiskFile, offset: number): number {
  const { entries } = file;
  const newest = entries.last() as RecordBatch | undefined;
  if (newest === undefined || nextOffset(newest) <= offset) return entries.end;
  if (newest.baseOffset <= offset) return entries.end - 1;
  let low = entries.start;
  let high = entries.end - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lastOffset(entries.at(middle) as RecordBatch) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the segment with this batch of the file. */
export function segmentOfEntry(log: PartitionLog, entry: number): number {
  let index = log.segments.length - 1;
  while (index > 0 && ensure(log.segments[index], 'segment').firstEntry > entry) index -= 1;
  return index;
}

/** One beyond the last batch of a segment. */
export const segmentEnd = (log: PartitionLog, index: number, file: DiskFile): number =>
  log.segments[index + 1]?.firstEntry ?? file.entries.end;
