import { consumerResubscribe } from '../../client/consumer/consumer.ts';
import { ERROR_CODES, errorName, isRetriable } from '../../protocol/errors.ts';
import type { ThreadContext } from './thread-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { StreamThread } from './stream-thread.ts';
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
export function abandonWork(thread: StreamThread): void {
  thread.outbox = [];
  thread.blocked = false;
  thread.commit = null;
}

/** All tasks are lost, with all that they did since the last commit (`TaskManager.handleLostAll`). */
export function loseAllTasks(thread: StreamThread, context: ThreadContext): void {
  closeAll(thread, context, false);
  if (thread.transactions === null) return;
  abandonWork(thread);
  renewProducer(thread, context);
}

/** The tasks may be another instance's already: gives up all, and joins the group anew (`StreamThread.handleTaskMigrated`). */
export function migrate(thread: StreamThread, context: ThreadContext): void {
  thread.revoking = null;
  loseAllTasks(thread, context);
  consumerResubscribe(thread.main, context);
}

/**
 * The transaction is lost: by fencing, and the group gives out the tasks anew; or by a failure, and the tasks do
 * everything again since the last commit. Throws a {@link StreamsError} for errors that end the thread.
 */
export function takeBackTransaction(thread: StreamThread, context: ThreadContext, error: number): void {
  if (isMigration(error)) {
    migrate(thread, context);
    return;
  }
  if (!isTakenBack(error))
    throw new StreamsError('StreamsException', `Error committing a transaction: ${errorName(error)}`);
  takeBackTasks(thread, context);
  if (abortTransaction(thread, context)) return;
  // A call that nobody answered may still come to pass: whoever takes over the id waits for its end.
  renewProducer(thread, context);
  startTransactions(thread, context);
}
