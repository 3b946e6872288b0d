import { ERROR_CODES, errorName, NONE } from '../../../protocol/errors.ts';
import type { DescribeProducersResponseProducer } from '../../../protocol/describe-producers.ts';
import {
  answersOf,
  ask,
  done,
  failed,
  firstOf,
  hopeless,
  table,
  verdict,
  type Act,
  type Question,
  type Told,
  type Tool,
} from './tool.ts';
import { countOf } from './topic-partitions.ts';

export const askProducers = (topic: string, partition: number): Question =>
  ask({ to: 'leader', topic, partition }, 'DescribeProducers', {
    topics: [{ name: topic, partitionIndexes: [partition] }],
  });

/**
 * `kafka-transactions abort`: has the leader of one partition write the ABORT marker that no coordinator will send
 * (KIP-664).
 */
export const abortTransaction: Tool<Act<'abort-transaction'>> = ({ topic, partition, offset }, told) => {
  const described = firstOf(told, 'DescribeProducers')?.topics[0]?.partitions[0];
  if (described === undefined) return askProducers(topic, partition);
  if (described.errorCode !== NONE) return failed(described.errorCode, described.errorMessage);
  const producer = described.activeProducers.find((one) => one.currentTxnStartOffset === offset);
  const written = firstOf(told, 'WriteTxnMarkers');
  if (written !== undefined)
    return verdict(
      written.markers[0]?.topics[0]?.partitions[0],
      `Aborted the transaction that began at offset ${offset} of ${topic}-${partition}.`,
    );
  return producer === undefined
    ? hopeless(`No open transaction begins at offset ${offset} of ${topic}-${partition}.`)
    : abortMarker(producer, topic, partition);
};

/** A producer whose transaction hangs since its first one has met no coordinator's marker: 0 is older than any epoch. */
const abortMarker = (
  { producerId, producerEpoch, coordinatorEpoch }: DescribeProducersResponseProducer,
  topic: string,
  partition: number,
): Question =>
  ask({ to: 'leader', topic, partition }, 'WriteTxnMarkers', {
    markers: [
      {
        producerId,
        producerEpoch,
        transactionResult: false,
        topics: [{ name: topic, partitionIndexes: [partition] }],
        coordinatorEpoch: Math.max(coordinatorEpoch, 0),
      },
    ],
  });

/** A transaction that is open in a partition. */
interface Open {
  readonly partition: number;
  readonly producer: DescribeProducersResponseProducer;
}

/**
 * `kafka-transactions find-hanging`: transactions that have been open in a partition for long, and that no coordinator
 * knows to be there.
 */
export const findHanging: Tool<Act<'find-hanging'>> = ({ topic, olderThanMs }, told) => {
  const count = countOf(told, topic);
  if (typeof count !== 'number') return count;
  const described = answersOf(told, 'DescribeProducers');
  if (described.length < count) return askProducers(topic, described.length);
  const open = described.flatMap(({ topics }) => {
    const { activeProducers = [], partitionIndex = 0 } = topics[0]?.partitions[0] ?? {};
    return activeProducers
      .filter((one) => one.currentTxnStartOffset >= 0 && told.nowMs - one.lastTimestamp >= olderThanMs)
      .map((producer) => ({ partition: partitionIndex, producer }));
  });
  if (open.length === 0) return done(`No transaction hangs in ${topic}.`);
  const known = knownPlaces(told, open);
  if ('kind' in known) return known;
  const hanging = open.filter(({ partition, producer }) => !known.has(placeOf(producer, topic, partition)));
  if (hanging.length === 0) return done(`No transaction hangs in ${topic}.`);
  const rows = hanging.map(({ partition, producer }) => [
    `${topic}-${partition}`,
    `${producer.producerId}`,
    `${producer.producerEpoch}`,
    `${producer.coordinatorEpoch}`,
    `${producer.currentTxnStartOffset}`,
    `${told.nowMs - producer.lastTimestamp}`,
  ]);
  const heads = ['Partition', 'Producer', 'Epoch', 'Coordinator epoch', 'Start offset', 'Idle ms'];
  const where = hanging.map((one) => `${topic}-${one.partition} since ${one.producer.currentTxnStartOffset}`);
  return done(`A transaction hangs in ${where.join(', ')}.`, table(heads, rows));
};

const placeOf = (
  { producerId, producerEpoch }: { readonly producerId: number; readonly producerEpoch: number },
  topic: string,
  partition: number,
): string => `${producerId}/${producerEpoch}/${topic}/${partition}`;

/** Where coordinators know the producers' transactions to be open: every broker lists its own, each is described. */
function knownPlaces(told: Told, open: readonly Open[]): ReadonlySet<string> | Question {
  const listed = answersOf(told, 'ListTransactions');
  const broker = told.brokers[listed.length];
  if (broker !== undefined)
    return ask({ to: 'broker', id: broker }, 'ListTransactions', {
      stateFilters: [],
      producerIdFilters: [...new Set(open.map(({ producer }) => producer.producerId))],
      durationFilter: -1,
      transactionalIdPattern: null,
    });
  const ids = listed.flatMap(({ transactionStates }) => transactionStates.map((one) => one.transactionalId));
  const described = answersOf(told, 'DescribeTransactions');
  const id = ids[described.length];
  if (id !== undefined)
    return ask({ to: 'transaction', id }, 'DescribeTransactions', { transactionalIds: [id] });
  const states = described.flatMap(({ transactionStates }) => transactionStates);
  return new Set(
    states.flatMap((state) =>
      state.topics.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => placeOf(state, topic, partition)),
      ),
    ),
  );
}

/** `Admin.forceTerminateTransaction`: takes the producer's epoch away, so that its coordinator aborts what it began. */
export const terminateTransaction: Tool<Act<'terminate-transaction'>> = ({ transactionalId }, told) => {
  const answer = firstOf(told, 'InitProducerId');
  if (answer !== undefined)
    return answer.errorCode === ERROR_CODES.NONE
      ? done(`The producer of ${transactionalId} is fenced; what it had open is aborted.`)
      : failed(answer.errorCode, errorName(answer.errorCode));
  return ask({ to: 'transaction', id: transactionalId }, 'InitProducerId', {
    transactionalId,
    transactionTimeoutMs: 30_000,
    producerId: -1,
    producerEpoch: -1,
  });
};
