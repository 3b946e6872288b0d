import { consumerResubscribe } from '../../client/consumer/consumer.ts';
import { ERROR_CODES, errorName, isRetriable } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { closeAll, takeBackTasks } from './close-tasks.ts';
import { abortTransaction, renewProducer, startTransactions } from './transaction-calls.ts';

/** By these errors the group's coordinator says that this member's tasks are not its own any more. */
const LEFT_BEHIND: readonly number[] = [
  ERROR_CODES.ILLEGAL_GENERATION,
  ERROR_CODES.UNKNOWN_MEMBER_ID,
  ERROR_CODES.FENCED_INSTANCE_ID,
  ERROR_CODES.REBALANCE_IN_PROGRESS,
];

/** And by these brokers say that its transactions were ended by somebody else. */
const FENCED: readonly number[] = [
  ERROR_CODES.PRODUCER_FENCED,
  ERROR_CODES.INVALID_PRODUCER_EPOCH,
  ERROR_CODES.INVALID_PRODUCER_ID_MAPPING,
  ERROR_CODES.UNKNOWN_PRODUCER_ID,
];

/** Whether the tasks may be another instance's already (`TaskMigratedException`). */
export const isMigration = (error: number): boolean => LEFT_BEHIND.includes(error) || FENCED.includes(error);

/** Errors after which everything since the last commit can be done again (`TaskCorruptedException`). */
const isTakenBack = (error: number): boolean =>
  isRetriable(error) ||
  error === ERROR_CODES.REQUEST_TIMED_OUT ||
  error === ERROR_CODES.TRANSACTION_ABORTABLE ||
  error === ERROR_CODES.OPERATION_NOT_ATTEMPTED;

/** What the thread was about to send, or to commit, is gone with its transaction. */
export function abandonWork(memory: StreamsMemory): void {
  memory.outbox = [];
  memory.blocked = false;
  memory.commit = null;
}

/** All tasks are lost, with all that they did since the last commit (`TaskManager.handleLostAll`). */
export function loseAllTasks(memory: StreamsMemory, context: NodeContext): void {
  closeAll(memory, context, false);
  if (memory.transactions === null) return;
  abandonWork(memory);
  renewProducer(memory, context);
}

/** The tasks may be another instance's already: gives up all, and joins the group anew (`StreamThread.handleTaskMigrated`). */
export function migrate(memory: StreamsMemory, context: NodeContext): void {
  memory.revoking = null;
  loseAllTasks(memory, context);
  consumerResubscribe(memory.main, context);
}

/**
 * The transaction is lost: by fencing, and the group gives out the tasks anew; or by a failure, and the tasks do
 * everything again since the last commit. Throws a {@link StreamsError} for errors that end the thread.
 */
export function takeBackTransaction(memory: StreamsMemory, context: NodeContext, error: number): void {
  if (isMigration(error)) {
    migrate(memory, context);
    return;
  }
  if (!isTakenBack(error))
    throw new StreamsError('StreamsException', `Error committing a transaction: ${errorName(error)}`);
  takeBackTasks(memory, context);
  if (abortTransaction(memory, context)) return;
  // A call that nobody answered may still come to pass: whoever takes over the id waits for its end.
  renewProducer(memory, context);
  startTransactions(memory, context);
}
