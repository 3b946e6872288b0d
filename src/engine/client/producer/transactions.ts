import { millis, type SimTime } from '../../base/time.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import { NONE } from '../../protocol/errors.ts';
import type { OffsetCommitRequestPartition } from '../../protocol/offset-commit.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { LedPartition } from '../network/cluster-metadata.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { Producer } from './producer-state.ts';
import {
  becomeAbortable,
  becomeFatal,
  beginAbort,
  beginCommit,
  beginTransaction,
  checkSendOffsets,
  initializeTransactions,
  newTxnStanding,
  transition,
  type Refusal,
  type TxnCall,
  type TxnStanding,
} from './transaction-state.ts';

/** Offsets of one topic that go with a transaction. */
export interface TxnOffsets {
  readonly topic: string;
  readonly partitions: readonly OffsetCommitRequestPartition[];
}

/** Who consumed what the transaction is made of (`ConsumerGroupMetadata`). */
export interface GroupMetadata {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/** One request to a coordinator, or for one. Frozen. */
export type TxnStep = { readonly notBefore: SimTime } & (
  | { readonly type: 'find-coordinator'; readonly keyType: number; readonly key: string }
  | { readonly type: 'api-versions' }
  | { readonly type: 'init-producer-id'; readonly isBump: boolean }
  | { readonly type: 'add-partitions'; readonly partitions: readonly LedPartition[] }
  | {
      readonly type: 'add-offsets' | 'commit-offsets';
      readonly group: GroupMetadata;
      readonly offsets: readonly TxnOffsets[];
    }
  | { readonly type: 'end'; readonly committed: boolean }
);

/** Calls that block until the coordinators have answered. */
export type WaitingCall = TxnCall | 'sendOffsetsToTransaction';

/** What a transactional producer has to do with its coordinators (the rest of `TransactionManager`). Plain data. */
export interface Transactions {
  readonly standing: TxnStanding;
  readonly timeoutMs: number;
  /** Whether the cluster has `transaction.version` 2; null before it was asked. */
  isV2: boolean | null;
  /** Broker id of the coordinator, −1 while unknown. */
  coordinator: number;
  /** The same for the group whose offsets go along. */
  groupCoordinator: number;
  /** What is to be asked, in this order, one at a time. */
  steps: TxnStep[];
  inFlight: TxnStep | null;
  /** Have records, but are not part of the transaction yet. */
  readonly newPartitions: Map<TopicPartitionName, LedPartition>;
  /** The coordinator knows of the transaction, so it has to be ended there. */
  started: boolean;
  /** Only a new epoch keeps out what of the aborted transaction may still be on its way. */
  bumpRequired: boolean;
  /** The application stands in this call until then. */
  waiting: { readonly call: WaitingCall; readonly deadline: SimTime } | null;
  /** What the pending call came to after `max.block.ms`, for its repetition. */
  outcome: number | null;
}

export const newTransactions = (transactionalId: string, timeoutMs: number): Transactions => ({
  standing: newTxnStanding(transactionalId),
  timeoutMs,
  isV2: null,
  coordinator: -1,
  groupCoordinator: -1,
  steps: [],
  inFlight: null,
  newPartitions: new Map(),
  started: false,
  bumpRequired: false,
  waiting: null,
  outcome: null,
});

/** Whoever is to be asked has to be found first, whatever was to be asked again. */
const RANKS: Readonly<Record<TxnStep['type'], number>> = {
  'find-coordinator': 0,
  'api-versions': 1,
  'init-producer-id': 2,
  'add-partitions': 3,
  'add-offsets': 3,
  'commit-offsets': 3,
  end: 4,
};
const RANK_OF_BUMP = 5;

const rankOf = (step: TxnStep): number =>
  step.type === 'init-producer-id' && step.isBump ? RANK_OF_BUMP : RANKS[step.type];

/** Steps of one rank keep their order. */
export function enqueue({ steps }: Transactions, step: TxnStep): void {
  const rank = rankOf(step);
  const at = steps.findIndex((other) => rankOf(other) > rank);
  steps.splice(at < 0 ? steps.length : at, 0, Object.freeze(step));
}

/** A step that has to be repeated comes before others of its rank. */
export function enqueueAgain({ steps }: Transactions, step: TxnStep, notBefore: SimTime): void {
  const rank = rankOf(step);
  const at = steps.findIndex((other) => rankOf(other) >= rank);
  steps.splice(at < 0 ? steps.length : at, 0, Object.freeze({ ...step, notBefore }));
}

const NO_TRANSACTIONS: Refusal = {
  exception: 'IllegalStateException',
  message: 'Cannot use transactional methods without enabling transactions by setting the transactional.id',
};

/** Whether the transaction is being ended: nothing lingers, and nothing is added. */
export const isCompleting = ({ standing: { state } }: Transactions): boolean =>
  state === 'COMMITTING_TRANSACTION' || state === 'ABORTING_TRANSACTION';

type Begin = (transactions: Transactions) => Refusal | undefined;

/** Begins a call, or goes on waiting for it. What it came to is told by a notice. */
function call(producer: Producer, context: NodeContext, name: TxnCall, begin: Begin): Refusal | undefined {
  const { transactions } = producer;
  if (transactions === null) return NO_TRANSACTIONS;
  const refusal = begin(transactions);
  if (refusal !== undefined) return refusal;
  wait(producer, context, name);
  const { outcome } = transactions;
  transactions.outcome = null;
  if (outcome !== null) finishCall(producer, outcome);
  return undefined;
}

function wait(producer: Producer, context: NodeContext, name: WaitingCall): void {
  const delay = millis(producer.config['max.block.ms']);
  context.setTimer(`${producer.network.prefix}:transaction`, delay);
  if (producer.transactions !== null)
    producer.transactions.waiting = { call: name, deadline: context.now() + delay };
}

/** The pending call has come to an end. A caller that no longer waits learns it when it repeats the call. */
export function finishCall({ transactions, notices }: Producer, error: number): void {
  const name = transactions?.standing.pendingCall;
  if (!transactions || !name) return;
  if (transactions.waiting?.call !== name) {
    transactions.outcome = error;
    return;
  }
  transactions.waiting = null;
  transactions.standing.pendingCall = null;
  notices.push({ type: 'transaction-call-completed', call: name, error });
}

/** The offsets are with their coordinator, or will not get there. */
export function finishSendOffsets({ transactions, notices }: Producer, error: number): void {
  const name = 'sendOffsetsToTransaction';
  if (transactions?.waiting?.call !== name) return;
  transactions.waiting = null;
  notices.push({ type: 'transaction-call-completed', call: name, error });
}

/** `max.block.ms` is over: the application goes on, and may repeat the call. */
export function giveUpCall({ transactions, notices }: Producer, now: SimTime): void {
  const waiting = transactions?.waiting ?? null;
  if (transactions === null || waiting === null || now < waiting.deadline) return;
  transactions.waiting = null;
  notices.push({ type: 'transaction-call-timed-out', call: waiting.call });
}

/** `initTransactions()`: gets an identity, and ends what an earlier producer of this id left open. */
export const callInit = (producer: Producer, context: NodeContext): Refusal | undefined =>
  call(producer, context, 'initTransactions', (transactions) => {
    const isNew = transactions.standing.pendingCall === null;
    const refusal = initializeTransactions(transactions.standing);
    if (refusal === undefined && isNew)
      enqueue(transactions, { type: 'init-producer-id', isBump: false, notBefore: 0 });
    return refusal;
  });

/** `beginTransaction()`: asks nobody. */
export const begin = ({ transactions }: Producer): Refusal | undefined =>
  transactions === null ? NO_TRANSACTIONS : beginTransaction(transactions.standing);

/** `sendOffsetsToTransaction()`: the offsets count when the transaction is committed. */
export function callSendOffsets(
  producer: Producer,
  context: NodeContext,
  offsets: readonly TxnOffsets[],
  group: GroupMetadata,
): Refusal | undefined {
  const { transactions } = producer;
  if (transactions === null) return NO_TRANSACTIONS;
  const refusal = checkSendOffsets(transactions.standing);
  if (refusal !== undefined) return refusal;
  wait(producer, context, 'sendOffsetsToTransaction');
  const type = transactions.isV2 === true ? 'commit-offsets' : 'add-offsets';
  if (transactions.isV2 === true) transactions.started = true;
  enqueue(transactions, { type, group, offsets, notBefore: 0 });
  return undefined;
}

export const callCommit = (producer: Producer, context: NodeContext): Refusal | undefined =>
  call(producer, context, 'commitTransaction', (transactions) => {
    const isNew = transactions.standing.pendingCall === null;
    const refusal = beginCommit(transactions.standing);
    if (refusal === undefined && isNew) complete(producer, transactions, true);
    return refusal;
  });

export const callAbort = (producer: Producer, context: NodeContext): Refusal | undefined =>
  call(producer, context, 'abortTransaction', (transactions) => {
    const isNew = transactions.standing.pendingCall === null;
    const refusal = beginAbort(transactions.standing);
    if (refusal === undefined && isNew) complete(producer, transactions, false);
    return refusal;
  });

function complete({ accumulator }: Producer, transactions: Transactions, committed: boolean): void {
  accumulator.completing = true;
  if (!committed) transactions.newPartitions.clear();
  else addNewPartitions(transactions);
  enqueue(transactions, { type: 'end', committed, notBefore: 0 });
}

/** Asks for the partitions that got their first records. */
export function addNewPartitions(transactions: Transactions): void {
  const { newPartitions } = transactions;
  if (newPartitions.size === 0) return;
  enqueue(transactions, { type: 'add-partitions', partitions: [...newPartitions.values()], notBefore: 0 });
  newPartitions.clear();
}

/** A producer that closes leaves no transaction open. Returns whether there is something left to wait for. */
export function isEndingForClose(producer: Producer): boolean {
  const { transactions } = producer;
  if (transactions === null || transactions.standing.state === 'FATAL_ERROR') return false;
  const { standing, steps, inFlight } = transactions;
  if (steps.length > 0 || inFlight !== null) return true;
  if (standing.state !== 'IN_TRANSACTION' && standing.state !== 'ABORTABLE_ERROR') return false;
  transition(standing, 'ABORTING_TRANSACTION');
  complete(producer, transactions, false);
  return true;
}

/** A record was taken for this partition. Returns whether a coordinator must be told before it can be sent. */
export function notePartition(
  transactions: Transactions,
  partitions: Set<string>,
  queue: PartitionQueue,
): boolean {
  const { name, topic, partition } = queue;
  if (partitions.has(name)) return false;
  if (transactions.isV2 === true) {
    partitions.add(name);
    transactions.started = true;
    return false;
  }
  if (isBeingAdded(transactions, queue)) return false;
  transactions.newPartitions.set(name, Object.freeze({ topic, partition }));
  return true;
}

function isBeingAdded({ newPartitions, steps, inFlight }: Transactions, queue: PartitionQueue): boolean {
  const adds = (step: TxnStep | null): boolean =>
    step?.type === 'add-partitions' &&
    step.partitions.some(({ topic, partition }) => topic === queue.topic && partition === queue.partition);
  return newPartitions.has(queue.name) || adds(inFlight) || steps.some(adds);
}

/**
 * Something failed that an abort can mend. What of a failed batch may still be on its way must not get into the next
 * transaction: before version 2 the producer asks for a new epoch after the abort.
 */
export function failTransaction(transactions: Transactions, error: number, ofBatch: boolean): void {
  if (ofBatch && transactions.isV2 !== true && !isCompleting(transactions)) transactions.bumpRequired = true;
  becomeAbortable(transactions.standing, error);
}

/** The producer cannot go on: nothing is asked any more, and no call succeeds. */
export function failForGood(producer: Producer, error: number): void {
  const { transactions } = producer;
  if (transactions === null) return;
  becomeFatal(transactions.standing, error);
  transactions.steps = [];
  finishCall(producer, error);
  finishSendOffsets(producer, error);
}

/** The coordinator has ended the transaction. */
export function completeTransaction(producer: Producer): void {
  const { transactions, idempotence, accumulator } = producer;
  if (transactions === null) return;
  const { bumpRequired, standing } = transactions;
  transition(standing, bumpRequired ? 'INITIALIZING' : 'READY');
  if (bumpRequired) enqueue(transactions, { type: 'init-producer-id', isBump: true, notBefore: 0 });
  transactions.bumpRequired = false;
  transactions.started = false;
  transactions.newPartitions.clear();
  idempotence.partitions?.clear();
  accumulator.completing = false;
  if (!bumpRequired) finishCall(producer, NONE);
}
