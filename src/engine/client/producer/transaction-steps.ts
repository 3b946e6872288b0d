import { millis } from '../../base/time.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { AddPartitionsToTxnRequestTopic } from '../../protocol/add-partitions-to-txn.ts';
import type { ApiName, RequestBody } from '../../protocol/message.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { LedPartition } from '../network/cluster-metadata.ts';
import { leastLoadedBroker } from '../network/metadata-refresh.ts';
import { coordinatorOf, isReady, sendRequest, type Destination } from '../network/network-client.ts';
import { armSender } from './arm-sender.ts';
import { dropUnsent } from './batch-failure.ts';
import { closeForAppends, hasSequence } from './producer-batch.ts';
import type { Producer, ProducerRequest } from './producer-state.ts';
import { allQueues } from './record-accumulator.ts';
import { hasTxnError } from './transaction-state.ts';
import {
  addNewPartitions,
  completeTransaction,
  enqueue,
  enqueueAgain,
  finishCall,
  finishSendOffsets,
  type Transactions,
  type TxnStep,
} from './transactions.ts';
import { versionOf } from './txn-versions.ts';

/** Keys of FindCoordinator. */
const GROUP = 0;
const TRANSACTION = 1;
const STEP: ProducerRequest = Object.freeze({ type: 'transaction' });

/**
 * Sends what is to be asked next, if anything (`Sender.maybeSendAndPollTransactionalRequest`). Returns whether batches
 * have to wait meanwhile.
 */
export function runTransaction(
  producer: Producer,
  context: NodeContext,
  transactions: Transactions,
): boolean {
  if (producer.idempotence.fatalError !== NONE) return true;
  if (transactions.inFlight !== null) return true;
  const { standing } = transactions;
  if (standing.state === 'ABORTABLE_ERROR') abortUnsent(producer, context, standing.lastError);
  if (standing.state === 'ABORTING_TRANSACTION')
    abortUnsent(producer, context, ERROR_CODES.OPERATION_NOT_ATTEMPTED);
  const step = nextStep(producer, transactions);
  if (step === undefined) return false;
  if (step.notBefore > context.now()) armSender(producer, context, step.notBefore);
  else send(producer, context, transactions);
  return true;
}

/** Records that were never sent need not be. */
function abortUnsent(producer: Producer, context: NodeContext, error: number): void {
  for (const queue of allQueues(producer.accumulator)) {
    const unsent = queue.waiting.filter((batch) => !hasSequence(batch));
    if (unsent.length === 0) continue;
    queue.waiting = queue.waiting.filter(hasSequence);
    for (const batch of unsent) {
      closeForAppends(batch);
      dropUnsent(producer, context, queue, { batch, error });
    }
  }
}

/** Steps that do no harm while a transaction waits for its abort. */
const ASKS_FOR_COORDINATOR: readonly TxnStep['type'][] = ['find-coordinator', 'api-versions'];

/** The next step that can be taken; those that make no sense any more are dropped on the way. */
function nextStep(producer: Producer, transactions: Transactions): TxnStep | undefined {
  const { standing, steps } = transactions;
  addNewPartitions(transactions);
  for (;;) {
    const [step] = steps;
    if (step === undefined) return undefined;
    if (step.type === 'end' && producer.accumulator.incomplete > 0) return undefined;
    if (hasTxnError(standing) && !ASKS_FOR_COORDINATOR.includes(step.type)) {
      steps.shift();
      failStep(producer, step, standing.lastError);
    } else if (step.type === 'end' && !transactions.started) {
      steps.shift();
      completeTransaction(producer);
    } else return step;
  }
}

/** A step will not be taken: whoever waits for it is told. */
export function failStep(producer: Producer, step: TxnStep, error: number): void {
  if (step.type === 'end' || step.type === 'init-producer-id') finishCall(producer, error);
  if (step.type === 'add-offsets' || step.type === 'commit-offsets') finishSendOffsets(producer, error);
}

/** Sends the first step, or first looks for the coordinator that it is for. */
function send(producer: Producer, context: NodeContext, transactions: Transactions): void {
  const { network } = producer;
  const step = transactions.steps.shift() as TxnStep;
  const destination = destinationOf(producer, context, transactions, step);
  if (destination === undefined || !isReady(network, context, destination)) {
    tryLater(producer, context, transactions, step);
    return;
  }
  transactions.inFlight = step;
  const { api, ...request } = requestOf(producer, transactions, step);
  sendRequest(network, context, {
    destination,
    api,
    ...request,
    ...versionOf(api, transactions),
    context: STEP,
  });
}

