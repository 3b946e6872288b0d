import { cleanLog } from '../../../log/cleaner/clean-log.ts';
import { cleanableOf, isDue } from '../../../log/cleaner/cleanable.ts';
import { recordsOf } from '../../../log/partition-log.ts';
import { lastOffset, offsetAt, timestampAt, type RecordBatch } from '../../../protocol/record-batch.ts';
import type { Json, JsonObject } from '../case-file.ts';
import type { Subject } from './log.ts';

/** What the cleaner finds to do, and one pass if it is due. */
export function runClean({ log, context, clock, mapCapacity }: Subject, op: JsonObject): JsonObject {
  const cleanable = cleanableOf(log, context);
  const { firstDirtyOffset, uncleanableOffset, cleanBytes, cleanableBytes, pastMaxLag } = cleanable;
  const due = isDue(log, cleanable);
  const found = {
    firstDirty: firstDirtyOffset,
    firstUncleanable: uncleanableOffset,
    cleanBytes,
    cleanableBytes,
    pastMaxLag,
    due,
  };
  if (!due && (op.force !== true || cleanableBytes === 0)) return { ...found, cleaned: false };
  const { endOffset } = cleanLog(log, context, { ...cleanable, mapCapacity, nowMs: clock.nowMs });
  const batches = [...recordsOf(log, context).entries].map((batch) => batchJson(batch as RecordBatch));
  return { ...found, cleaned: true, endOffset, batches };
}

function batchJson(batch: RecordBatch): JsonObject {
  const { producerId, producerEpoch, baseSequence, deleteHorizonMs, isTransactional } = batch;
  return {
    base: batch.baseOffset,
    last: lastOffset(batch),
    bytes: batch.sizeInBytes,
    leaderEpoch: batch.partitionLeaderEpoch,
    maxTimestamp: batch.maxTimestamp,
    ...(producerId === -1 ? {} : { pid: producerId, producerEpoch, seq: baseSequence }),
    ...(isTransactional ? { transactional: true } : {}),
    ...(deleteHorizonMs === undefined ? {} : { deleteHorizon: deleteHorizonMs }),
    ...contentOf(batch),
  };
}

function contentOf(batch: RecordBatch): JsonObject {
  const { control, records } = batch;
  if (control !== undefined && records.count > 0) return { control: control.type };
  const list = records.keys.map((key, i): Json => [
    offsetAt(batch, i),
    key,
    records.values[i] ?? null,
    timestampAt(batch, i),
  ]);
  return { records: list };
}
