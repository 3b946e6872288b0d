import {
  BATCH_HEADER_SIZE,
  offsetAt,
  sizeOfPlainRecord,
  sizeOfRecord,
  timestampAt,
  type RecordBatch,
  type RecordColumns,
} from '../../protocol/record-batch.ts';

/** A marker's key has a version and a type, its value a version and the coordinator's epoch. */
const MARKER_KEY_SIZE = 4;
const MARKER_VALUE_SIZE = 6;

/**
 * The batch with only the records at these indexes, and the time from which its tombstones or its marker may go. It
 * keeps its first and last offset, its producer and its sequence. Frozen; the same object if nothing changes.
 *
 * A horizon takes the place of the base timestamp (KIP-534), so the distances from it, and the batch, may grow.
 */
export function retainedBatch(
  batch: RecordBatch,
  kept: readonly number[],
  deleteHorizonMs: number | undefined,
): RecordBatch {
  if (kept.length === batch.records.count && deleteHorizonMs === batch.deleteHorizonMs) return batch;
  const timestamps = kept.map((index) => timestampAt(batch, index));
  const baseTimestamp = deleteHorizonMs ?? timestamps[0] ?? batch.baseTimestamp;
  const records = keptColumns(
    batch,
    kept,
    timestamps.map((timestamp) => timestamp - baseTimestamp),
  );
  return Object.freeze({
    ...batch,
    ...(deleteHorizonMs === undefined ? {} : { deleteHorizonMs }),
    baseTimestamp,
    maxTimestamp: timestamps.reduce((max, timestamp) => Math.max(max, timestamp)),
    sizeInBytes: sizeOf(batch, records),
    records,
  });
}

function keptColumns(
  { baseOffset, records, ...batch }: RecordBatch,
  kept: readonly number[],
  timestampDeltas: readonly number[],
): RecordColumns {
  const offsetDeltas = kept.map((index) => offsetAt({ baseOffset, records, ...batch }, index) - baseOffset);
  const hasGaps = offsetDeltas.some((delta, i) => delta !== i);
  const headers = records.headers;
  return Object.freeze({
    count: kept.length,
    keys: Object.freeze(kept.map((index) => records.keys[index] ?? null)),
    values: Object.freeze(kept.map((index) => records.values[index] ?? null)),
    timestampDeltas: Object.freeze(timestampDeltas),
    ...(headers === undefined ? {} : { headers: Object.freeze(kept.map((index) => headers[index] ?? [])) }),
    ...(hasGaps ? { offsetDeltas: Object.freeze(offsetDeltas) } : {}),
  });
}

function sizeOf(batch: RecordBatch, records: RecordColumns): number {
  let size = BATCH_HEADER_SIZE;
  for (let i = 0; i < records.count; i++) {
    const offsetDelta = records.offsetDeltas?.[i] ?? i;
    const timestampDelta = records.timestampDeltas[i] ?? 0;
    size +=
      batch.control === undefined
        ? sizeOfRecord({
            offsetDelta,
            timestampDelta,
            key: records.keys[i] ?? null,
            value: records.values[i] ?? null,
            headers: records.headers?.[i] ?? [],
          })
        : sizeOfPlainRecord(offsetDelta, timestampDelta, MARKER_KEY_SIZE, MARKER_VALUE_SIZE);
  }
  return size;
}

const NO_RECORDS: RecordColumns = Object.freeze({
  count: 0,
  keys: Object.freeze([]),
  values: Object.freeze([]),
  timestampDeltas: Object.freeze([]),
});

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The header alone: offsets, sequence and producer are remembered, the records are gone. */
export function emptyBatch(batch: RecordBatch): RecordBatch {
  const header: Writable<RecordBatch> = { ...batch };
  delete header.deleteHorizonMs;
  header.baseTimestamp = -1;
  header.sizeInBytes = BATCH_HEADER_SIZE;
  header.records = NO_RECORDS;
  return Object.freeze(header);
}
