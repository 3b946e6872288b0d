import { producerBeginTransaction } from '../../client/producer/producer.ts';
import type { GroupMetadata } from '../../client/producer/transactions.ts';
import { NONE } from '../../protocol/errors.ts';
import type { ThreadContext } from './thread-context.ts';
import type { StreamThread } from './stream-thread.ts';
import { errorOf, loseTransaction, startTransactions } from './transaction-calls.ts';

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

/** The thread stands in a call on its producer, or has none that could work in transactions. */
export const waitsForTransactions = ({ transactions }: StreamThread): boolean =>
  transactions?.phase === 'starting' || transactions?.phase === 'aborting';

/** Whether tasks may begin. The first that wants to makes the producer end what an earlier life left open. */
export function readyForTasks(thread: StreamThread, context: ThreadContext): boolean {
  const { transactions } = thread;
  if (transactions === null || transactions.phase === 'ready' || transactions.phase === 'open') return true;
  if (transactions.phase === 'new') startTransactions(thread, context);
  return false;
}

/** Remembers as whom this instance was given its tasks (`Consumer.groupMetadata`). */
export function rememberGroup({ transactions, main, config }: StreamThread): void {
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
export function openTransaction({ transactions, producer }: StreamThread): boolean {
  if (transactions === null || transactions.phase === 'open') return true;
  if (transactions.phase !== 'ready') return false;
  transactions.phase = 'open';
  if (producerBeginTransaction(producer) !== undefined) loseTransaction(transactions, errorOf(producer));
  return transactions.error === NONE;
}
