import type { ProducerNotice } from '../../client/producer/producer-state.ts';
import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import type { ThreadContext } from './thread-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import { afterOffsets, endCommit } from './commit.ts';
import type { StreamThread } from './stream-thread.ts';
import type { OnCommitted } from './notices.ts';
import { startWaitingTasks } from './close-tasks.ts';
import { loseTransaction, renewProducer, startTransactions } from './transaction-calls.ts';

type CallNotice = Extract<
  ProducerNotice,
  { type: 'transaction-call-completed' | 'transaction-call-timed-out' }
>;

/** A call on the thread's transactions has ended, or `max.block.ms` is over. Throws a {@link StreamsError}. */
export function followCall(
  thread: StreamThread,
  context: ThreadContext,
  notice: CallNotice,
  onCommitted: OnCommitted,
): void {
  const { transactions } = thread;
  if (transactions === null) return;
  const timedOut = notice.type === 'transaction-call-timed-out';
  const error = timedOut ? ERROR_CODES.REQUEST_TIMED_OUT : notice.error;
  switch (notice.call) {
    case 'initTransactions':
      if (timedOut && thread.stopping) onCommitted('close', error);
      else if (timedOut) startTransactions(thread, context);
      else if (error === NONE) becomeReady(thread, context);
      else throw new StreamsError('StreamsException', `The producer failed: ${errorName(error)}`);
      return;
    case 'sendOffsetsToTransaction':
      if (error === NONE) afterOffsets(thread, context);
      else loseTransaction(transactions, error);
      return;
    case 'commitTransaction':
      if (error !== NONE) loseTransaction(transactions, error);
      else {
        context.anchor('after-end-txn');
        transactions.phase = 'ready';
        onCommitted(endCommit(thread, context, NONE), NONE);
      }
      return;
    case 'abortTransaction':
      if (error === NONE) becomeReady(thread, context);
      else {
        renewProducer(thread, context);
        startTransactions(thread, context);
      }
  }
}

function becomeReady(thread: StreamThread, context: ThreadContext): void {
  if (thread.transactions !== null) thread.transactions.phase = 'ready';
  startWaitingTasks(thread, context);
}
