import type { CutRecord } from '../api/trace-event.ts';
import { utf8Decode } from '../base/bytes.ts';
import { entryAtOrAfter, recordsOf, type LogContext, type PartitionLog } from '../log/partition-log.ts';
import { offsetAt, type RecordBatch } from '../protocol/record-batch.ts';

/** Records that a truncation names at most. */
const NAMED_MAX = 64;

/** The oldest records that go when a log is cut back to an offset. To be asked before. */
export function recordsBeyond(log: PartitionLog, context: LogContext, offset: number): readonly CutRecord[] {
  const file = recordsOf(log, context);
  const found: CutRecord[] = [];
  for (let i = entryAtOrAfter(file, offset); i < file.entries.end && found.length < NAMED_MAX; i++)
    for (const record of recordsIn(file.entries.at(i) as RecordBatch))
      if (record.offset >= offset && found.length < NAMED_MAX) found.push(record);
  return found;
}

const recordsIn = (batch: RecordBatch): readonly CutRecord[] =>
  batch.records.keys.map((key, i) => ({
    offset: offsetAt(batch, i),
    key: key === null || batch.control !== undefined ? null : utf8Decode(key),
  }));
