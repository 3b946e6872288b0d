import { millis } from '../../base/time.ts';
import { ERROR_CODES, isRetriable, NONE } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { bodyOf, type Completion } from '../network/network-client.ts';
import { armSender } from './arm-sender.ts';
import { fail } from './batch-failure.ts';
import type { Producer, ProducerRequest } from './producer-state.ts';
import { transition } from './transaction-state.ts';
import { failStep, find, forgetCoordinator } from './transaction-steps.ts';
import {
  completeTransaction,
  enqueue,
  enqueueAgain,
  failTransaction,
  finishCall,
  finishSendOffsets,
  type Transactions,
  type TxnStep,
} from './transactions.ts';

type Answer = Completion<ProducerRequest>;

/** The answer to the step under way, or the error by which it was lost (`TxnRequestHandler.onComplete`). */
export function handleTransactionAnswer(producer: Producer, context: NodeContext, answer: Answer): void {
  const { transactions } = producer;
  const step = transactions?.inFlight ?? null;
  if (transactions === null || step === null) return;
  transactions.inFlight = null;
  const error = answer.response === undefined ? ERROR_CODES.NOT_COORDINATOR : errorOf(step, answer);
  if (error === NONE) succeed(producer, transactions, step, answer);
  else refuse(producer, context, step, error);
}

/** The first error that decides what to do, NONE if there is none. */
function errorOf({ type }: TxnStep, answer: Answer): number {
  switch (type) {
    case 'find-coordinator':
      return bodyOf(answer, 'FindCoordinator')?.coordinators[0]?.errorCode ?? NONE;
    case 'api-versions':
      return bodyOf(answer, 'ApiVersions')?.errorCode ?? NONE;
    case 'init-producer-id':
      return bodyOf(answer, 'InitProducerId')?.errorCode ?? NONE;
    case 'add-partitions':
      return firstOf(partitionErrors(answer), ERROR_CODES.OPERATION_NOT_ATTEMPTED);
    case 'add-offsets':
      return bodyOf(answer, 'AddOffsetsToTxn')?.errorCode ?? NONE;
    case 'commit-offsets': {
      const topics = bodyOf(answer, 'TxnOffsetCommit')?.topics ?? [];
      return firstOf(topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode)));
    }
    case 'end':
      return bodyOf(answer, 'EndTxn')?.errorCode ?? NONE;
  }
}

function partitionErrors(answer: Answer): number[] {
  const results = bodyOf(answer, 'AddPartitionsToTxn')?.resultsByTransaction ?? [];
  const topics = results.flatMap(({ topicResults }) => topicResults);
  return topics.flatMap(({ resultsByPartition }) =>
    resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode),
  );
}

/** The first error, one of this code only if there is no other. */
const firstOf = (errors: readonly number[], last: number = NONE): number =>
  errors.find((error) => error !== NONE && error !== last) ?? errors.find((error) => error !== NONE) ?? NONE;

function succeed(producer: Producer, transactions: Transactions, step: TxnStep, answer: Answer): void {
  const { idempotence } = producer;
  switch (step.type) {
    case 'find-coordinator':
      return foundCoordinator(producer, transactions, step.keyType, answer);
    case 'api-versions':
      transactions.isV2 = speaksV2(answer);
      return;
    case 'init-producer-id':
      takeIdentity(producer, bodyOf(answer, 'InitProducerId'));
      transition(transactions.standing, 'READY');
      finishCall(producer, NONE);
      return;
    case 'add-partitions':
      for (const { topic, partition } of step.partitions)
        idempotence.partitions?.add(`${topic}-${partition}`);
      transactions.started = true;
      return;
    case 'add-offsets':
      transactions.started = true;
      enqueue(transactions, { ...step, type: 'commit-offsets' });
      return;
    case 'commit-offsets':
      finishSendOffsets(producer, NONE);
      return;
    case 'end':
      if (transactions.isV2 === true) takeIdentity(producer, bodyOf(answer, 'EndTxn'));
      completeTransaction(producer);
  }
}

