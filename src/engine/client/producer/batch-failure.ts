import { millis } from '../../base/time.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { ERROR_CODES, errorName, isRetriable, NONE } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { retryBackoff } from '../backoff.ts';
import { splitBatch } from './batch-split.ts';
import { complete } from './completion.ts';
import { hasSequence, type ProducerBatch } from './producer-batch.ts';
import { reenqueue, takeInFlight, type PartitionQueue } from './partition-queue.ts';
import type { Producer } from './producer-state.ts';
import { failForGood, failTransaction } from './transactions.ts';
import { mayRetry, noteFailed, noteUnresolved, type BatchError } from './failed-sequences.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

/**
 * Errors after which the records may be in the log nevertheless. Some are also what a leader answers that has appended
 * them, waits for its followers, and then loses the partition or its disk (`DelayedProduce.tryComplete`).
 */
const LEAVES_DOUBT: ReadonlySet<number> = new Set<number>([
  ERROR_CODES.NOT_LEADER_OR_FOLLOWER,
  ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
  ERROR_CODES.KAFKA_STORAGE_ERROR,
  ERROR_CODES.NETWORK_EXCEPTION,
  ERROR_CODES.REQUEST_TIMED_OUT,
  ERROR_CODES.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  ERROR_CODES.UNKNOWN_SERVER_ERROR,
]);

/** A broker refused a batch that is under way, or its answer was lost. */
export function handleBatchError(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  { batch, failure }: { readonly batch: ProducerBatch; readonly failure: BatchError },
): void {
  const { error } = failure;
  if (LEAVES_DOUBT.has(error)) batch.maybeApplied = true;
  if (error === ERROR_CODES.MESSAGE_TOO_LARGE && batch.count > 1) split(producer, context, queue, batch);
  else retryOrFail(producer, context, queue, { batch, failure });
}

function split(producer: Producer, context: NodeContext, queue: PartitionQueue, batch: ProducerBatch): void {
  takeInFlight(queue, batch.id);
  producer.counters.inFlight -= batch.count;
  producer.counters.buffered += batch.count;
  tell(context, {
    type: 'batch-retried',
    partition: queue.name,
    count: batch.count,
    error: errorName(ERROR_CODES.MESSAGE_TOO_LARGE),
  });
  splitBatch(producer.accumulator, queue, batch);
}

function retryOrFail(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  { batch, failure }: { readonly batch: ProducerBatch; readonly failure: BatchError },
): void {
  const { error } = failure;
  const now = context.now();
  const inTime = now - batch.createdAt < producer.accumulator.settings.deliveryTimeout;
  const attemptsLeft = batch.attempts < producer.config.retries;
  if (!inTime || !attemptsLeft || !mayRetry(producer.idempotence, queue, batch, failure)) {
    takeInFlight(queue, batch.id);
    producer.counters.inFlight -= batch.count;
    failBatch(producer, context, queue, { batch, error, canTell: attemptsLeft });
    return;
  }
  takeInFlight(queue, batch.id);
  producer.counters.inFlight -= batch.count;
  producer.counters.buffered += batch.count;
  const { settings, prefix } = producer.network;
  const prng = context.prng(`${prefix}:retry`);
  batch.retryWait = millis(retryBackoff(prng, settings.config, batch.attempts));
  reenqueue(queue, batch, now);
  tell(context, {
    type: 'batch-retried',
    partition: queue.name,
    count: batch.count,
    error: errorName(error),
  });
}

export interface BatchFailure {
  readonly batch: ProducerBatch;
  readonly error: number;
  /** The broker's answer settles what became of the batch's sequence numbers. */
  readonly canTell: boolean;
}

/** The batch, already taken out of its queue, has failed for good (`Sender.failBatch`). */
function failBatch(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  { batch, error, canTell }: BatchFailure,
): void {
  noteFailed(producer.idempotence, queue, batch, { error, canTell });
  if (FATAL.has(error)) fail(producer, error);
  else if (producer.transactions !== null && producer.idempotence.fatalError === NONE)
    failTransaction(producer.transactions, error, true);
  endFailed(producer, context, queue, { batch, error });
}

function endFailed(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  { batch, error }: Pick<BatchFailure, 'batch' | 'error'>,
): void {
  const outcome = batch.maybeApplied ? 'unknown' : 'failed';
  const data = { partition: queue.name, count: batch.count, error: errorName(error), outcome } as const;
  tell(context, { type: 'batch-failed', ...data });
  complete(producer, queue, batch, { outcome, error, baseOffset: -1 });
}

const FATAL: ReadonlySet<number> = new Set<number>([
  ERROR_CODES.CLUSTER_AUTHORIZATION_FAILED,
  ERROR_CODES.PRODUCER_FENCED,
  ERROR_CODES.UNSUPPORTED_VERSION,
  ERROR_CODES.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  ERROR_CODES.INVALID_PRODUCER_ID_MAPPING,
]);

/** The producer cannot go on. */
export function fail(producer: Producer, error: number): void {
  if (producer.idempotence.fatalError !== 0 || isRetriable(error)) return;
  producer.idempotence.fatalError = error;
  failForGood(producer, error);
  producer.notices.push({ type: 'fatal', error });
}

/** A batch that waited, already taken out of its queue, is given up: too old, or nothing can be sent any more. */
export function failWaiting(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  { batch, error }: Pick<BatchFailure, 'batch' | 'error'>,
): void {
  producer.counters.buffered -= batch.count;
  giveUp(producer, context, queue, { batch, error });
}

/** A batch that was never sent, already taken out of its queue, is dropped with its transaction. */
export function dropUnsent(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  failure: Pick<BatchFailure, 'batch' | 'error'>,
): void {
  producer.counters.buffered -= failure.batch.count;
  endFailed(producer, context, queue, failure);
}

/** `delivery.timeout.ms` is over for a batch under way. */
export function expireInFlight(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  batch: ProducerBatch,
): void {
  takeInFlight(queue, batch.id);
  producer.counters.inFlight -= batch.count;
  batch.maybeApplied = true;
  giveUp(producer, context, queue, { batch, error: ERROR_CODES.REQUEST_TIMED_OUT });
}

function giveUp(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  { batch, error }: Pick<BatchFailure, 'batch' | 'error'>,
): void {
  failBatch(producer, context, queue, { batch, error, canTell: false });
  if (hasSequence(batch) && batch.attempts > 0) noteUnresolved(producer.idempotence, queue);
}
