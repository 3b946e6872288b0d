import { assert } from '../../base/assert.ts';
import { murmur2 } from '../../base/murmur2.ts';
import { nextUint32 } from '../../base/prng.ts';
import { millis } from '../../base/time.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ResponseMessage } from '../../protocol/message.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { handleMetadata, wantTopic } from '../network/metadata-refresh.ts';
import { partitionCount, type TopicMetadata } from '../network/cluster-metadata.ts';
import {
  bodyOf,
  closeNetwork,
  expireRequests,
  NEVER,
  ownsConnection,
  takeDisconnect,
  takeResponse,
  type Completion,
} from '../network/network-client.ts';
import { armSender } from './arm-sender.ts';
import { newProducer, type Producer, type ProducerNotice, type ProducerOptions } from './producer-state.ts';
import type { BlockedSend, ProducerRequest } from './producer-state.ts';
import { sizeUpperBound, type ProducerRecord } from './producer-batch.ts';
import { allBatchesFull, type PartitionQueue } from './partition-queue.ts';
import {
  append,
  batchRoom,
  beginFlush,
  CLOSED,
  endFlushIfDone,
  isSendable,
  NO_MEMORY,
  queueOf,
  topicQueues,
  type TopicQueues,
} from './record-accumulator.ts';
import { handleInitProducerId, handleProduce, runSender } from './sender.ts';
import { handleTransactionAnswer } from './transaction-answers.ts';
import { checkSend, type Refusal } from './transaction-state.ts';
import {
  begin,
  callAbort,
  callCommit,
  callInit,
  callSendOffsets,
  failTransaction,
  giveUpCall,
  isEndingForClose,
  notePartition,
  type GroupMetadata,
  type TxnOffsets,
} from './transactions.ts';
import { accountBytes, peekPartition } from './sticky-partitioner.ts';
import type { PartitionLeaders } from './sticky-state.ts';

/**
 * `accepted`: a notice will say what became of it. `would-block`: no memory, or no metadata yet; the owner
 * gets a notice when to try the same record again, or that `max.block.ms` is over. `too-large`: beyond
 * `max.request.size` or `buffer.memory`. `no-partition`: the given partition does not exist. `no-transaction`: none is
 * open, or it has to be aborted. `closed`: after close() or a fatal error.
 */
export type SendResult =
  'accepted' | 'would-block' | 'too-large' | 'no-partition' | 'no-transaction' | 'closed';

/** A producer that at once begins to fetch its identity. */
export function createProducer(context: NodeContext, options: ProducerOptions): Producer {
  const producer = newProducer(options);
  runSender(producer, context);
  return producer;
}

/** Hands one record over (`KafkaProducer.send`). The sender runs after the owner's present event. */
export function producerSend(producer: Producer, context: NodeContext, record: ProducerRecord): SendResult {
  const { transactions, idempotence } = producer;
  if (idempotence.fatalError !== NONE) return 'closed';
  const hasIdentity = idempotence.producerId >= 0;
  if (transactions !== null && checkSend(transactions.standing, record.topic, hasIdentity) !== undefined)
    return 'no-transaction';
  const metadata = producer.network.metadata.topics.get(record.topic);
  if (metadata === undefined || metadata.leaders.length === 0)
    return awaitMetadata(producer, context, record);
  if (isTooLarge(producer, record)) {
    // What an application wanted in its transaction would be missing there, so it can only be aborted.
    if (transactions !== null) failTransaction(transactions, ERROR_CODES.MESSAGE_TOO_LARGE, false);
    return 'too-large';
  }
  const topic = topicQueues(producer.accumulator, record.topic);
  const partition = partitionOf(producer, metadata, record);
  if (partition >= metadata.leaders.length) return 'no-partition';
  const grown =
    partition < 0
      ? appendSticky(producer, context, { topic, metadata, record })
      : appendTo(producer, context, queueOf(topic, partition), record);
  if (grown === NO_MEMORY) {
    const bytes = batchRoom(producer.accumulator, record);
    return block(producer, context, { bytes, topic: null });
  }
  if (grown === CLOSED) return 'closed';
  producer.blocked = null;
  producer.counters.sent += 1;
  producer.counters.buffered += 1;
  return 'accepted';
}

/** More than a batch and a record without headers take besides key and value. */
const OVERHEAD = 128;

/** The exact bound is only computed for records that come near the limit. */
function isTooLarge({ maxRecordSize }: Producer, record: ProducerRecord): boolean {
  const { key, value, headers } = record;
  const payload = (key === null ? 0 : key.length) + (value === null ? 0 : value.length);
  if (headers === undefined && payload + OVERHEAD <= maxRecordSize) return false;
  return sizeUpperBound(record) > maxRecordSize;
}

