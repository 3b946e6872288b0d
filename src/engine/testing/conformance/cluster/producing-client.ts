import { producerConfig } from '../../../api/config/client-checks.ts';
import type { ConfigOverrides } from '../../../api/config/config-key.ts';
import { assert } from '../../../base/assert.ts';
import { millis } from '../../../base/time.ts';
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
import { bootstrapList, type Bootstrap } from '../../../client/programs/bootstrap.ts';
import { ERROR_CODES, NONE } from '../../../protocol/errors.ts';
import type { NodeContext, Program } from '../../../sim/node-context.ts';
import type { Place } from './reader.ts';

export interface ProducingClientConfig {
  readonly id: string;
  readonly bootstrap: Bootstrap;
  /** Null for a producer without transactions. */
  readonly transactional: { readonly transactionalId: string; readonly transactionTimeoutMs: number } | null;
  readonly overrides: ConfigOverrides;
}

/** What the call came to that the script waits for. */
export type CallOutcome =
  { readonly kind: 'error'; readonly error: number } | { readonly kind: 'timed-out' | 'refused' };

/** One record's value, and where it goes. */
export interface Wanted {
  readonly to: Place;
  readonly value: string;
}

export interface ProducingClientMemory {
  readonly producer: Producer;
  /** All that was handed to send(), by ordinal. */
  readonly wanted: Wanted[];
  /** How many of them send() is done with. */
  taken: number;
  /** One record after the other until told to stop; null: none. */
  background: { readonly to: Place; readonly prefix: string; readonly everyMs: number; next: number } | null;
  readonly acknowledged: string[];
  /** Error codes of the other records' futures, in order of completion. */
  failed: number[];
  /** Null while the call goes on. */
  outcome: CallOutcome | null;
}

const TICK = 'tick';

/** A process with one producer, whose application does what a script says. */
export const producingClient: Program<ProducingClientConfig, ProducingClientMemory> = {
  kind: 'producing-client',

  start(context, { id, bootstrap, transactional, overrides }) {
    const parsed = producerConfig(overrides);
    assert(parsed.ok, 'a script gave a producer a configuration that it refuses');
    const producer = createProducer(context, {
      prefix: 'producer',
      clientId: id,
      bootstrap: bootstrapList(bootstrap),
      config: parsed.value,
      ...transactional,
    });
    const nothing = { wanted: [], taken: 0, background: null, acknowledged: [], failed: [], outcome: null };
    return { producer, ...nothing };
  },

  onMessage(memory, context, connection, message) {
    onProducerMessage(memory.producer, context, connection, message);
    followUp(memory, context);
  },

  onTimer(memory, context, name) {
    if (name === TICK) tick(memory, context);
    else onProducerTimer(memory.producer, context, name);
    followUp(memory, context);
  },

  onDisconnect(memory, context, connection) {
    onProducerDisconnect(memory.producer, context, connection);
    followUp(memory, context);
  },

  onSignal: () => undefined,
};

/** Hands over all that was asked for and awaits their results: `outcome` says when. */
export function sendAll(memory: ProducingClientMemory, context: NodeContext): void {
  if (!sendRest(memory, context)) return;
  if (memory.background === null) producerFlush(memory.producer, context);
}

/** Returns whether send() is done with everything. */
function sendRest(memory: ProducingClientMemory, context: NodeContext): boolean {
  const { producer, wanted } = memory;
  for (let next = wanted[memory.taken]; next !== undefined; next = wanted[memory.taken]) {
    const record = { ...next.to, key: null, value: next.value, timestamp: context.wallClockMs() };
    const result = producerSend(producer, context, { ...record, ordinal: memory.taken });
    if (result === 'would-block') return false;
    if (result === 'too-large') memory.failed.push(ERROR_CODES.MESSAGE_TOO_LARGE);
    else if (result !== 'accepted') {
      memory.taken = wanted.length;
      memory.outcome = { kind: 'refused' };
      return false;
    }
    memory.taken += 1;
  }
  return true;
}

/** Begins to send one record after the other. */
export function sendInBackground(
  memory: ProducingClientMemory,
  context: NodeContext,
  what: { readonly to: Place; readonly prefix: string; readonly everyMs: number },
): void {
  memory.background = { ...what, next: 0 };
  tick(memory, context);
}

/** Sends no more, and awaits all results. */
export function stopBackground(memory: ProducingClientMemory, context: NodeContext): void {
  memory.background = null;
  context.cancelTimer(TICK);
  sendAll(memory, context);
}

function tick(memory: ProducingClientMemory, context: NodeContext): void {
  const { background } = memory;
  if (background === null) return;
  context.setTimer(TICK, millis(background.everyMs));
  if (memory.taken < memory.wanted.length) return; // The thread stands in send().
  memory.wanted.push({ to: background.to, value: `${background.prefix}${background.next}` });
  background.next += 1;
  sendAll(memory, context);
}

/** Takes what the producer has to tell. */
export function followUp(memory: ProducingClientMemory, context: NodeContext): void {
  let notices = takeProducerNotices(memory.producer);
  while (notices.length > 0) {
    for (const notice of notices) follow(memory, context, notice);
    notices = takeProducerNotices(memory.producer);
  }
}

function follow(memory: ProducingClientMemory, context: NodeContext, notice: ProducerNotice): void {
  switch (notice.type) {
    case 'batch-completed':
      noteRecords(memory, notice);
      return;
    case 'flushed':
      memory.outcome = { kind: 'error', error: memory.failed[0] ?? NONE };
      return;
    case 'unblocked':
      sendAll(memory, context);
      return;
    case 'send-timed-out':
      memory.taken += 1;
      memory.failed.push(ERROR_CODES.REQUEST_TIMED_OUT);
      sendAll(memory, context);
      return;
    case 'transaction-call-completed':
      memory.outcome = { kind: 'error', error: notice.error };
      return;
    case 'transaction-call-timed-out':
      memory.outcome = { kind: 'timed-out' };
      return;
    case 'closed':
    case 'fatal':
  }
}

function noteRecords(
  { wanted, acknowledged, failed }: ProducingClientMemory,
  { error, ordinals }: Extract<ProducerNotice, { readonly type: 'batch-completed' }>,
): void {
  for (const ordinal of ordinals)
    if (error === NONE) acknowledged.push(wanted[ordinal]?.value ?? '');
    else failed.push(error);
}
