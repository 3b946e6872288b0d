import { readCleanerCheckpoint } from '../log-files.ts';
import { activeSegment, lastStableOffset, type LogContext, type PartitionLog } from '../partition-log.ts';
import type { LogSegment } from '../segment.ts';

/** What the cleaner could do with a log now (`LogToClean`, `LogCleanerManager.cleanableOffsets`). */
export interface Cleanable {
  /** From here on nothing was cleaned yet. */
  readonly firstDirtyOffset: number;
  /** From here on nothing may be cleaned yet. */
  readonly uncleanableOffset: number;
  /** Base of the segment that holds it: segments are cleaned as a whole. */
  readonly firstUncleanableOffset: number;
  /** Of segments that begin before the dirty part. */
  readonly cleanBytes: number;
  /** Of dirty segments that may be cleaned. */
  readonly cleanableBytes: number;
  /** Something dirty waits for longer than max.compaction.lag.ms. */
  readonly pastMaxLag: boolean;
}

export function cleanableOf(log: PartitionLog, context: LogContext): Cleanable {
  const nowMs = context.wallClockMs();
  const firstDirtyOffset = firstDirty(log, context);
  const uncleanableOffset = uncleanableFrom(log, firstDirtyOffset, nowMs);
  const firstUncleanableOffset = (nonActiveFrom(log, uncleanableOffset)[0] ?? activeSegment(log)).baseOffset;
  const dirty = segmentsIn(log, Math.min(firstDirtyOffset, firstUncleanableOffset), firstUncleanableOffset);
  return {
    firstDirtyOffset,
    uncleanableOffset,
    firstUncleanableOffset,
    cleanBytes: bytesOf(log.segments.filter(({ baseOffset }) => baseOffset < firstDirtyOffset)),
    cleanableBytes: bytesOf(dirty),
    pastMaxLag: isPastMaxLag(log, firstDirtyOffset, nowMs),
  };
}

/** Share of what may be cleaned among all that a pass would read; 0 for an empty log. */
export function cleanableRatio({ cleanBytes, cleanableBytes }: Cleanable): number {
  const total = cleanBytes + cleanableBytes;
  return total === 0 ? 0 : cleanableBytes / total;
}

/** Whether the cleaner would take this log on. */
export function isDue(log: PartitionLog, cleanable: Cleanable): boolean {
  if (cleanable.pastMaxLag && cleanable.cleanableBytes > 0) return true;
  return cleanableRatio(cleanable) > log.config['min.cleanable.dirty.ratio'];
}

/** Where the last pass ended, unless the log was cut or moved beyond it: then everything is dirty. */
function firstDirty(log: PartitionLog, { disk }: LogContext): number {
  const checkpoint = readCleanerCheckpoint(disk, log.partition) ?? log.logStartOffset;
  const valid = checkpoint >= log.logStartOffset && checkpoint <= log.logEndOffset;
  return valid ? checkpoint : log.logStartOffset;
}

/** Not beyond the last stable offset, not the active segment, nothing younger than min.compaction.lag.ms. */
function uncleanableFrom(log: PartitionLog, firstDirtyOffset: number, nowMs: number): number {
  const bounds = [lastStableOffset(log), activeSegment(log).baseOffset];
  const lag = log.config['min.compaction.lag.ms'];
  if (lag > 0) {
    const young = nonActiveFrom(log, firstDirtyOffset).find(
      (segment) => segment.largestTimestamp > nowMs - lag,
    );
    if (young !== undefined) bounds.push(young.baseOffset);
  }
  return Math.max(firstDirtyOffset, Math.min(...bounds));
}

function isPastMaxLag(log: PartitionLog, firstDirtyOffset: number, nowMs: number): boolean {
  const until = nowMs - log.config['max.compaction.lag.ms'];
  return nonActiveFrom(log, firstDirtyOffset).some(
    ({ rollingBasedTimestamp: first }) => first !== null && first > 0 && first < until,
  );
}

const bytesOf = (segments: readonly LogSegment[]): number =>
  segments.reduce((sum, segment) => sum + segment.sizeInBytes, 0);

/** The segment that holds `from` and those after it that begin before `to`; none if they are equal. */
export function segmentsIn(log: PartitionLog, from: number, to: number): LogSegment[] {
  if (from === to) return [];
  const { segments } = log;
  return segments.filter(
    ({ baseOffset }, i) => baseOffset < to && (segments[i + 1]?.baseOffset ?? Infinity) > from,
  );
}

function nonActiveFrom(log: PartitionLog, from: number): LogSegment[] {
  const { baseOffset } = activeSegment(log);
  return from > baseOffset ? [] : segmentsIn(log, from, baseOffset);
}
