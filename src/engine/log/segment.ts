import type { RecordBatch } from '../protocol/record-batch.ts';
import type { LogConfig } from './partition-log.ts';

/**
 * A stretch of a log that is rolled, kept and deleted as a whole (`LogSegment`). Its batches are entries of the
 * partition's file from `firstEntry` up to the first of the next segment.
 */
export interface LogSegment {
  readonly baseOffset: number;
  firstEntry: number;
  sizeInBytes: number;
  /** When the process made or found it: wall clock, ms since 1970. */
  createdMs: number;
  /** Largest timestamp of its first batch: from there on its age counts. Null while it is empty. */
  rollingBasedTimestamp: number | null;
  /** ms since 1970, −1 while it is empty. */
  largestTimestamp: number;
}

export const newSegment = (baseOffset: number, firstEntry: number, createdMs: number): LogSegment => ({
  baseOffset,
  firstEntry,
  sizeInBytes: 0,
  createdMs,
  rollingBasedTimestamp: null,
  largestTimestamp: -1,
});

/** Takes a batch into account that was appended to it. */
export function addToSegment(segment: LogSegment, batch: RecordBatch): void {
  segment.sizeInBytes += batch.sizeInBytes;
  segment.rollingBasedTimestamp ??= batch.maxTimestamp;
  if (batch.maxTimestamp > segment.largestTimestamp) segment.largestTimestamp = batch.maxTimestamp;
}

/** Offsets of a segment are stored as 32-bit distances from its base. */
const MAX_RELATIVE_OFFSET = 0x7fffffff;

export interface RollQuestion {
  readonly lastOffset: number;
  readonly maxTimestamp: number;
  readonly sizeInBytes: number;
}

/** Whether a new segment begins before this batch. Age is the time between records, not of the wall clock. */
export function shouldRoll(
  segment: LogSegment,
  config: LogConfig,
  batch: RollQuestion,
  nowMs: number,
): boolean {
  if (segment.sizeInBytes > config['segment.bytes'] - batch.sizeInBytes) return true;
  if (batch.lastOffset - segment.baseOffset > MAX_RELATIVE_OFFSET) return true;
  return segment.sizeInBytes > 0 && timeWaitedForRoll(segment, batch, nowMs) > longestAge(config);
}

/** The active segment of a compacted log ends in time for what must be cleaned soon (`LogConfig.maxSegmentMs`). */
function longestAge(config: LogConfig): number {
  const isCompacted = config['cleanup.policy'].includes('compact');
  return isCompacted ? Math.min(config['segment.ms'], config['max.compaction.lag.ms']) : config['segment.ms'];
}

function timeWaitedForRoll(segment: LogSegment, batch: RollQuestion, nowMs: number): number {
  const since = segment.rollingBasedTimestamp;
  return since === null || since < 0 ? nowMs - segment.createdMs : batch.maxTimestamp - since;
}

/** By record time; a segment without records counts from when it was made. */
export const retentionTimestamp = (segment: LogSegment): number =>
  segment.largestTimestamp >= 0 ? segment.largestTimestamp : segment.createdMs;
