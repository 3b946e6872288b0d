import { assert, ensure } from '../../base/assert.ts';
import {
  lastOffset,
  nextOffset,
  NO_PRODUCER_ID,
  offsetAt,
  type RecordBatch,
} from '../../protocol/record-batch.ts';
import { replaceEntries } from '../../sim/disk.ts';
import { writeCleanerCheckpoint } from '../log-files.ts';
import {
  recordsOf,
  segmentEnd,
  setAborted,
  setSegments,
  type LogContext,
  type PartitionLog,
} from '../partition-log.ts';
import { keepSnapshots } from '../producer-state.ts';
import { addToSegment, newSegment, type LogSegment } from '../segment.ts';
import { segmentsIn } from './cleanable.ts';
import { meetBatch, newCleanedTransactions, type CleanedTransactions } from './cleaned-transactions.ts';
import { buildOffsetMap, type DirtyRange, type OffsetMap } from './offset-map.ts';
import { emptyBatch, retainedBatch } from './retained-batch.ts';

/** One pass through a log. */
interface Pass {
  readonly log: PartitionLog;
  readonly map: OffsetMap;
  readonly transactions: CleanedTransactions;
  /** Wall clock, ms since 1970. */
  readonly nowMs: number;
}

export interface CleaningOrder extends DirtyRange {
  /** Wall clock when the pass began, ms since 1970: by it tombstones are old enough. */
  readonly nowMs: number;
}

export interface CleaningResult {
  /** Where the next pass begins to look for dirt. */
  readonly endOffset: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/**
 * Rewrites the segments of a log up to the end of the dirty part, or as far as the offset map reaches: of each key the
 * newest value stays, offsets never change (`Cleaner.doClean`). All segments are replaced at one moment.
 */
export function cleanLog(log: PartitionLog, context: LogContext, order: CleaningOrder): CleaningResult {
  const map = buildOffsetMap(log, context, order);
  const endOffset = map.latestOffset + 1;
  const segments = segmentsIn(log, 0, endOffset);
  // Segments are cleaned as a whole: beyond the map transactions still matter.
  const upTo = log.segments[segments.length]?.baseOffset ?? log.logEndOffset;
  const pass: Pass = {
    log,
    map,
    transactions: newCleanedTransactions(log, 0, upTo),
    nowMs: order.nowMs,
  };
  const groups = groupBySize(segments, log.config['segment.bytes']);
  const cleaned = groups.map((group) => cleanGroup(pass, context, group));
  replaceSegments(pass, context, segments, cleaned);
  writeCleanerCheckpoint(context.disk, log.partition, endOffset);
  const read = segments.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, map.bytesRead);
  const written = cleaned.reduce((sum, { segment }) => sum + segment.sizeInBytes, 0);
  return { endOffset, bytesRead: read, bytesWritten: written };
}

/** Neighbours whose old sizes fit into one segment become one. */
function groupBySize(segments: readonly LogSegment[], maxSize: number): LogSegment[][] {
  const groups: LogSegment[][] = [];
  let size = 0;
  for (const segment of segments) {
    const group = groups.at(-1);
    if (group !== undefined && size + segment.sizeInBytes <= maxSize) {
      group.push(segment);
      size += segment.sizeInBytes;
    } else {
      groups.push([segment]);
      size = segment.sizeInBytes;
    }
  }
  return groups;
}

interface CleanedSegment {
  readonly segment: LogSegment;
  readonly batches: readonly RecordBatch[];
}

function cleanGroup(pass: Pass, context: LogContext, group: readonly LogSegment[]): CleanedSegment {
  const { log } = pass;
  const file = recordsOf(log, context);
  const first = ensure(group[0], 'segment');
  const last = ensure(group.at(-1), 'segment');
  const segment = newSegment(first.baseOffset, first.firstEntry, last.createdMs);
  const batches: RecordBatch[] = [];
  const end = segmentEnd(log, log.segments.indexOf(last), file);
  for (let entry = first.firstEntry; entry < end; entry++) {
    const batch = cleanBatch(pass, file.entries.at(entry) as RecordBatch);
    if (batch === undefined) continue;
    addToSegment(segment, batch);
    batches.push(batch);
  }
  return { segment, batches };
}

