import {
  EARLIEST_LOCAL_TIMESTAMP,
  EARLIEST_PENDING_UPLOAD_TIMESTAMP,
  EARLIEST_TIMESTAMP,
  LATEST_TIERED_TIMESTAMP,
  LATEST_TIMESTAMP,
  MAX_TIMESTAMP,
} from '../protocol/list-offsets.ts';
import { offsetAt, timestampAt, type RecordBatch } from '../protocol/record-batch.ts';
import { epochForOffset, latestEpoch } from './leader-epoch-cache.ts';
import { recordsOf, segmentEnd, type LogContext, type PartitionLog } from './partition-log.ts';

export interface TimestampAndOffset {
  /** ms since 1970; −1 where the question was not about time. */
  readonly timestamp: number;
  readonly offset: number;
  /** −1 when not known. */
  readonly leaderEpoch: number;
}

/** What a replica answers to ListOffsets (`UnifiedLog.fetchOffsetByTimestamp`); undefined: there is no such record. */
export function offsetForTimestamp(
  log: PartitionLog,
  context: LogContext,
  timestamp: number,
): TimestampAndOffset | undefined {
  switch (timestamp) {
    case LATEST_TIMESTAMP:
      return { timestamp: -1, offset: log.logEndOffset, leaderEpoch: latestEpoch(log.epochs) };
    case EARLIEST_TIMESTAMP:
    case EARLIEST_LOCAL_TIMESTAMP:
      return earliest(log);
    case MAX_TIMESTAMP:
      return withMaxTimestamp(log, context);
    case LATEST_TIERED_TIMESTAMP:
    case EARLIEST_PENDING_UPLOAD_TIMESTAMP:
      return { timestamp: -1, offset: -1, leaderEpoch: -1 };
    default:
      return firstAtOrAfter(log, context, timestamp);
  }
}

function earliest(log: PartitionLog): TimestampAndOffset {
  const leaderEpoch = epochForOffset(log.epochs, log.logStartOffset) ?? -1;
  return { timestamp: -1, offset: log.logStartOffset, leaderEpoch };
}

/** Looks only into the first segment that has a record so late. */
function firstAtOrAfter(
  log: PartitionLog,
  context: LogContext,
  timestamp: number,
): TimestampAndOffset | undefined {
  const segment = log.segments.findIndex((candidate) => candidate.largestTimestamp >= timestamp);
  const isWanted: IsWanted = (batch, at) =>
    timestampAt(batch, at) >= timestamp && offsetAt(batch, at) >= log.logStartOffset;
  return searchSegment(log, context, { segment, timestamp, isWanted });
}

function withMaxTimestamp(log: PartitionLog, context: LogContext): TimestampAndOffset | undefined {
  const timestamp = log.segments.reduce((max, segment) => Math.max(max, segment.largestTimestamp), -1);
  if (timestamp < 0) return undefined;
  const segment = log.segments.findIndex((candidate) => candidate.largestTimestamp === timestamp);
  const isWanted: IsWanted = (batch, at) => timestampAt(batch, at) === timestamp;
  return searchSegment(log, context, { segment, timestamp, isWanted });
}

type IsWanted = (batch: RecordBatch, index: number) => boolean;

interface Search {
  /** Index of the segment, −1 for none. */
  readonly segment: number;
  /** Batches that do not reach it are passed over. */
  readonly timestamp: number;
  readonly isWanted: IsWanted;
}

/** The first wanted record of a segment. */
function searchSegment(
  log: PartitionLog,
  context: LogContext,
  search: Search,
): TimestampAndOffset | undefined {
  const segment = log.segments[search.segment];
  if (segment === undefined) return undefined;
  const file = recordsOf(log, context);
  const end = segmentEnd(log, search.segment, file);
  for (let i = segment.firstEntry; i < end; i++) {
    const batch = file.entries.at(i) as RecordBatch;
    const at = batch.maxTimestamp < search.timestamp ? -1 : indexWhere(batch, search.isWanted);
    if (at >= 0)
      return {
        timestamp: timestampAt(batch, at),
        offset: offsetAt(batch, at),
        leaderEpoch: batch.partitionLeaderEpoch,
      };
  }
  return undefined;
}

function indexWhere(batch: RecordBatch, isWanted: IsWanted): number {
  for (let i = 0; i < batch.records.count; i++) if (isWanted(batch, i)) return i;
  return -1;
}