function takeIdentity(
  { idempotence }: Producer,
  identity: { readonly producerId: number; readonly producerEpoch: number } | undefined,
): void {
  if (identity === undefined) return;
  idempotence.producerId = identity.producerId;
  idempotence.producerEpoch = identity.producerEpoch;
}

/** A group's, or that of the transactional id, which also tells what the cluster can do. */
function foundCoordinator(
  { network }: Producer,
  transactions: Transactions,
  keyType: number,
  answer: Answer,
): void {
  const found = bodyOf(answer, 'FindCoordinator')?.coordinators[0];
  if (found === undefined) return;
  if (!network.metadata.brokers.has(found.nodeId)) network.metadata.brokers.set(found.nodeId, found.host);
  if (keyType === 0) transactions.groupCoordinator = found.nodeId;
  else transactions.coordinator = found.nodeId;
  const isAsked = transactions.steps.some(({ type }) => type === 'api-versions');
  if (transactions.isV2 === null && !isAsked) enqueue(transactions, { type: 'api-versions', notBefore: 0 });
}

const speaksV2 = (answer: Answer): boolean =>
  bodyOf(answer, 'ApiVersions')?.finalizedFeatures.some(
    ({ name, maxVersionLevel }) => name === 'transaction.version' && maxVersionLevel >= 2,
  ) ?? false;

/** Errors by which a coordinator says that it is none. */
const LOSES_COORDINATOR: readonly number[] = [
  ERROR_CODES.NOT_COORDINATOR,
  ERROR_CODES.COORDINATOR_NOT_AVAILABLE,
];

/** Errors that end a transaction, not its producer. */
const ABORTABLE: readonly number[] = [
  ERROR_CODES.TRANSACTION_ABORTABLE,
  ERROR_CODES.UNKNOWN_PRODUCER_ID,
  ERROR_CODES.GROUP_AUTHORIZATION_FAILED,
  ERROR_CODES.TOPIC_AUTHORIZATION_FAILED,
  ERROR_CODES.OPERATION_NOT_ATTEMPTED,
  ERROR_CODES.UNKNOWN_MEMBER_ID,
  ERROR_CODES.ILLEGAL_GENERATION,
  ERROR_CODES.FENCED_INSTANCE_ID,
];

function refuse(producer: Producer, context: NodeContext, step: TxnStep, error: number): void {
  const { transactions } = producer;
  if (transactions === null) return;
  if (isRetriable(error)) again(producer, context, { transactions, step, error });
  else if (ABORTABLE.includes(error) && !(step.type === 'end' && !step.committed)) {
    failStep(producer, step, error);
    failTransaction(transactions, error, error === ERROR_CODES.UNKNOWN_PRODUCER_ID);
  } else fail(producer, error === ERROR_CODES.INVALID_PRODUCER_EPOCH ? ERROR_CODES.PRODUCER_FENCED : error);
}

/** The transaction before is still being ended, and will not be for long. */
const FIRST_PARTITION_BACKOFF_MS = 20;

interface Retry {
  readonly transactions: Transactions;
  readonly step: TxnStep;
  readonly error: number;
}

function again(producer: Producer, context: NodeContext, { transactions, step, error }: Retry): void {
  const retryBackoffMs = producer.network.settings.config['retry.backoff.ms'];
  const isFirst = step.type === 'add-partitions' && producer.idempotence.partitions?.size === 0;
  const isShort = isFirst && error === ERROR_CODES.CONCURRENT_TRANSACTIONS;
  const wait = isShort ? Math.min(FIRST_PARTITION_BACKOFF_MS, retryBackoffMs) : retryBackoffMs;
  const at = context.now() + millis(wait);
  enqueueAgain(transactions, step, at);
  if (LOSES_COORDINATOR.includes(error) && forgetCoordinator(transactions, step)) find(transactions, step, 0);
  armSender(producer, context, at);
}
