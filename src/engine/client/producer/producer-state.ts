import { millis, type SimTime } from '../../base/time.ts';
import type { ProducerConfig } from '../../api/config/client-config.ts';
import type { NodeId } from '../../sim/event.ts';
import { newNetworkClient, NEVER, type NetworkClient } from '../network/network-client.ts';
import { newAccumulator, type RecordAccumulator } from './record-accumulator.ts';
import { newIdempotence, type Idempotence } from './sequences.ts';
import { newTransactions, type Transactions, type WaitingCall } from './transactions.ts';

/** What one of the producer's requests was for. */
export type ProducerRequest =
  | { readonly type: 'metadata' }
  | { readonly type: 'init-producer-id' }
  | { readonly type: 'transaction' }
  | { readonly type: 'produce'; readonly batches: readonly SentBatch[] };

export interface SentBatch {
  readonly topic: string;
  readonly partition: number;
  readonly id: number;
}

/**
 * What became of a batch's records. `acknowledged`: as many replicas have them as `acks` asked for. `failed`: no replica
 * took them. `unknown`: an attempt was not answered, so they may or may not be in the log.
 */
export type Outcome = 'acknowledged' | 'failed' | 'unknown';

/** What a producer has to tell its owner. Immutable; taken with `takeProducerNotices`. */
export type ProducerNotice =
  | {
      readonly type: 'batch-completed';
      readonly topic: string;
      readonly partition: number;
      readonly outcome: Outcome;
      /** NONE when acknowledged. */
      readonly error: number;
      /** −1 when the broker did not say (acks=0, or a duplicate it no longer knows). */
      readonly baseOffset: number;
      /** By which number the owner knows each record; the one at index i got offset baseOffset + i. */
      readonly ordinals: readonly number[];
    }
  /** A send() that would have blocked may be tried again. */
  | { readonly type: 'unblocked' }
  /** `max.block.ms` is over; the record was not taken. */
  | { readonly type: 'send-timed-out' }
  /** Everything that was appended before flush() has its outcome. */
  | { readonly type: 'flushed' }
  /** What a call on a transaction came to: NONE, or the error by which the transaction or the producer has failed. */
  | { readonly type: 'transaction-call-completed'; readonly call: WaitingCall; readonly error: number }
  /** `max.block.ms` is over; the call may be repeated, and goes on where it is. */
  | { readonly type: 'transaction-call-timed-out'; readonly call: WaitingCall }
  /** close() is done: nothing is left, the connections are closed. */
  | { readonly type: 'closed' }
  | { readonly type: 'fatal'; readonly error: number };

export interface ProducerCounters {
  /** Records taken by send(). */
  sent: number;
  /** Of these: waiting in a batch; on the way to a broker. */
  buffered: number;
  inFlight: number;
  acknowledged: number;
  failed: number;
  unknown: number;
}

/** A producer as plain data. Its owner routes messages, timers and disconnects to it, see `producer.ts`. */
export interface Producer {
  readonly network: NetworkClient<ProducerRequest>;
  readonly config: ProducerConfig;
  /** −1 all, 0 nobody, 1 the leader. */
  readonly acks: number;
  readonly accumulator: RecordAccumulator;
  readonly idempotence: Idempotence;
  /** Null without a transactional id. */
  readonly transactions: Transactions | null;
  readonly counters: ProducerCounters;
  notices: ProducerNotice[];
  /** A send() that would block: until when, and whether for memory or for the metadata of a topic. */
  blocked: BlockedSend | null;
  /** Bytes of the largest record that send() takes. */
  readonly maxRecordSize: number;
  /** When the sender's timer rings, NEVER if it is not set. */
  senderAt: SimTime;
  /** Not before then a new InitProducerId is sent; NEVER while one is under way. */
  initProducerIdAt: SimTime;
  closed: boolean;
}

export interface BlockedSend {
  readonly deadline: SimTime;
  readonly bytes: number;
  /** Null when only memory is missing. */
  readonly topic: string | null;
  /** The owner knows that it may try again. */
  readonly told: boolean;
}

export interface ProducerOptions {
  /** Of its timers and PRNG streams; unique among the clients of a node. */
  readonly prefix: string;
  readonly clientId: string;
  readonly bootstrap: readonly (readonly [brokerId: number, node: NodeId])[];
  /** As `producerConfig` gives it: checked, acks as a number. */
  readonly config: ProducerConfig;
  /** `transactional.id`, for a producer that works in transactions. */
  readonly transactionalId?: string;
  /** `transaction.timeout.ms`; a minute unless given. */
  readonly transactionTimeoutMs?: number;
}

const TRANSACTION_TIMEOUT_MS = 60_000;

/** A producer that has not sent anything yet. */
export function newProducer(options: ProducerOptions): Producer {
  const { prefix, clientId, bootstrap, config, transactionalId } = options;
  const timeoutMs = options.transactionTimeoutMs ?? TRANSACTION_TIMEOUT_MS;
  return {
    network: newNetworkClient(prefix, {
      clientId,
      bootstrap,
      config,
      autoCreateTopics: true,
      maxInFlight: config['max.in.flight.requests.per.connection'],
    }),
    config,
    acks: Number(config.acks),
    accumulator: newAccumulator({
      batchSize: Math.max(config['batch.size'], 1),
      linger: millis(config['linger.ms']),
      deliveryTimeout: millis(config['delivery.timeout.ms']),
      totalMemory: config['buffer.memory'],
      adaptivePartitioning: config['partitioner.adaptive.partitioning.enable'],
      availabilityTimeout: millis(config['partitioner.availability.timeout.ms']),
      rack: config['partitioner.rack.aware'] && config['client.rack'] !== '' ? config['client.rack'] : null,
    }),
    idempotence: newIdempotence(config['enable.idempotence'], transactionalId !== undefined),
    transactions: transactionalId === undefined ? null : newTransactions(transactionalId, timeoutMs),
    counters: { sent: 0, buffered: 0, inFlight: 0, acknowledged: 0, failed: 0, unknown: 0 },
    notices: [],
    blocked: null,
    maxRecordSize: Math.min(config['max.request.size'], config['buffer.memory']),
    senderAt: NEVER,
    initProducerIdAt: 0,
    closed: false,
  };
}