/** The partition given or given by the key; −1 for one of the sticky partitioner's choice. */
function partitionOf({ config }: Producer, { leaders }: TopicMetadata, record: ProducerRecord): number {
  if (record.partition !== undefined) return record.partition;
  if (record.key === null || config['partitioner.ignore.keys']) return -1;
  return (murmur2(record.key) & 0x7fffffff) % leaders.length;
}

function appendTo(
  producer: Producer,
  context: NodeContext,
  queue: PartitionQueue,
  record: ProducerRecord,
): number {
  const { accumulator } = producer;
  const now = context.now();
  const before = accumulator.incomplete;
  const ordinal = record.ordinal ?? producer.counters.sent;
  const grown = append(accumulator, queue, { record, ordinal, now });
  if (grown < 0) return grown;
  joinTransaction(producer, context, queue);
  if (isSendable(queue)) armSender(producer, context, now);
  else if (accumulator.incomplete > before) armSender(producer, context, now + accumulator.settings.linger);
  return grown;
}

/** The partition becomes part of the transaction with its first record. */
function joinTransaction(producer: Producer, context: NodeContext, queue: PartitionQueue): void {
  const { transactions, idempotence } = producer;
  if (transactions === null || idempotence.partitions === null) return;
  if (notePartition(transactions, idempotence.partitions, queue)) armSender(producer, context, context.now());
}

interface StickyAppend {
  readonly topic: TopicQueues;
  readonly metadata: TopicMetadata;
  readonly record: ProducerRecord;
}

function appendSticky(producer: Producer, context: NodeContext, target: StickyAppend): number {
  const { topic, record } = target;
  const { sticky } = topic;
  const metadata = sticky.rack === null ? target.metadata : withRacks(producer, target.metadata);
  // The stream is looked up by its name only when a partition is drawn, once for many records.
  const draw = (): number => nextUint32(context.prng(`${producer.network.prefix}:partitioner`)) >>> 1;
  let queue = queueOf(topic, peekPartition(sticky, metadata, draw));
  while (allBatchesFull(queue) && accountBytes(sticky, metadata, { bytes: 0, enableSwitch: true }, draw))
    queue = queueOf(topic, sticky.current);
  const bytes = appendTo(producer, context, queue, record);
  if (bytes > 0) accountBytes(sticky, metadata, { bytes, enableSwitch: allBatchesFull(queue) }, draw);
  return bytes;
}

function withRacks({ network }: Producer, { leaders }: TopicMetadata): PartitionLeaders {
  const { brokerRacks } = network.metadata;
  return { leaders, leaderRacks: leaders.map((leader) => brokerRacks.get(leader) ?? null) };
}

function awaitMetadata(producer: Producer, context: NodeContext, record: ProducerRecord): SendResult {
  wantTopic(producer.network, record.topic);
  armSender(producer, context, context.now());
  return block(producer, context, { bytes: 0, topic: record.topic });
}

function block(
  producer: Producer,
  context: NodeContext,
  { bytes, topic }: Pick<BlockedSend, 'bytes' | 'topic'>,
): SendResult {
  const { accumulator, network } = producer;
  if (accumulator.closed) return 'closed';
  let deadline = producer.blocked?.deadline;
  if (deadline === undefined) {
    const wait = millis(producer.config['max.block.ms']);
    context.setTimer(`${network.prefix}:block`, wait);
    deadline = context.now() + wait;
  }
  producer.blocked = { deadline, bytes, topic, told: false };
  accumulator.exhausted = bytes > 0;
  if (bytes > 0) armSender(producer, context, context.now());
  return 'would-block';
}

/** Sends all that waits without lingering; the notice `flushed` follows when all of it has its outcome. */
export function producerFlush(producer: Producer, context: NodeContext): void {
  beginFlush(producer.accumulator);
  afterwards(producer, context);
}

/** Takes no more records, sends what waits, and closes; the notice `closed` follows. */
export function producerClose(producer: Producer, context: NodeContext): void {
  producer.accumulator.closed = true;
  afterwards(producer, context);
}

/** Closes at once: what waits is lost, what is under way may still arrive (`close(Duration.ZERO)`). */
export function producerAbandon(producer: Producer, context: NodeContext): void {
  producer.accumulator.closed = true;
  shut(producer, context);
}

/** A call on the transaction: what it comes to is told by a notice, unless it is refused at once. */
type TransactionCall = (producer: Producer, context: NodeContext) => Refusal | undefined;

const transact =
  (call: TransactionCall): TransactionCall =>
  (producer, context) => {
    const refusal = call(producer, context);
    afterwards(producer, context);
    return refusal;
  };

