import { producerConfig } from '../../../api/config/client-checks.ts';
import type { ConfigOverrides } from '../../../api/config/config-key.ts';
import { assert } from '../../../base/assert.ts';
import {
  createProducer,
  onProducerDisconnect,
  onProducerMessage,
  onProducerTimer,
  producerFlush,
  producerSend,
  takeProducerNotices,
} from '../../../client/producer/producer.ts';
import type { Producer, ProducerNotice } from '../../../client/producer/producer-state.ts';
import type { ProducerRecord } from '../../../client/producer/producer-batch.ts';
import { bootstrapList, type Bootstrap } from '../../../client/programs/bootstrap.ts';
import { NONE } from '../../../protocol/errors.ts';
import type { NodeContext, Program } from '../../../sim/node-context.ts';

export interface TransactionalClientConfig {
  readonly id: string;
  readonly bootstrap: Bootstrap;
  readonly transactionalId: string;
  readonly transactionTimeoutMs: number;
  readonly overrides: ConfigOverrides;
}

/** What the call came to that the script waits for. */
export type CallOutcome =
  { readonly kind: 'error'; readonly error: number } | { readonly kind: 'timed-out' | 'refused' };

export interface TransactionalClientMemory {
  readonly producer: Producer;
  /** Records that send() has not taken yet. */
  unsent: ProducerRecord[];
  /** The first error of a record's own future, NONE if there is none. */
  recordError: number;
  /** Null while the call goes on. */
  outcome: CallOutcome | null;
}

/** A process with one transactional producer, whose application does what a script says. */
export const transactionalClient: Program<TransactionalClientConfig, TransactionalClientMemory> = {
  kind: 'transactional-client',

  start(context, { id, bootstrap, transactionalId, transactionTimeoutMs, overrides }) {
    const parsed = producerConfig(overrides);
    assert(parsed.ok, 'a script gave a producer a configuration that it refuses');
    const producer = createProducer(context, {
      prefix: 'producer',
      clientId: id,
      bootstrap: bootstrapList(bootstrap),
      config: parsed.value,
      transactionalId,
      transactionTimeoutMs,
    });
    return { producer, unsent: [], recordError: NONE, outcome: null };
  },

  onMessage(memory, context, connection, message) {
    onProducerMessage(memory.producer, context, connection, message);
    followUp(memory, context);
  },

  onTimer(memory, context, name) {
    onProducerTimer(memory.producer, context, name);
    followUp(memory, context);
  },

  onDisconnect(memory, context, connection) {
    onProducerDisconnect(memory.producer, context, connection);
    followUp(memory, context);
  },

  onSignal: () => undefined,
};

/** Hands over what is left, and flushes once all is taken. */
export function sendRest(memory: TransactionalClientMemory, context: NodeContext): void {
  const { producer, unsent } = memory;
  for (let next = unsent[0]; next !== undefined; next = unsent[0]) {
    const result = producerSend(producer, context, next);
    if (result === 'would-block') return;
    if (result !== 'accepted') {
      memory.outcome = { kind: 'refused' };
      return;
    }
    unsent.shift();
  }
  producerFlush(producer, context);
}

/** Takes what the producer has to tell. */
export function followUp(memory: TransactionalClientMemory, context: NodeContext): void {
  let notices = takeProducerNotices(memory.producer);
  while (notices.length > 0) {
    for (const notice of notices) follow(memory, context, notice);
    notices = takeProducerNotices(memory.producer);
  }
}

function follow(memory: TransactionalClientMemory, context: NodeContext, notice: ProducerNotice): void {
  switch (notice.type) {
    case 'batch-completed':
      if (memory.recordError === NONE) memory.recordError = notice.error;
      return;
    case 'flushed':
      memory.outcome = { kind: 'error', error: memory.recordError };
      return;
    case 'unblocked':
      sendRest(memory, context);
      return;
    case 'transaction-call-completed':
      memory.outcome = { kind: 'error', error: notice.error };
      return;
    case 'transaction-call-timed-out':
    case 'send-timed-out':
      memory.outcome = { kind: 'timed-out' };
      return;
    case 'closed':
    case 'fatal':
  }
}
