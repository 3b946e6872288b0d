import { STREAMS_TRANSACTION_TIMEOUT_MS } from '../../api/config/client-checks.ts';
import type { CommitOffset } from '../../client/consumer/consumer-state.ts';
import { consumerLeavePoll } from '../../client/consumer/consumer.ts';
import {
  createProducer,
  producerAbandon,
  producerAbortTransaction,
  producerBeginTransaction,
  producerCommitTransaction,
  producerInitTransactions,
  producerSendOffsets,
} from '../../client/producer/producer.ts';
import type { Producer } from '../../client/producer/producer-state.ts';
import type { GroupMetadata, TxnOffsets } from '../../client/producer/transactions.ts';
import { bootstrapList } from '../../client/programs/bootstrap.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { randomUuid } from '../../protocol/uuid.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import { embeddedProducerConfig, type StreamsInstanceConfig } from './instance-config.ts';
import type { StreamsMemory } from './instance-memory.ts';

/**
 * - `new`: no task has needed the producer yet
 * - `starting`: initTransactions() has not returned
 * - `ready`: no transaction is open
 * - `open`: records or offsets belong to it
 * - `aborting`: the coordinator has not answered
 */
export type TransactionPhase = 'new' | 'starting' | 'ready' | 'open' | 'aborting';

/** The transactions of a stream thread under exactly_once_v2 (`StreamsProducer`). Plain data. */
export interface ThreadTransactions {
  readonly transactionalId: string;
  phase: TransactionPhase;
  /** This instance as the group knew it when it gave out its tasks: what fences an instance that has lost them. */
  group: GroupMetadata;
  /** By which the present transaction is lost; NONE while all is well. */
  error: number;
}

const PROCESS_FILE = 'kafka-streams-process-metadata';

/** Who this process is, over all its lives on this disk (`StateDirectory.initializeProcessId`). */
function processId(context: NodeContext): string {
  const { values } = context.disk;
  const found = values.get(PROCESS_FILE) as string | undefined;
  const id = found ?? randomUuid(context.prng('process-id'));
  if (found === undefined) values.set(PROCESS_FILE, id);
  return id;
}

/** Null under at_least_once. */
export function newThreadTransactions(
  context: NodeContext,
  config: StreamsInstanceConfig,
): ThreadTransactions | null {
  if (!planOf(config).exactlyOnce) return null;
  const { applicationId: groupId } = config;
  return {
    transactionalId: `${groupId}-${processId(context)}-1`,
    phase: 'new',
    group: Object.freeze({ groupId, generationId: -1, memberId: '', groupInstanceId: null }),
    error: NONE,
  };
}

export function newThreadProducer(
  context: NodeContext,
  config: StreamsInstanceConfig,
  transactions: ThreadTransactions | null,
): Producer {
  return createProducer(context, {
    prefix: 'producer',
    clientId: `${config.applicationId}-${config.instance}-producer`,
    bootstrap: bootstrapList(config.bootstrap),
    config: embeddedProducerConfig(planOf(config).settings),
    ...(transactions !== null && {
      transactionalId: transactions.transactionalId,
      transactionTimeoutMs: STREAMS_TRANSACTION_TIMEOUT_MS,
    }),
  });
}

/** The thread stands in a call on its producer, or has none that could work in transactions. */
export const waitsForTransactions = ({ transactions }: StreamsMemory): boolean =>
  transactions?.phase === 'starting' || transactions?.phase === 'aborting';

/** Whether tasks may begin. The first that wants to makes the producer end what an earlier life left open. */
export function readyForTasks(memory: StreamsMemory, context: NodeContext): boolean {
  const { transactions } = memory;
  if (transactions === null || transactions.phase === 'ready' || transactions.phase === 'open') return true;
  if (transactions.phase === 'new') startTransactions(memory, context);
  return false;
}

/** Calls initTransactions(), or calls it again after `max.block.ms`. */
export function startTransactions(memory: StreamsMemory, context: NodeContext): void {
  if (memory.transactions === null) return;
  memory.transactions.phase = 'starting';
  consumerLeavePoll(memory.main, context);
  producerInitTransactions(memory.producer, context);
}

/** Remembers as whom this instance was given its tasks (`Consumer.groupMetadata`). */
export function rememberGroup({ transactions, main, config }: StreamsMemory): void {
  if (transactions === null) return;
  const { generationId, memberId } = main.membership;
  transactions.group = Object.freeze({
    groupId: config.applicationId,
    generationId,
    memberId,
    groupInstanceId: main.groupInstanceId,
  });
}

/** Before the first record: whether the thread has a transaction to put it into, or needs none. */
export function openTransaction({ transactions, producer }: StreamsMemory): boolean {
  if (transactions === null || transactions.phase === 'open') return true;
  if (transactions.phase !== 'ready') return false;
  transactions.phase = 'open';
  if (producerBeginTransaction(producer) !== undefined) loseTransaction(transactions, errorOf(producer));
  return transactions.error === NONE;
}

/** The present transaction cannot be committed any more, by the first error that said so. */
export function loseTransaction(transactions: ThreadTransactions, error: number): void {
  const isPresent = transactions.phase === 'ready' || transactions.phase === 'open';
  if (isPresent && transactions.error === NONE) transactions.error = error;
}

/** Why the producer takes nothing more into its transaction. */
export function errorOf({ transactions, idempotence }: Producer): number {
  if (idempotence.fatalError !== NONE) return idempotence.fatalError;
  const error = transactions?.standing.lastError ?? NONE;
  return error === NONE ? ERROR_CODES.TRANSACTION_ABORTABLE : error;
}

/** The offsets go with the transaction (`sendOffsetsToTransaction`). */
export function sendOffsets(
  { transactions, producer }: StreamsMemory,
  context: NodeContext,
  offsets: readonly CommitOffset[],
): void {
  if (transactions === null) return;
  const refused = producerSendOffsets(producer, context, byTopic(offsets), transactions.group);
  if (refused !== undefined) loseTransaction(transactions, errorOf(producer));
}

export function commitTransaction({ transactions, producer }: StreamsMemory, context: NodeContext): void {
  if (transactions === null) return;
  if (producerCommitTransaction(producer, context) !== undefined)
    loseTransaction(transactions, errorOf(producer));
}

function byTopic(offsets: readonly CommitOffset[]): TxnOffsets[] {
  const topics = [...new Set(offsets.map(({ topic }) => topic))];
  return topics.map((name) => ({
    topic: name,
    partitions: offsets
      .filter(({ topic }) => topic === name)
      .map(({ partition, offset, leaderEpoch, metadata }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch,
        committedMetadata: metadata ?? '',
      })),
  }));
}

/** Takes back what is open. False if the producer cannot do that any more. */
export function abortTransaction({ transactions, producer }: StreamsMemory, context: NodeContext): boolean {
  if (transactions === null) return false;
  transactions.error = NONE;
  if (producerAbortTransaction(producer, context) !== undefined) return false;
  transactions.phase = 'aborting';
  return true;
}

/**
 * Another producer in place of one that is fenced, or whose call nobody answered in time
 * (`ActiveTaskCreator.reInitializeThreadProducer`). The next task to begin makes it end what is left of the old one.
 */
export function renewProducer(memory: StreamsMemory, context: NodeContext): void {
  const { transactions } = memory;
  if (transactions === null) return;
  producerAbandon(memory.producer, context);
  memory.producer = newThreadProducer(context, memory.config, transactions);
  transactions.phase = 'new';
  transactions.error = NONE;
}
