import { namesBy } from '../../base/names.ts';
import { millis, type SimTime } from '../../base/time.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { ERROR_CODES, isRetriable, NONE } from '../../protocol/errors.ts';
import type { InitProducerIdResponse } from '../../protocol/init-producer-id.ts';
import type { ProduceRequestTopicData, ProduceResponse } from '../../protocol/produce.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import {
  leaderEpochOf,
  leaderOf,
  partitionCount,
  type ClusterMetadata,
  type LedPartition,
} from '../network/cluster-metadata.ts';
import { leastLoadedBroker, maintainMetadata, requestMetadata } from '../network/metadata-refresh.ts';
import { isReady, NEVER, readyAt, sendRequest } from '../network/network-client.ts';
import { armSender } from './arm-sender.ts';
import { expireInFlight, fail, failWaiting } from './batch-failure.ts';
import { acknowledge, handleBatchAnswer } from './completion.ts';
import { checkReady, drain, type DrainedBatch, type LeaderView } from './drain.ts';
import { sealBatch } from './producer-batch.ts';
import type { Producer, ProducerRequest, SentBatch } from './producer-state.ts';
import { allQueues, existingQueue, takeExpired } from './record-accumulator.ts';
import { bumpEpoch, hasProducerId, resolveSequences } from './sequences.ts';
import { runTransaction } from './transaction-steps.ts';
import { failTransaction } from './transactions.ts';
import { versionOf } from './txn-versions.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);
const METADATA: ProducerRequest = Object.freeze({ type: 'metadata' });
const INIT_PRODUCER_ID: ProducerRequest = Object.freeze({ type: 'init-producer-id' });

class MetadataView implements LeaderView {
  private readonly metadata: ClusterMetadata;

  constructor(metadata: ClusterMetadata) {
    this.metadata = metadata;
  }

  leaderOf(topic: string, partition: number): number {
    return leaderOf(this.metadata, topic, partition);
  }

  leaderEpochOf(topic: string, partition: number): number {
    return leaderEpochOf(this.metadata, topic, partition);
  }

  ledBy(broker: number): readonly LedPartition[] {
    return this.metadata.led.get(broker) ?? [];
  }

  partitionCount(topic: string): number {
    return partitionCount(this.metadata, topic);
  }

  rackOf(broker: number): string | null {
    return this.metadata.brokerRacks.get(broker) ?? null;
  }
}

/** One round of the sender (`Sender.runOnce`): identity, expiry, and one request to every broker that is ready. */
export function runSender(producer: Producer, context: NodeContext): void {
  const { accumulator, idempotence, transactions } = producer;
  const mustAbort = resolveSequences(idempotence, allQueues(accumulator));
  if (transactions === null) {
    bumpEpoch(idempotence, allQueues(accumulator));
    maintainProducerId(producer, context);
  } else if (mustAbort) failTransaction(transactions, ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER, true);
  const isBusy = transactions !== null && runTransaction(producer, context, transactions);
  if (idempotence.fatalError !== NONE) abortWaiting(producer, context, idempotence.fatalError);
  else if (!isBusy) sendReadyBatches(producer, context);
  expireBatches(producer, context);
  maintainMetadata(producer.network, context, METADATA);
}

/** After a fatal error nothing is sent any more. */
function abortWaiting(producer: Producer, context: NodeContext, error: number): void {
  for (const queue of allQueues(producer.accumulator))
    for (const batch of takeExpired(queue, NEVER)) failWaiting(producer, context, queue, { batch, error });
}

function maintainProducerId(producer: Producer, context: NodeContext): void {
  const { idempotence, network } = producer;
  if (!idempotence.enabled || hasProducerId(idempotence) || idempotence.fatalError !== NONE) return;
  const now = context.now();
  if (producer.initProducerIdAt > now) {
    if (producer.initProducerIdAt !== NEVER) armSender(producer, context, producer.initProducerIdAt);
    return;
  }
  const destination = leastLoadedBroker(network, context);
  if (destination === undefined || !isReady(network, context, destination)) {
    armSender(producer, context, now + millis(network.settings.config['reconnect.backoff.ms']));
    return;
  }
  producer.initProducerIdAt = NEVER;
  const body = { transactionalId: null, transactionTimeoutMs: 0x7fffffff, producerId: -1, producerEpoch: -1 };
  sendRequest(network, context, { destination, api: 'InitProducerId', body, context: INIT_PRODUCER_ID });
}

/** Takes over the identity, or asks again after a while. */
export function handleInitProducerId(
  producer: Producer,
  context: NodeContext,
  response: InitProducerIdResponse | undefined,
): void {
  const error = response?.errorCode ?? ERROR_CODES.NETWORK_EXCEPTION;
  if (response !== undefined && error === NONE) {
    producer.idempotence.producerId = response.producerId;
    producer.idempotence.producerEpoch = response.producerEpoch;
    producer.initProducerIdAt = 0;
    return;
  }
  if (!isRetriable(error)) fail(producer, error);
  producer.initProducerIdAt = context.now() + millis(producer.network.settings.config['retry.backoff.ms']);
}

function sendReadyBatches(producer: Producer, context: NodeContext): void {
  const { accumulator, network, idempotence } = producer;
  const now = context.now();
  const view = new MetadataView(network.metadata);
  const check = checkReady(accumulator, view, now);
  if (check.unknownLeaderTopics.size > 0) requestMetadata(network);
  if (check.nextCheckIn !== NEVER) armSender(producer, context, now + check.nextCheckIn);
  const maxSize = producer.config['max.request.size'];
  for (const broker of [...check.brokers].sort((a, b) => a - b)) {
    const ready = isReady(network, context, broker);
    noteLatency(producer, broker, { now, ready });
    if (ready)
      sendBatches(producer, context, broker, drain(accumulator, idempotence, view, { broker, maxSize, now }));
    else armSender(producer, context, readyAt(network, broker));
  }
}

