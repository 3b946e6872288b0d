import { ERROR_CODES } from '../protocol/errors.ts';
import { NO_PRODUCER_ID, NO_TIMESTAMP, timestampAt, type RecordBatch } from '../protocol/record-batch.ts';
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
  const isClient = origin === 'client';
  if (isClient && batch.baseOffset !== 0) return refusal(ERROR_CODES.INVALID_RECORD);
  if (batch.sizeInBytes > config['max.message.bytes']) return refusal(ERROR_CODES.MESSAGE_TOO_LARGE);
  if (batch.defects?.isCrcWrong === true) return refusal(ERROR_CODES.CORRUPT_MESSAGE);
  if (isClient && !isWellFormed(batch)) return refusal(ERROR_CODES.INVALID_RECORD);
  return batch.control === undefined ? withBadRecords(batch, config, nowMs) : undefined;
}

/** A client's batch has records and no gaps, and a producer's has a sequence. */
function isWellFormed(batch: RecordBatch): boolean {
  const { records, lastOffsetDelta, control } = batch;
  if (control !== undefined || records.count < 1 || lastOffsetDelta !== records.count - 1) return false;
  if ((batch.defects?.recordCount ?? records.count) !== records.count) return false;
  return batch.producerId === NO_PRODUCER_ID || batch.baseSequence >= 0;
}

/** Every record is looked at; one with a bad timestamp names the error of them all. */
function withBadRecords(batch: RecordBatch, config: LogConfig, nowMs: number): AppendRefusal | undefined {
  const needsKeys = config['cleanup.policy'].includes('compact') && batch.records.keys.includes(null);
  const isBadTime = timestampCheck(batch, config, nowMs);
  if (!needsKeys && isBadTime === undefined) return undefined;
  const bad: number[] = [];
  let errorCode: number = ERROR_CODES.INVALID_RECORD;
  for (let i = 0; i < batch.records.count; i++) {
    const lacksKey = needsKeys && batch.records.keys[i] === null;
    const isOutOfTime = !lacksKey && isBadTime?.(timestampAt(batch, i)) === true;
    if (isOutOfTime) errorCode = ERROR_CODES.INVALID_TIMESTAMP;
    if (lacksKey || isOutOfTime) bad.push(i);
  }
  return bad.length === 0 ? undefined : refusal(errorCode, bad);
}

type TimestampCheck = (timestamp: number) => boolean;

/**
 * Records may only be so far ahead of, and behind, the broker's clock; those without a timestamp may be anywhere. A topic
 * that stamps them itself does not care, but only the broker may say that it has. Undefined: none can be bad.
 */
function timestampCheck(batch: RecordBatch, config: LogConfig, nowMs: number): TimestampCheck | undefined {
  const claims = batch.timestampType === 'LogAppendTime';
  if (config['message.timestamp.type'] === 'LogAppendTime') return claims ? () => true : undefined;
  const latest = nowMs + config['message.timestamp.after.max.ms'];
  const earliest = nowMs - config['message.timestamp.before.max.ms'];
  if (!claims && batch.maxTimestamp <= latest && earliest <= 0) return undefined;
  return (timestamp) => (timestamp === NO_TIMESTAMP ? claims : timestamp > latest || timestamp < earliest);
}
