import { ERROR_CODES } from '../protocol/errors.ts';
import { NO_PRODUCER_ID, timestampAt, type RecordBatch } from '../protocol/record-batch.ts';
import type { LogConfig } from './partition-log.ts';

/** Why a batch was not appended. */
export interface AppendRefusal {
  readonly errorCode: number;
  /** Indexes in the batch of the records that are to blame. */
  readonly badRecords: readonly number[];
}

const refusal = (errorCode: number, badRecords: readonly number[] = []): AppendRefusal => ({
  errorCode,
  badRecords,
});

/** What a leader demands of a batch before it gives it offsets (`LogValidator`). Undefined: nothing is wrong. */
export function validateBatch(
  batch: RecordBatch,
  config: LogConfig,
  origin: 'client' | 'coordinator',
  nowMs: number,
): AppendRefusal | undefined {
  if (origin === 'client' && !isWellFormed(batch)) return refusal(ERROR_CODES.INVALID_RECORD);
  if (batch.sizeInBytes > config['max.message.bytes']) return refusal(ERROR_CODES.MESSAGE_TOO_LARGE);
  if (origin === 'client' && batch.timestampType === 'LogAppendTime')
    return refusal(ERROR_CODES.INVALID_TIMESTAMP, [0]);
  if (batch.control !== undefined) return undefined;
  return withoutKey(batch, config) ?? withBadTimestamp(batch, config, nowMs);
}

/** A client's batch begins at offset 0, has no gaps, and a producer's has a sequence. */
function isWellFormed(batch: RecordBatch): boolean {
  if (batch.baseOffset !== 0 || batch.control !== undefined) return false;
  if (batch.records.count < 1 || batch.lastOffsetDelta !== batch.records.count - 1) return false;
  return batch.producerId === NO_PRODUCER_ID || batch.baseSequence >= 0;
}

const isCompacted = (config: LogConfig): boolean => config['cleanup.policy'].includes('compact');

const indexesWhere = (count: number, isBad: (index: number) => boolean): number[] => {
  const bad: number[] = [];
  for (let i = 0; i < count; i++) if (isBad(i)) bad.push(i);
  return bad;
};

function withoutKey(batch: RecordBatch, config: LogConfig): AppendRefusal | undefined {
  if (!isCompacted(config) || !batch.records.keys.includes(null)) return undefined;
  const { keys, count } = batch.records;
  return refusal(
    ERROR_CODES.INVALID_RECORD,
    indexesWhere(count, (i) => keys[i] === null),
  );
}

/** Records may only be so far ahead of, and behind, the broker's clock. A topic that stamps them itself does not care. */
function withBadTimestamp(batch: RecordBatch, config: LogConfig, nowMs: number): AppendRefusal | undefined {
  if (config['message.timestamp.type'] === 'LogAppendTime') return undefined;
  const latest = nowMs + config['message.timestamp.after.max.ms'];
  const earliest = nowMs - config['message.timestamp.before.max.ms'];
  if (batch.maxTimestamp <= latest && earliest <= 0) return undefined;
  const bad = indexesWhere(batch.records.count, (i) => {
    const timestamp = timestampAt(batch, i);
    return timestamp > latest || timestamp < earliest;
  });
  return bad.length === 0 ? undefined : refusal(ERROR_CODES.INVALID_TIMESTAMP, bad);
}
