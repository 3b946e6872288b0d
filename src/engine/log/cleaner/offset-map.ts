import type { Bytes } from '../../base/bytes.ts';
import { lastOffset, offsetAt, type RecordBatch } from '../../protocol/record-batch.ts';
import { recordsOf, segmentEnd, type LogContext, type PartitionLog } from '../partition-log.ts';
import { segmentsIn } from './cleanable.ts';
import { meetBatch, newCleanedTransactions } from './cleaned-transactions.ts';

/** The newest offset of each key in the dirty part of a log. */
export interface OffsetMap {
  readonly offsets: Map<Bytes, number>;
  /** How far the map knows the log; −1 if it holds nothing. */
  latestOffset: number;
  /** Bytes read to make it. */
  bytesRead: number;
}

export interface DirtyRange {
  readonly firstDirtyOffset: number;
  readonly firstUncleanableOffset: number;
  /** How many keys fit. */
  readonly mapCapacity: number;
}

/** A full map ends before the key that did not fit; what comes then waits for the next pass (`Cleaner.buildOffsetMap`). */
export function buildOffsetMap(log: PartitionLog, context: LogContext, range: DirtyRange): OffsetMap {
  const { firstDirtyOffset, firstUncleanableOffset } = range;
  const { entries } = recordsOf(log, context);
  const segments = segmentsIn(log, firstDirtyOffset, firstUncleanableOffset);
  const transactions = newCleanedTransactions(log, firstDirtyOffset, firstUncleanableOffset);
  const map: OffsetMap = { offsets: new Map(), latestOffset: -1, bytesRead: 0 };
  for (const [i, segment] of segments.entries()) {
    const end = segmentEnd(log, log.segments.indexOf(segment), recordsOf(log, context));
    map.bytesRead += segment.sizeInBytes;
    for (let entry = segment.firstEntry; entry < end; entry++) {
      const batch = entries.at(entry) as RecordBatch;
      const isGone = meetBatch(transactions, batch);
      if (batch.control === undefined && !isGone && !putAll(map, batch, range)) return map;
      if (lastOffset(batch) >= firstDirtyOffset) map.latestOffset = lastOffset(batch);
    }
    const nextBase = segments[i + 1]?.baseOffset ?? firstUncleanableOffset;
    map.latestOffset = Math.max(map.latestOffset, nextBase - 1);
  }
  return map;
}

/** Returns whether all keys found room. */
function putAll(map: OffsetMap, batch: RecordBatch, range: DirtyRange): boolean {
  const { keys, count } = batch.records;
  for (let i = 0; i < count; i++) {
    const key = keys[i] ?? null;
    const offset = offsetAt(batch, i);
    if (key === null || offset < range.firstDirtyOffset) continue;
    if (map.offsets.size >= range.mapCapacity) return false;
    map.offsets.set(key, offset);
    map.latestOffset = offset;
  }
  return true;
}
