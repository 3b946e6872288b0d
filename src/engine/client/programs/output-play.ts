import { producerConfig } from '../../api/config/client-checks.ts';
import type { OutputSpec } from '../../api/scenario.ts';
import { lacks } from '../../api/improvements.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { assert } from '../../base/assert.ts';
import { errorName, NONE } from '../../protocol/errors.ts';
import { timestampAt } from '../../protocol/record-batch.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { consumerGroupMetadata } from '../consumer/group-metadata.ts';
import {
  createProducer,
  onProducerDisconnect,
  onProducerMessage,
  onProducerTimer,
  producerAbortTransaction,
  producerBeginTransaction,
  producerCommitTransaction,
  producerInitTransactions,
  producerSend,
  producerSendOffsets,
  takeProducerNotices,
} from '../producer/producer.ts';
import type { Producer, ProducerNotice } from '../producer/producer-state.ts';
import type { ProducerRecord } from '../producer/producer-batch.ts';
import type { GroupMetadata } from '../producer/transactions.ts';
import { bootstrapList } from './bootstrap.ts';
import { reportDone, type ConsumerMemory, type ConsumerProgramConfig } from './consumer-memory.ts';
import { offsetsAfter, rewind } from './round.ts';

/**
 * What a member writes: each round of poll() is one transaction, with every record that it read written again, and with the
 * offsets of what it read. Plain data.
 */
export interface OutputPlay {
  readonly spec: OutputSpec;
  readonly producer: Producer;
  /** As whom the present round was read. */
  group: GroupMetadata;
  /** Records of the round that send() has not taken yet. */
  unsent: ProducerRecord[];
  /**
   * `starting`: initTransactions has not returned; `ready`: no round is open; `working`: nothing of it was written yet;
   * `sending`, `ending`, `aborting`: what is under way; `ended`: the producer can do no more.
   */
  phase: 'starting' | 'ready' | 'working' | 'sending' | 'ending' | 'aborting' | 'ended';
  /** Rounds of this life that were aborted: each was read again. */
  aborted: number;
}

const NOBODY = { generationId: -1, memberId: '', groupInstanceId: null };

type Member = ConsumerMemory & { readonly output: OutputPlay };

export function newOutput(context: NodeContext, config: ConsumerProgramConfig, spec: OutputSpec): OutputPlay {
  const parsed = producerConfig(spec.config);
  assert(parsed.ok, 'a member was given a producer configuration that nobody checked');
  const producer = createProducer(context, {
    prefix: 'producer',
    clientId: config.id,
    bootstrap: bootstrapList(config.bootstrap),
    config: parsed.value,
    transactionalId: config.id,
    transactionTimeoutMs: parsed.value['transaction.timeout.ms'],
  });
  producerInitTransactions(producer, context);
  const group = Object.freeze({ groupId: config.groupId, ...NOBODY });
  return { spec, producer, group, unsent: [], phase: 'starting', aborted: 0 };
}

/**
 * A message over a connection, a timer by its name, or else the end of a connection. Returns false if it is none of the
 * producer's.
 */
export function onOutputEvent(
  { producer }: OutputPlay,
  context: NodeContext,
  of: string | ConnectionId,
  message?: object,
): boolean {
  if (typeof of === 'string') return onProducerTimer(producer, context, of);
  return message === undefined
    ? onProducerDisconnect(producer, context, of)
    : onProducerMessage(producer, context, of, message);
}

/** poll() has returned records: their transaction begins. Before KIP-447 nobody said who had read them. */
export function beginRound({ output, consumer, config }: Member): void {
  assert(producerBeginTransaction(output.producer) === undefined, 'a transaction begins');
  output.phase = 'working';
  output.group = lacks(config.before, 'KIP-447')
    ? Object.freeze({ groupId: config.groupId, ...NOBODY })
    : consumerGroupMetadata(consumer);
}