function destinationOf(
  { network }: Producer,
  context: NodeContext,
  { coordinator, groupCoordinator }: Transactions,
  { type }: TxnStep,
): Destination | undefined {
  if (type === 'find-coordinator') return leastLoadedBroker(network, context);
  const broker = type === 'commit-offsets' ? groupCoordinator : coordinator;
  return broker < 0 ? undefined : coordinatorOf(broker);
}

function tryLater(producer: Producer, context: NodeContext, transactions: Transactions, step: TxnStep): void {
  const soon = context.now() + millis(producer.network.settings.config['reconnect.backoff.ms']);
  const wasKnown = forgetCoordinator(transactions, step);
  enqueueAgain(transactions, step, step.type === 'find-coordinator' ? soon : step.notBefore);
  if (step.type !== 'find-coordinator') find(transactions, step, wasKnown ? soon : 0);
  armSender(producer, context, wasKnown || step.type === 'find-coordinator' ? soon : context.now());
}

/** The coordinator of this step is not known any more. Returns whether it was. */
export function forgetCoordinator(transactions: Transactions, { type }: TxnStep): boolean {
  if (type === 'find-coordinator') return false;
  const known = type === 'commit-offsets' ? 'groupCoordinator' : 'coordinator';
  const wasKnown = transactions[known] >= 0;
  transactions[known] = -1;
  return wasKnown;
}

/** Looks for the coordinator of this step, unless that is to be done already. */
export function find(transactions: Transactions, step: TxnStep, notBefore: number): void {
  const [keyType, key] =
    step.type === 'commit-offsets'
      ? [GROUP, step.group.groupId]
      : [TRANSACTION, transactions.standing.transactionalId ?? ''];
  const isSought = transactions.steps.some(
    (other) => other.type === 'find-coordinator' && other.keyType === keyType,
  );
  if (!isSought) enqueue(transactions, { type: 'find-coordinator', keyType, key, notBefore });
}

interface StepRequest {
  readonly api: ApiName;
  readonly body: RequestBody<ApiName>;
}

const asking = <A extends ApiName>(api: A, body: RequestBody<A>): StepRequest => ({ api, body });

function requestOf(
  { idempotence }: Producer,
  { standing, timeoutMs }: Transactions,
  step: TxnStep,
): StepRequest {
  const transactionalId = standing.transactionalId ?? '';
  const { producerId, producerEpoch } = idempotence;
  const who = { transactionalId, producerId, producerEpoch };
  switch (step.type) {
    case 'find-coordinator':
      return asking('FindCoordinator', { keyType: step.keyType, coordinatorKeys: [step.key] });
    case 'api-versions':
      return asking('ApiVersions', {
        clientSoftwareName: 'apache-kafka-java',
        clientSoftwareVersion: '4.4.0',
        clusterId: null,
        nodeId: -1,
      });
    case 'init-producer-id': {
      const nobody = { producerId: -1, producerEpoch: -1 };
      return asking('InitProducerId', {
        ...who,
        ...(step.isBump ? {} : nobody),
        transactionTimeoutMs: timeoutMs,
      });
    }
    case 'add-partitions': {
      const topics = byTopic(step.partitions);
      return asking('AddPartitionsToTxn', { transactions: [{ ...who, verifyOnly: false, topics }] });
    }
    case 'add-offsets':
      return asking('AddOffsetsToTxn', { ...who, groupId: step.group.groupId });
    case 'commit-offsets':
      return asking('TxnOffsetCommit', {
        ...who,
        groupId: step.group.groupId,
        generationIdOrMemberEpoch: step.group.generationId,
        memberId: step.group.memberId,
        groupInstanceId: step.group.groupInstanceId,
        topics: step.offsets.map(({ topic, partitions }) => ({
          topicId: ZERO_UUID,
          name: topic,
          partitions,
        })),
      });
    case 'end':
      return asking('EndTxn', { ...who, committed: step.committed });
  }
}

function byTopic(partitions: readonly LedPartition[]): AddPartitionsToTxnRequestTopic[] {
  const names = [...new Set(partitions.map(({ topic }) => topic))];
  return names.map((name) => ({
    name,
    partitions: partitions.filter(({ topic }) => topic === name).map(({ partition }) => partition),
  }));
}
