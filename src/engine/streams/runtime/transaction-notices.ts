import type { ProducerNotice } from '../../client/producer/producer-state.ts';
import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import { afterOffsets, endCommit } from './commit.ts';
import type { StreamsMemory } from './instance-memory.ts';
import type { OnCommitted } from './notices.ts';
import { startWaitingTasks } from './close-tasks.ts';
import { loseTransaction, renewProducer, startTransactions } from './transaction-calls.ts';

type CallNotice = Extract<
  ProducerNotice,
  { type: 'transaction-call-completed' | 'transaction-call-timed-out' }
>;

/** A call on the thread's transactions has ended, or `max.block.ms` is over. Throws a {@link StreamsError}. */
export function followCall(
  memory: StreamsMemory,
  context: NodeContext,
  notice: CallNotice,
  onCommitted: OnCommitted,
): void {
  const { transactions } = memory;
  if (transactions === null) return;
  const timedOut = notice.type === 'transaction-call-timed-out';
  const error = timedOut ? ERROR_CODES.REQUEST_TIMED_OUT : notice.error;
  switch (notice.call) {
    case 'initTransactions':
      if (timedOut && memory.stopping) onCommitted('close', error);
      else if (timedOut) startTransactions(memory, context);
      else if (error === NONE) becomeReady(memory, context);
      else throw new StreamsError('StreamsException', `The producer failed: ${errorName(error)}`);
      return;
    case 'sendOffsetsToTransaction':
      if (error === NONE) afterOffsets(memory, context);
      else loseTransaction(transactions, error);
      return;
    case 'commitTransaction':
      if (error !== NONE) loseTransaction(transactions, error);
      else {
        context.anchor('after-end-txn');
        transactions.phase = 'ready';
        onCommitted(endCommit(memory, context, NONE), NONE);
      }
      return;
    case 'abortTransaction':
      if (error === NONE) becomeReady(memory, context);
      else {
        renewProducer(memory, context);
        startTransactions(memory, context);
      }
  }
}

function becomeReady(memory: StreamsMemory, context: NodeContext): void {
  if (memory.transactions !== null) memory.transactions.phase = 'ready';
  startWaitingTasks(memory, context);
}