function noteLatency(
  { accumulator }: Producer,
  broker: number,
  { now, ready }: { readonly now: SimTime; readonly ready: boolean },
): void {
  if (accumulator.settings.availabilityTimeout === 0) return;
  const latency = accumulator.latency.get(broker) ?? { readyAt: now, drainedAt: now };
  latency.readyAt = now;
  if (ready) latency.drainedAt = now;
  accumulator.latency.set(broker, latency);
}

function sendBatches(
  producer: Producer,
  context: NodeContext,
  destination: number,
  drained: readonly DrainedBatch[],
): void {
  if (drained.length === 0) return;
  const { network, acks, counters } = producer;
  const batches: SentBatch[] = [];
  for (const { queue, batch } of drained) {
    if (network.settings.maxInFlight === 1) queue.muted = true;
    counters.buffered -= batch.count;
    counters.inFlight += batch.count;
    batches.push(Object.freeze({ topic: queue.topic, partition: queue.partition, id: batch.id }));
    tell(context, {
      type: 'batch-sent',
      partition: queue.name,
      count: batch.count,
      baseSequence: batch.baseSequence,
      attempt: batch.attempts + 1,
    });
  }
  const timeoutMs = producer.config['request.timeout.ms'];
  const transactionalId = producer.transactions?.standing.transactionalId ?? null;
  const body = { transactionalId, acks, timeoutMs, topicData: topicDataOf(producer, drained) };
  const request: ProducerRequest = Object.freeze({ type: 'produce', batches: Object.freeze(batches) });
  const version = versionOf('Produce', producer.transactions);
  const how = { context: request, oneWay: acks === 0, ...version };
  sendRequest(network, context, { destination, api: 'Produce', body, ...how });
  if (acks !== 0) return;
  for (const { queue, batch } of drained) {
    queue.muted = false;
    acknowledge(producer, context, queue, { batch, baseOffset: -1 });
  }
}

/** Partitions by topic, in the order in which they were drained. */
function topicDataOf(
  { network, transactions }: Producer,
  drained: readonly DrainedBatch[],
): ProduceRequestTopicData[] {
  const byTopic = new Map<string, DrainedBatch[]>();
  for (const item of drained) {
    const list = byTopic.get(item.queue.topic);
    if (list === undefined) byTopic.set(item.queue.topic, [item]);
    else list.push(item);
  }
  return [...byTopic].map(([topic, items]) => ({
    topicId: network.metadata.topics.get(topic)?.topicId ?? ZERO_UUID,
    partitionData: items.map(({ queue, batch }) => ({
      index: queue.partition,
      records: [sealBatch(batch, transactions !== null)],
    })),
  }));
}

/** The answer to a Produce request, or the error by which it was lost. */
export function handleProduce(
  producer: Producer,
  context: NodeContext,
  batches: readonly SentBatch[],
  answer: { readonly error: number; readonly response: ProduceResponse | undefined },
): void {
  const { metadata } = producer.network;
  for (const { topic, partition, id } of batches) {
    const topicId = metadata.topics.get(topic)?.topicId;
    const found = answer.response?.responses
      .find((response) => response.topicId === topicId)
      ?.partitionResponses.find((response) => response.index === partition);
    const lost = answer.response === undefined ? answer.error : ERROR_CODES.UNKNOWN_TOPIC_ID;
    handleBatchAnswer(producer, context, existingQueue(producer.accumulator, topic, partition), {
      id,
      answer: found ?? { errorCode: lost, baseOffset: -1, logStartOffset: -1 },
    });
  }
}

/** Fails what is older than `delivery.timeout.ms`, under way or waiting. */
function expireBatches(producer: Producer, context: NodeContext): void {
  const { accumulator } = producer;
  const now = context.now();
  if (now < accumulator.nextExpiryAt) {
    watchExpiry(producer, context);
    return;
  }
  const { deliveryTimeout } = accumulator.settings;
  const expiresBefore = now - deliveryTimeout;
  let oldest = now;
  for (const queue of allQueues(accumulator)) {
    for (const batch of queue.inFlight.filter((sent) => sent.createdAt <= expiresBefore))
      expireInFlight(producer, context, queue, batch);
    for (const batch of takeExpired(queue, expiresBefore))
      failWaiting(producer, context, queue, { batch, error: ERROR_CODES.REQUEST_TIMED_OUT });
    for (const batch of queue.inFlight) oldest = Math.min(oldest, batch.createdAt);
    oldest = Math.min(oldest, queue.waiting[0]?.createdAt ?? now);
  }
  accumulator.nextExpiryAt = oldest + deliveryTimeout;
  watchExpiry(producer, context);
}

const expiryTimer = namesBy((prefix: string) => `${prefix}:expiry`);

/** A timer of its own: that of the sender is moved forward by every retry, and would forget what is minutes away. */
function watchExpiry({ accumulator, network }: Producer, context: NodeContext): void {
  if (accumulator.incomplete === 0) return;
  const timer = expiryTimer(network.prefix);
  if (context.hasTimer(timer)) return;
  context.setTimer(timer, Math.max(accumulator.nextExpiryAt - context.now(), 0));
}
