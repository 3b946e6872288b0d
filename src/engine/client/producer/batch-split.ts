import { ensure } from '../../base/assert.ts';
import { incrementSequence, BATCH_HEADER_SIZE } from '../../protocol/record-batch.ts';
import {
  closeForAppends,
  hasSequence,
  newBatch,
  setProducerState,
  sizeUpperBound,
  tryAppend,
  type ProducerBatch,
  type ProducerRecord,
} from './producer-batch.ts';
import { insertInSequenceOrder, type PartitionQueue } from './partition-queue.ts';
import type { RecordAccumulator } from './record-accumulator.ts';

/**
 * A batch was too large for the broker: its records go back as smaller batches at the front of the queue, with their
 * sequence numbers, and without using up an attempt (`RecordAccumulator.splitAndReenqueue`). A part that is still too
 * large is halved the next time.
 */
export function splitBatch(accumulator: RecordAccumulator, queue: PartitionQueue, big: ProducerBatch): void {
  const target = big.isSplit
    ? Math.max(big.maxRecordSize + BATCH_HEADER_SIZE, Math.floor(big.size / 2))
    : accumulator.settings.batchSize;
  const parts = partsOf(accumulator, queue, big, target);
  let sequence = big.baseSequence;
  for (const part of parts) {
    if (!hasSequence(big)) continue;
    const { producerId, producerEpoch } = big;
    setProducerState(part, { producerId, producerEpoch, baseSequence: sequence });
    sequence = incrementSequence(sequence, part.count);
  }
  for (const part of parts.reverse()) insertInSequenceOrder(queue, part);
  accumulator.incomplete += parts.length - 1;
}

function partsOf(
  accumulator: RecordAccumulator,
  queue: PartitionQueue,
  big: ProducerBatch,
  target: number,
): ProducerBatch[] {
  const parts: ProducerBatch[] = [];
  const open = (record: ProducerRecord): ProducerBatch => {
    const room = Math.max(target, sizeUpperBound(record));
    const reserved = parts.length === 0 ? big.reserved : 0;
    const part = newBatch({
      id: accumulator.nextBatchId++,
      createdAt: big.createdAt,
      room,
      reserved,
      expected: 0,
    });
    part.isSplit = true;
    part.maybeApplied = big.maybeApplied;
    parts.push(part);
    return part;
  };
  for (let i = 0; i < big.count; i++) {
    const record = recordAt(queue, big, i);
    const ordinal = ensure(big.ordinals[i], 'ordinal');
    const last = parts.at(-1);
    if (last === undefined || tryAppend(last, record, ordinal) === 0)
      tryAppend(open(record), record, ordinal);
  }
  for (const part of parts) closeForAppends(part);
  return parts;
}

function recordAt({ topic }: PartitionQueue, batch: ProducerBatch, index: number): ProducerRecord {
  const { keys, values, timestampDeltas, headers } = closeForAppends(batch);
  return {
    topic,
    key: keys[index] ?? null,
    value: values[index] ?? null,
    timestamp: batch.baseTimestamp + (timestampDeltas[index] ?? 0),
    headers: headers?.[index] ?? [],
  };
}