/** The work is done: writes what came of it. */
export function writeRound(memory: Member, context: NodeContext): void {
  const { output, working } = memory;
  output.phase = 'sending';
  output.unsent = working.flatMap(({ batch, from, to }) =>
    Array.from({ length: to - from }, (_, i) => ({
      topic: output.spec.topic,
      key: batch.records.keys[from + i] ?? null,
      value: batch.records.values[from + i] ?? null,
      timestamp: timestampAt(batch, from + i),
    })),
  );
  send(memory, context);
}

function send(memory: Member, context: NodeContext): void {
  const { output } = memory;
  for (let next = output.unsent[0]; next !== undefined; next = output.unsent[0]) {
    const result = producerSend(output.producer, context, next);
    if (result === 'would-block') return;
    if (result !== 'accepted') {
      abort(memory, context);
      return;
    }
    output.unsent.shift();
  }
  sendOffsets(memory, context);
}

/** Where the group is to go on counts only if the transaction does. */
function sendOffsets(memory: Member, context: NodeContext): void {
  const { output, working } = memory;
  output.phase = 'ending';
  if (producerSendOffsets(output.producer, context, offsetsAfter(working), output.group) !== undefined)
    abort(memory, context);
}

function abort({ output }: Member, context: NodeContext): void {
  if (output.phase === 'ended') return;
  output.phase = 'aborting';
  output.unsent = [];
  // What cannot be aborted has failed for good, and a notice says so.
  if (producerAbortTransaction(output.producer, context) !== undefined) output.phase = 'ended';
}

/** Takes what the producer has to tell. Returns whether the next round may begin. */
export function followOutput(memory: Member, context: NodeContext): boolean {
  let isReady = false;
  const { producer } = memory.output;
  for (let told = takeProducerNotices(producer); told.length > 0; told = takeProducerNotices(producer))
    for (const notice of told) isReady = follow(memory, context, notice) || isReady;
  return isReady;
}

function follow(memory: Member, context: NodeContext, notice: ProducerNotice): boolean {
  switch (notice.type) {
    case 'unblocked':
      if (memory.output.phase === 'sending') send(memory, context);
      return false;
    case 'send-timed-out':
      abort(memory, context);
      return false;
    case 'fatal':
      giveUp(memory, context, errorName(notice.error));
      return false;
    case 'transaction-call-timed-out':
      repeat(memory, context, notice.call);
      return false;
    case 'transaction-call-completed':
      return goOn(memory, context, notice);
    default:
      return false;
  }
}

/** A fenced producer cannot go on, and its application ends. */
function giveUp({ output }: Member, context: NodeContext, error: string): void {
  const data: TraceEventData = { type: 'client-failed', error };
  output.phase = 'ended';
  context.trace(data);
  context.exit();
}

type OfCall = Extract<ProducerNotice, { readonly type: 'transaction-call-completed' }>;

/** A call that took longer than `max.block.ms` is made again, as Kafka asks for. */
function repeat(memory: Member, context: NodeContext, call: OfCall['call']): void {
  const { producer } = memory.output;
  if (call === 'initTransactions') producerInitTransactions(producer, context);
  else if (call === 'commitTransaction') producerCommitTransaction(producer, context);
  else abort(memory, context);
}

function goOn(memory: Member, context: NodeContext, { call, error }: OfCall): boolean {
  const { output } = memory;
  if (output.producer.idempotence.fatalError !== NONE) return false;
  if (error !== NONE) {
    abort(memory, context);
    return false;
  }
  if (call === 'sendOffsetsToTransaction') {
    if (producerCommitTransaction(output.producer, context) !== undefined) abort(memory, context);
    return false;
  }
  if (call === 'commitTransaction') for (const slice of memory.working) reportDone(memory, context, slice);
  if (call === 'abortTransaction') {
    output.aborted += 1;
    rewind(memory.consumer, memory.working);
  }
  memory.working = [];
  output.phase = 'ready';
  return true;
}