/** Once, before the first transaction. Ends what an earlier producer of this id left open. */
export const producerInitTransactions = transact(callInit);
export const producerCommitTransaction = transact(callCommit);
export const producerAbortTransaction = transact(callAbort);
/** Asks nobody: a transaction is open at once. */
export const producerBeginTransaction = begin;

/** The group's offsets count when the transaction is committed. */
export function producerSendOffsets(
  producer: Producer,
  context: NodeContext,
  offsets: readonly TxnOffsets[],
  group: GroupMetadata,
): Refusal | undefined {
  const refusal = callSendOffsets(producer, context, offsets, group);
  afterwards(producer, context);
  return refusal;
}

export const producerOwns = (producer: Producer, connection: ConnectionId): boolean =>
  ownsConnection(producer.network, connection);

/** An answer. Returns false if the connection is not this producer's. */
export function onProducerMessage(
  producer: Producer,
  context: NodeContext,
  connection: ConnectionId,
  message: object,
): boolean {
  if (!producerOwns(producer, connection)) return false;
  const completion = takeResponse(producer.network, context, connection, message as ResponseMessage);
  if (completion !== undefined) handle(producer, context, completion);
  afterwards(producer, context);
  return true;
}

/** Returns false if the connection is not this producer's. */
export function onProducerDisconnect(
  producer: Producer,
  context: NodeContext,
  connection: ConnectionId,
): boolean {
  if (!producerOwns(producer, connection)) return false;
  for (const completion of takeDisconnect(producer.network, context, connection))
    handle(producer, context, completion);
  afterwards(producer, context);
  return true;
}

/** Returns false if the timer is not this producer's. */
export function onProducerTimer(producer: Producer, context: NodeContext, name: string): boolean {
  const { prefix } = producer.network;
  if (!name.startsWith(`${prefix}:`)) return false;
  if (name === `${prefix}:sender`) producer.senderAt = NEVER;
  if (name === `${prefix}:block`) giveUpBlocked(producer, context);
  if (name === `${prefix}:transaction`) giveUpCall(producer, context.now());
  for (const completion of expireRequests(producer.network, context)) handle(producer, context, completion);
  afterwards(producer, context);
  return true;
}

function giveUpBlocked(producer: Producer, context: NodeContext): void {
  if (producer.blocked === null || context.now() < producer.blocked.deadline) return;
  producer.blocked = null;
  producer.accumulator.exhausted = false;
  producer.notices.push({ type: 'send-timed-out' });
}

function handle(producer: Producer, context: NodeContext, completion: Completion<ProducerRequest>): void {
  const { network } = producer;
  const request = completion.request.context;
  switch (request.type) {
    case 'metadata':
      handleMetadata(network, context, bodyOf(completion, 'Metadata'));
      return;
    case 'init-producer-id':
      handleInitProducerId(producer, context, bodyOf(completion, 'InitProducerId'));
      return;
    case 'transaction':
      handleTransactionAnswer(producer, context, completion);
      return;
    case 'produce':
      handleProduce(producer, context, request.batches, {
        error: completion.error,
        response: bodyOf(completion, 'Produce'),
      });
      return;
  }
}

/** What follows every event: the sender's round, and what the owner may be waiting for. */
function afterwards(producer: Producer, context: NodeContext): void {
  const { accumulator } = producer;
  if (!producer.closed) runSender(producer, context);
  if (endFlushIfDone(accumulator)) producer.notices.push({ type: 'flushed' });
  unblock(producer);
  if (!accumulator.closed || accumulator.incomplete > 0 || producer.closed) return;
  if (isEndingForClose(producer)) {
    runSender(producer, context);
    return;
  }
  assert(producer.counters.inFlight === 0, 'closed with records under way');
  shut(producer, context);
  producer.notices.push({ type: 'closed' });
}

function shut(producer: Producer, context: NodeContext): void {
  producer.closed = true;
  closeNetwork(producer.network, context);
  for (const timer of ['sender', 'expiry', 'block', 'transaction'])
    context.cancelTimer(`${producer.network.prefix}:${timer}`);
}

function unblock(producer: Producer): void {
  const { blocked, accumulator, network } = producer;
  if (blocked === null || blocked.told || accumulator.available < blocked.bytes) return;
  if (blocked.topic !== null && partitionCount(network.metadata, blocked.topic) === 0) return;
  accumulator.exhausted = false;
  producer.blocked = { ...blocked, told: true };
  producer.notices.push({ type: 'unblocked' });
}

/** Takes what the producer has to tell since the last time. */
export function takeProducerNotices(producer: Producer): readonly ProducerNotice[] {
  const { notices } = producer;
  if (notices.length > 0) producer.notices = [];
  return notices;
}