/** What stays of a batch, or undefined (`Cleaner.cleanInto`, `MemoryRecords.filterTo`). */
function cleanBatch(pass: Pass, batch: RecordBatch): RecordBatch | undefined {
  const mayGo = meetBatch(pass.transactions, batch);
  const isMarker = batch.control !== undefined;
  const discarded = mayGo && (!isMarker || isPastHorizon(pass, batch));
  const kept = discarded ? [] : keptIndexes(pass, batch);
  if (kept.length === 0) return isRemembered(pass, batch) ? emptyBatch(batch) : undefined;
  const needsHorizon = isMarker ? mayGo : kept.some((index) => batch.records.values[index] === null);
  const horizon = needsHorizon ? pass.nowMs + pass.log.config['delete.retention.ms'] : undefined;
  return retainedBatch(batch, kept, batch.deleteHorizonMs ?? horizon);
}

const isPastHorizon = ({ nowMs }: Pass, { deleteHorizonMs }: RecordBatch): boolean =>
  deleteHorizonMs !== undefined && deleteHorizonMs <= nowMs;

function keptIndexes(pass: Pass, batch: RecordBatch): number[] {
  const kept: number[] = [];
  for (let i = 0; i < batch.records.count; i++)
    if (batch.control !== undefined || isKept(pass, batch, i)) kept.push(i);
  return kept;
}

/** Beyond the map nothing is known; otherwise the newest of its key stays, a tombstone for as long as it is protected. */
function isKept(pass: Pass, batch: RecordBatch, index: number): boolean {
  const { offsets, latestOffset } = pass.map;
  const offset = offsetAt(batch, index);
  if (offset > latestOffset) return true;
  const key = batch.records.keys[index] ?? null;
  if (key === null || offset < (offsets.get(key) ?? -1)) return false;
  return batch.records.values[index] !== null || !isPastHorizon(pass, batch);
}

/** Whether the batch stays even without records: it says how far a producer, or all that is committed, has come. */
function isRemembered({ log }: Pass, batch: RecordBatch): boolean {
  if (nextOffset(batch) === log.highWatermark) return true;
  const entry =
    batch.producerId === NO_PRODUCER_ID ? undefined : log.producers.producers.get(batch.producerId);
  if (entry === undefined) return false;
  const lastData = entry.batches.at(-1);
  if (lastData !== undefined) return lastData.lastOffset === lastOffset(batch);
  return batch.control !== undefined && batch.producerEpoch === entry.producerEpoch;
}

function replaceSegments(
  { log, transactions }: Pass,
  context: LogContext,
  old: readonly LogSegment[],
  cleaned: readonly CleanedSegment[],
): void {
  const first = old[0];
  if (first === undefined) return;
  assert(first === log.segments[0], 'a pass begins with the oldest segment');
  const file = recordsOf(log, context);
  const end = segmentEnd(log, old.length - 1, file);
  const batches = cleaned.flatMap((group) => group.batches);
  replaceEntries(file, { start: first.firstEntry, end }, batches);
  let entry = first.firstEntry;
  for (const group of cleaned) {
    group.segment.firstEntry = entry;
    entry += group.batches.length;
  }
  const rest = log.segments.slice(old.length);
  for (const segment of rest) segment.firstEntry += entry - end;
  const segments = [...cleaned.map(({ segment }) => segment), ...rest];
  setSegments(log, context, segments);
  const bases = new Set(segments.map(({ baseOffset }) => baseOffset));
  const gone = new Set(old.map(({ baseOffset }) => baseOffset).filter((base) => !bases.has(base)));
  keepSnapshots(log.producers, context.disk, ({ offset }) => !gone.has(offset));
  const boundary = ensure(rest[0], 'active segment').baseOffset;
  const kept = transactions.kept.toSorted((a, b) => a.lastOffset - b.lastOffset);
  if (kept.length + log.aborted.length > 0)
    setAborted(log, context, [...kept, ...log.aborted.filter((txn) => txn.lastOffset >= boundary)]);
}
