import { NONE } from '../../../protocol/errors.ts';
import {
  answersOf,
  ask,
  done,
  failed,
  firstOf,
  senseless,
  table,
  type Answer,
  type Question,
  type Told,
} from './tool.ts';
import { countOf } from './topic-partitions.ts';
import { askProducers } from './transaction-tools.ts';

/** `kafka-transactions describe`. */
export function describeTransaction(id: string, told: Told): Question | Answer {
  const answer = firstOf(told, 'DescribeTransactions');
  if (answer === undefined)
    return ask({ to: 'transaction', id }, 'DescribeTransactions', { transactionalIds: [id] });
  const [state] = answer.transactionStates;
  if (state === undefined) return senseless();
  if (state.errorCode !== NONE) return failed(state.errorCode, `${id} is no transactional id that is known.`);
  const { producerId, producerEpoch, transactionStartTimeMs: began, transactionTimeoutMs, topics } = state;
  const places = topics.flatMap(({ topic, partitions }) => partitions.map((p) => `${topic}-${p}`));
  const open = began < 0 ? 'none' : `${told.nowMs - began}`;
  const row = [`${producerId}`, `${producerEpoch}`, `${transactionTimeoutMs}`, open, places.join(', ')];
  return done(
    `The transaction of ${id} is ${state.transactionState}.`,
    table(['Producer', 'Epoch', 'Timeout ms', 'Open for ms', 'Partitions'], [row]),
  );
}

/** `kafka-transactions describe-producers`, of all partitions of a topic. */
export function describeProducers(topic: string, told: Told): Question | Answer {
  const count = countOf(told, topic);
  if (typeof count !== 'number') return count;
  const answers = answersOf(told, 'DescribeProducers');
  if (answers.length < count) return askProducers(topic, answers.length);
  const rows = answers
    .flatMap(({ topics }) => topics.flatMap(({ partitions }) => partitions))
    .flatMap(({ partitionIndex, activeProducers }) =>
      activeProducers.map((one) => [
        `${partitionIndex}`,
        `${one.producerId}`,
        `${one.producerEpoch}`,
        `${one.coordinatorEpoch}`,
        `${one.lastSequence}`,
        one.currentTxnStartOffset < 0 ? 'none' : `${one.currentTxnStartOffset}`,
      ]),
    );
  const heads = ['Partition', 'Producer', 'Epoch', 'Coordinator epoch', 'Last sequence', 'Open since offset'];
  return done(`Producers that the leaders of ${topic} know: ${rows.length}.`, table(heads, rows));
}
