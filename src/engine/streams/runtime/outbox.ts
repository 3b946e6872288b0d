import { ERROR_CODES, errorName, isRetriable } from '../../protocol/errors.ts';
import { producerSend } from '../../client/producer/producer.ts';
import type { ProducerNotice } from '../../client/producer/producer-state.ts';
import type { ThreadContext } from './thread-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import { taskOfNumber, type StreamThread } from './stream-thread.ts';
import { openTransaction } from './thread-transactions.ts';
import { errorOf, loseTransaction } from './transaction-calls.ts';

/**
 * Hands what tasks have made to the producer, in order. False while the producer has no room, or does not know the topic
 * yet: then the thread stands still, as inside `send()`. Simplification: records that one piece of work made after the
 * one that had to wait exist already.
 */
export function drainOutbox(thread: StreamThread, context: ThreadContext): boolean {
  const { outbox, producer, transactions } = thread;
  if (outbox.length === 0) return true;
  if (!openTransaction(thread)) return false;
  let sent = 0;
  for (const record of outbox) {
    const result = producerSend(producer, context, record);
    if (result === 'would-block') {
      thread.blocked = true;
      break;
    }
    if (transactions !== null && (result === 'no-transaction' || result === 'closed')) {
      loseTransaction(transactions, errorOf(producer));
      break;
    }
    if (result !== 'accepted') throw sendFailed(record.topic, result);
    sent += 1;
  }
  if (sent === outbox.length) thread.outbox = [];
  else thread.outbox = outbox.slice(sent);
  return thread.outbox.length === 0;
}

const sendFailed = (topic: string, why: string): StreamsError =>
  new StreamsError('StreamsException', `Error encountered sending record to topic ${topic}: ${why}`);

type Completed = Extract<ProducerNotice, { type: 'batch-completed' }>;

/**
 * What became of a batch (`RecordCollector`): changelog offsets move on; a batch that no broker took in time corrupts
 * the task that made it, or costs the transaction. Throws a {@link StreamsError} for errors that no retry can mend.
 */
export function noteOutcome(thread: StreamThread, notice: Completed): void {
  const { topic, baseOffset, ordinals, outcome, error } = notice;
  if (outcome === 'acknowledged') {
    if (baseOffset < 0) return;
    const task = taskOfNumber(thread, ordinals[0] ?? 0);
    // Other topics than changelogs have no entry.
    if (task?.changelogOffsets.has(topic) === true)
      task.changelogOffsets.set(topic, baseOffset + ordinals.length);
    return;
  }
  if (thread.transactions !== null) {
    loseTransaction(thread.transactions, error);
    return;
  }
  if (!isRetriable(error) && error !== ERROR_CODES.REQUEST_TIMED_OUT)
    throw sendFailed(topic, errorName(error));
  for (const ordinal of ordinals) {
    const task = taskOfNumber(thread, ordinal);
    if (task !== undefined) thread.corrupted.add(task.id);
  }
}
