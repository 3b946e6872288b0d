import type { TraceEventData } from '../../api/trace-event.ts';
import { ERROR_CODES, NONE, refreshesMetadata } from '../../protocol/errors.ts';
import type { ProduceResponsePartitionResponse } from '../../protocol/produce.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { applyCurrentLeader } from '../network/cluster-metadata.ts';
import { requestMetadata } from '../network/metadata-refresh.ts';
import { handleBatchError } from './batch-failure.ts';
import { takeInFlight, type PartitionQueue } from './partition-queue.ts';
import type { ProducerBatch } from './producer-batch.ts';
import type { Outcome, Producer } from './producer-state.ts';
import { release } from './record-accumulator.ts';
import { noteAcknowledged } from './sequences.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

export type PartitionAnswer = Pick<ProduceResponsePartitionResponse, 'errorCode' | 'baseOffset'> & {
  readonly logStartOffset: number;
  readonly currentLeader?: ProduceResponsePartitionResponse['currentLeader'];
};

/** An answer for a batch under way; nothing happens if the batch expired meanwhile (`Sender.completeBatch`). */
export function handleBatchAnswer(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  { id, answer }: { readonly id: number; readonly answer: PartitionAnswer },
): void {
  if (producer.network.settings.maxInFlight === 1) queue.muted = false;
  const batch = queue.inFlight.find((sent) => sent.id === id);
  if (batch === undefined) return;
  const error = answer.errorCode;
  if (error === NONE || error === ERROR_CODES.DUPLICATE_SEQUENCE_NUMBER) {
    acknowledge(producer, context, queue, { batch, baseOffset: error === NONE ? answer.baseOffset : -1 });
    return;
  }
  handleBatchError(producer, context, queue, {
    batch,
    failure: { error, logStartOffset: answer.logStartOffset },
  });
  if (answer.currentLeader !== undefined)
    applyCurrentLeader(producer.network.metadata, queue, answer.currentLeader);
  if (refreshesMetadata(error)) requestMetadata(producer.network);
}

/** Success: with the offset of the first record, or −1 if the broker did not give one. */
export function acknowledge(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  { batch, baseOffset }: { readonly batch: ProducerBatch; readonly baseOffset: number },
): void {
  noteAcknowledged(queue, batch, baseOffset);
  takeInFlight(queue, batch.id);
  producer.counters.inFlight -= batch.count;
  tell(context, { type: 'batch-acknowledged', partition: queue.name, baseOffset, count: batch.count });
  complete(producer, queue, batch, { outcome: 'acknowledged', error: NONE, baseOffset });
}

interface Ending {
  readonly outcome: Outcome;
  readonly error: number;
  readonly baseOffset: number;
}

/** Tells what became of a batch that is in no queue any more. */
export function complete(
  producer: Producer,
  queue: PartitionQueue,
  batch: ProducerBatch,
  { outcome, error, baseOffset }: Ending,
): void {
  const { topic, partition } = queue;
  producer.counters[outcome] += batch.count;
  release(producer.accumulator, batch);
  const { ordinals } = batch;
  producer.notices.push(
    Object.freeze({ type: 'batch-completed', topic, partition, outcome, error, baseOffset, ordinals }),
  );
}
