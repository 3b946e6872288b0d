import { consumerConfig, producerConfig } from '../api/config/client-checks.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import { assert } from '../base/assert.ts';
import {
  consumerPoll,
  consumerRevoked,
  consumerSubscribe,
  createConsumer,
  onConsumerDisconnect,
  onConsumerMessage,
  onConsumerTimer,
  takeConsumerNotices,
} from '../client/consumer/consumer.ts';
import type { Consumer, RecordSlice } from '../client/consumer/consumer-state.ts';
import { consumerGroupMetadata } from '../client/consumer/group-metadata.ts';
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
} from '../client/producer/producer.ts';
import type { Producer, ProducerNotice } from '../client/producer/producer-state.ts';
import type { GroupMetadata } from '../client/producer/transactions.ts';
import { bootstrapList, type Bootstrap } from '../client/programs/bootstrap.ts';
import { offsetsAfter, rewind } from '../client/programs/round.ts';
import { millis } from '../base/time.ts';
import { NONE } from '../protocol/errors.ts';
import { offsetAt } from '../protocol/record-batch.ts';
import type { NodeContext, Program } from '../sim/node-context.ts';

/** What a copier is started with. Frozen. */
export interface CopierConfig {
  /** Its `transactional.id` and `client.id`. */
  readonly id: string;
  readonly bootstrap: Bootstrap;
  readonly groupId: string;
  readonly from: string;
  readonly to: string;
  /** Every record is copied to each of these partitions. */
  readonly partitions: readonly number[];
  readonly transactionTimeoutMs: number;
  /** How long a transaction stays open after its records were sent. */
  readonly workMs: number;
  readonly consumer: ConfigOverrides;
}

interface Copy {
  readonly partition: number;
  readonly value: string;
}

export interface CopierMemory {
  readonly config: CopierConfig;
  readonly consumer: Consumer;
  readonly producer: Producer;
  /** What the present transaction is made of. */
  slices: readonly RecordSlice[];
  group: GroupMetadata;
  /** Copies that send() has not taken yet. */
  unsent: Copy[];
  /** Transactions of this life that ended so. */
  committed: number;
  aborted: number;
}

const WORK = 'work';

/**
 * An application that reads, processes and writes exactly once: each round of poll() is one transaction, with the offsets
 * of what was read. After an error it aborts and reads again; when its producer is fenced it ends.
 */
export const copierProgram: Program<CopierConfig, CopierMemory> = {
  kind: 'copier',

  start(context, config) {
    const consumer = consumerConfig(config.consumer);
    const producer = producerConfig({});
    assert(consumer.ok && producer.ok, 'a copier was given a configuration that nobody checked');
    const common = { clientId: config.id, bootstrap: bootstrapList(config.bootstrap) };
    const memory: CopierMemory = {
      config,
      consumer: createConsumer(context, {
        ...common,
        prefix: 'consumer',
        config: consumer.value,
        groupId: config.groupId,
      }),
      producer: createProducer(context, {
        ...common,
        prefix: 'producer',
        config: producer.value,
        transactionalId: config.id,
        transactionTimeoutMs: config.transactionTimeoutMs,
      }),
      slices: [],
      group: { groupId: config.groupId, generationId: -1, memberId: '', groupInstanceId: null },
      unsent: [],
      committed: 0,
      aborted: 0,
    };
    producerInitTransactions(memory.producer, context);
    followUp(memory, context);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    if (!onProducerMessage(memory.producer, context, connection, message))
      onConsumerMessage(memory.consumer, context, connection, message);
    followUp(memory, context);
  },

  onTimer(memory, context, name) {
    if (name === WORK) sendOffsets(memory, context);
    else if (!onProducerTimer(memory.producer, context, name))
      onConsumerTimer(memory.consumer, context, name);
    followUp(memory, context);
  },

  onDisconnect(memory, context, connection) {
    if (!onProducerDisconnect(memory.producer, context, connection))
      onConsumerDisconnect(memory.consumer, context, connection);
    followUp(memory, context);
  },

  onSignal(_memory, context) {
    context.exit();
  },
};

