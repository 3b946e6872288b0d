import type { CommitOffset } from '../../client/consumer/consumer-state.ts';
import { consumerLeavePoll } from '../../client/consumer/consumer.ts';
import {
  producerAbandon,
  producerAbortTransaction,
  producerCommitTransaction,
  producerInitTransactions,
  producerSendOffsets,
} from '../../client/producer/producer.ts';
import type { Producer } from '../../client/producer/producer-state.ts';
import type { TxnOffsets } from '../../client/producer/transactions.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ThreadContext } from './thread-context.ts';
import type { StreamThread } from './stream-thread.ts';
import { transactionalIdOf } from './process-id.ts';
import { newThreadProducer } from './thread-producer.ts';
import type { ThreadTransactions } from './thread-transactions.ts';

/** A thread that has not begun to work in transactions. */
export function newThreadTransactions(groupId: string, processId: string, index: number): ThreadTransactions {
  return {
    transactionalId: transactionalIdOf(groupId, processId, index),
    phase: 'new',
    group: Object.freeze({ groupId, generationId: -1, memberId: '', groupInstanceId: null }),
    error: NONE,
  };
}

/** Calls initTransactions(), or calls it again after `max.block.ms`. */
export function startTransactions(thread: StreamThread, context: ThreadContext): void {
  if (thread.transactions === null) return;
  thread.transactions.phase = 'starting';
  consumerLeavePoll(thread.main, context);
  producerInitTransactions(thread.producer, context);
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
  { transactions, producer }: StreamThread,
  context: ThreadContext,
  offsets: readonly CommitOffset[],
): void {
  if (transactions === null) return;
  const refused = producerSendOffsets(producer, context, byTopic(offsets), transactions.group);
  if (refused !== undefined) loseTransaction(transactions, errorOf(producer));
}

export function commitTransaction({ transactions, producer }: StreamThread, context: ThreadContext): void {
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
export function abortTransaction({ transactions, producer }: StreamThread, context: ThreadContext): boolean {
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
export function renewProducer(thread: StreamThread, context: ThreadContext): void {
  const { transactions } = thread;
  producerAbandon(thread.producer, context);
  thread.producer = newThreadProducer(context, thread, transactions);
  if (transactions === null) return;
  transactions.phase = 'new';
  transactions.error = NONE;
}