function poll(memory: CopierMemory, context: NodeContext): void {
  const { consumer, producer, config } = memory;
  memory.slices = consumerPoll(consumer, context);
  if (memory.slices.length === 0) return;
  memory.group = consumerGroupMetadata(consumer);
  assert(producerBeginTransaction(producer) === undefined, 'a transaction begins');
  memory.unsent = memory.slices.flatMap(({ name, batch, from, to }) =>
    Array.from({ length: to - from }, (_, i) => `${name}@${offsetAt(batch, from + i)}`).flatMap((value) =>
      config.partitions.map((partition) => ({ partition, value })),
    ),
  );
  send(memory, context);
}

function send(memory: CopierMemory, context: NodeContext): void {
  const { producer, config, unsent } = memory;
  for (let next = unsent[0]; next !== undefined; next = unsent[0]) {
    const record = { topic: config.to, key: null, ...next, timestamp: context.wallClockMs() };
    const result = producerSend(producer, context, record);
    if (result === 'would-block') return;
    if (result !== 'accepted') {
      abort(memory, context);
      return;
    }
    unsent.shift();
  }
  context.setTimer(WORK, millis(config.workMs));
}

function sendOffsets(memory: CopierMemory, context: NodeContext): void {
  const { producer, slices, group } = memory;
  const refusal = producerSendOffsets(producer, context, offsetsAfter(slices), group);
  if (refusal !== undefined) abort(memory, context);
}

function abort(memory: CopierMemory, context: NodeContext): void {
  memory.unsent = [];
  const refusal = producerAbortTransaction(memory.producer, context);
  if (refusal !== undefined) context.exit();
}

function followUp(memory: CopierMemory, context: NodeContext): void {
  for (;;) {
    const produced = takeProducerNotices(memory.producer);
    const consumed = takeConsumerNotices(memory.consumer);
    if (produced.length + consumed.length === 0) return;
    for (const notice of produced) followProducer(memory, context, notice);
    for (const notice of consumed) {
      if (notice.type === 'records-ready' && memory.consumer.inPoll) poll(memory, context);
      else if (notice.type === 'partitions-revoked') consumerRevoked(memory.consumer, context);
      else if (notice.type === 'fatal') context.exit();
    }
  }
}

function followProducer(memory: CopierMemory, context: NodeContext, notice: ProducerNotice): void {
  if (notice.type === 'fatal') context.exit();
  else if (notice.type === 'unblocked') send(memory, context);
  else if (notice.type === 'send-timed-out') abort(memory, context);
  else if (notice.type === 'transaction-call-timed-out') repeat(memory, context, notice);
  else if (notice.type === 'transaction-call-completed') goOn(memory, context, notice);
}

type OfCall<T extends string> = Extract<ProducerNotice, { readonly type: T }>;

function repeat(
  memory: CopierMemory,
  context: NodeContext,
  { call }: OfCall<'transaction-call-timed-out'>,
): void {
  const { producer } = memory;
  if (call === 'initTransactions') producerInitTransactions(producer, context);
  else if (call === 'commitTransaction') producerCommitTransaction(producer, context);
  else abort(memory, context);
}

function goOn(
  memory: CopierMemory,
  context: NodeContext,
  { call, error }: OfCall<'transaction-call-completed'>,
): void {
  const { producer, consumer, config } = memory;
  if (producer.idempotence.fatalError !== NONE) return;
  if (error !== NONE) {
    abort(memory, context);
    return;
  }
  if (call === 'initTransactions') consumerSubscribe(consumer, [config.from]);
  if (call === 'sendOffsetsToTransaction') {
    if (producerCommitTransaction(producer, context) !== undefined) abort(memory, context);
    return;
  }
  if (call === 'commitTransaction') memory.committed += 1;
  if (call === 'abortTransaction') {
    memory.aborted += 1;
    rewind(consumer, memory.slices);
  }
  poll(memory, context);
}
