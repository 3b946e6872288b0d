import { err, ok, type Result } from '../../base/result.ts';
import { MAX_PRODUCER_EPOCH, NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from '../../protocol/record-batch.ts';
import { isEnded, isPrepared, VALID_PREVIOUS_STATES, type TransactionState } from './transaction-state.ts';

/** A partition that takes part in a transaction. Frozen. */
export interface TxnPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What `__transaction_state` says of a transactional id. Frozen. */
export interface TxnValues {
  readonly producerId: number;
  /** The producer id before the last transition, −1 at first. */
  readonly previousProducerId: number;
  /** Producer id that the client goes on with once an exhausted epoch is used up, −1 for none. */
  readonly nextProducerId: number;
  /** −1 before the first InitProducerId is through. */
  readonly producerEpoch: number;
  /** The epoch before, if its producer went on by itself; −1 if another took over. */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  /** By topic, then number. */
  readonly partitions: readonly TxnPartition[];
  /** ms since 1970, −1 while no transaction was begun. */
  readonly startTimestamp: number;
  /** ms since 1970. */
  readonly lastUpdateTimestamp: number;
  /** Version of the transaction protocol that the client spoke last (KIP-890). */
  readonly clientTransactionVersion: number;
}

/** A transactional id (`TransactionMetadata`). A transition is prepared, written to the log, and then completed. */
export interface TransactionMetadata {
  readonly transactionalId: string;
  values: TxnValues;
  /** The state that is being written; no other transition may begin meanwhile. */
  pendingState: TransactionState | null;
  /** A bumped epoch may not have reached the log; nobody was told of it, so it is not bumped again. */
  hasFailedEpochFence: boolean;
}

/** Why a transition is refused: a wrong moment, a producer that was fenced off, or values that no producer can have. */
export type TransitionRefusal = 'illegal-state' | 'producer-fenced' | 'illegal-argument';

export type Transition = Result<TxnValues, TransitionRefusal>;

/** From this version on the end of a transaction begins a new epoch. */
export const supportsEpochBump = (transactionVersion: number): boolean => transactionVersion >= 2;

export const newTransactionMetadata = (
  transactionalId: string,
  values: Pick<TxnValues, 'producerId' | 'timeoutMs' | 'lastUpdateTimestamp'> & Partial<TxnValues>,
): TransactionMetadata => ({
  transactionalId,
  values: Object.freeze({
    previousProducerId: NO_PRODUCER_ID,
    nextProducerId: NO_PRODUCER_ID,
    producerEpoch: NO_PRODUCER_EPOCH,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    state: 'Empty',
    partitions: NO_PARTITIONS,
    startTimestamp: -1,
    clientTransactionVersion: 0,
    ...values,
  }),
  pendingState: null,
  hasFailedEpochFence: false,
});

const NO_PARTITIONS: readonly TxnPartition[] = Object.freeze([]);

/** The last epoch is kept back, so that the coordinator can always fence a producer off. */
export const isEpochExhausted = (producerEpoch: number): boolean => producerEpoch >= MAX_PRODUCER_EPOCH - 1;

function prepare(txn: TransactionMetadata, state: TransactionState, changes: Partial<TxnValues>): Transition {
  if (txn.pendingState !== null) return err('illegal-state');
  const { values } = txn;
  const next = { ...values, ...changes, state, previousProducerId: values.producerId };
  const hasValidEpoch = next.producerEpoch >= 0 && next.producerEpoch <= MAX_PRODUCER_EPOCH;
  if (next.producerId < 0 || (state !== 'Dead' && !hasValidEpoch)) return err('illegal-argument');
  if (!VALID_PREVIOUS_STATES[state].includes(values.state)) return err('illegal-state');
  txn.pendingState = state;
  return ok(Object.freeze(next));
}

/**
 * A new producer took over, or time is up: the open transaction will be aborted under a higher epoch, as long as there
 * is one.
 */
export function prepareFence(txn: TransactionMetadata): Transition {
  const { producerEpoch } = txn.values;
  const stays = txn.hasFailedEpochFence || producerEpoch === MAX_PRODUCER_EPOCH;
  return prepare(txn, 'PrepareEpochFence', { producerEpoch: producerEpoch + (stays ? 0 : 1) });
}

export interface NewEpoch {
  readonly timeoutMs: number;
  /** The epoch that the producer believes to have; null if it comes anew. */
  readonly expectedEpoch: number | null;
  readonly nowMs: number;
}

const withoutTransaction = ({ timeoutMs, nowMs }: Pick<NewEpoch, 'timeoutMs' | 'nowMs'>) => ({
  timeoutMs,
  partitions: NO_PARTITIONS,
  startTimestamp: -1,
  lastUpdateTimestamp: nowMs,
});

/** InitProducerId with the present producer id. A retry gets the same epoch again. */
export function prepareEpochBump(txn: TransactionMetadata, asked: NewEpoch): Transition {
  const { producerEpoch, lastProducerEpoch } = txn.values;
  const { expectedEpoch } = asked;
  if (isEpochExhausted(producerEpoch)) return err('illegal-state');
  const goesOn = producerEpoch === NO_PRODUCER_EPOCH || expectedEpoch === producerEpoch;
  const isRetry = !goesOn && expectedEpoch === lastProducerEpoch;
  if (expectedEpoch !== null && !goesOn && !isRetry) return err('producer-fenced');
  const epochs = isRetry
    ? { producerEpoch, lastProducerEpoch }
    : {
        producerEpoch: producerEpoch + 1,
        lastProducerEpoch: expectedEpoch === null ? NO_PRODUCER_EPOCH : producerEpoch,
      };
  return prepare(txn, 'Empty', { ...epochs, ...withoutTransaction(asked) });
}

/** InitProducerId with a new producer id, after the epochs of the old one are used up. */
export function prepareIdRotation(txn: TransactionMetadata, producerId: number, asked: NewEpoch): Transition {
  const { state, producerEpoch } = txn.values;
  if (state === 'Ongoing' || isPrepared(state)) return err('illegal-state');
  const lastProducerEpoch = asked.expectedEpoch === null ? NO_PRODUCER_EPOCH : producerEpoch;
  return prepare(txn, 'Empty', {
    producerId,
    producerEpoch: 0,
    lastProducerEpoch,
    ...withoutTransaction(asked),
  });
}

export interface TxnStep {
  readonly clientTransactionVersion: number;
  readonly nowMs: number;
}

/** The transaction begins, or grows. */
export function prepareAddPartitions(
  txn: TransactionMetadata,
  added: readonly TxnPartition[],
  { clientTransactionVersion, nowMs }: TxnStep,
): Transition {
  const { values } = txn;
  return prepare(txn, 'Ongoing', {
    partitions: union(values.partitions, added),
    startTimestamp: isEnded(values.state) ? nowMs : values.startTimestamp,
    lastUpdateTimestamp: nowMs,
    clientTransactionVersion,
  });
}

export interface TxnEnding extends TxnStep {
  readonly commit: boolean;
  /** −1 for none. */
  readonly nextProducerId: number;
  /** Version 2 lets a producer abort what it never began; such a transaction starts now. */
  readonly noPartitionAdded: boolean;
}

/** The outcome is decided. */
export function prepareEnd(txn: TransactionMetadata, ending: TxnEnding): Transition {
  const { producerEpoch, startTimestamp } = txn.values;
  const { clientTransactionVersion, nextProducerId, nowMs } = ending;
  // Only an abort may use up the very last epoch: it must end somehow.
  const bump = producerEpoch === MAX_PRODUCER_EPOCH && !ending.commit ? 0 : 1;
  const epochs = supportsEpochBump(clientTransactionVersion)
    ? { producerEpoch: producerEpoch + bump, lastProducerEpoch: producerEpoch }
    : {};
  return prepare(txn, ending.commit ? 'PrepareCommit' : 'PrepareAbort', {
    ...epochs,
    nextProducerId,
    startTimestamp: ending.noPartitionAdded ? nowMs : startTimestamp,
    lastUpdateTimestamp: nowMs,
    clientTransactionVersion,
  });
}

/** All markers are written. A producer whose epochs are used up goes on with its next id. */
export function prepareComplete(txn: TransactionMetadata, nowMs: number): Transition {
  const { state, nextProducerId, clientTransactionVersion } = txn.values;
  txn.hasFailedEpochFence = false;
  const rotates = supportsEpochBump(clientTransactionVersion) && nextProducerId !== NO_PRODUCER_ID;
  return prepare(txn, state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort', {
    ...(rotates ? { producerId: nextProducerId, producerEpoch: 0 } : {}),
    nextProducerId: NO_PRODUCER_ID,
    partitions: NO_PARTITIONS,
    lastUpdateTimestamp: nowMs,
  });
}

/** The transactional id expires. */
export const prepareDead = (txn: TransactionMetadata): Transition =>
  prepare(txn, 'Dead', { partitions: NO_PARTITIONS });

/** The prepared transition is in the log and holds from now on. False: it does not follow from what is. */
export function completeTransition(txn: TransactionMetadata, next: TxnValues): boolean {
  if (txn.pendingState !== next.state || !isConsistent(txn.values, next)) return false;
  txn.values = next;
  txn.pendingState = null;
  return true;
}

function isConsistent(before: TxnValues, next: TxnValues): boolean {
  switch (next.state) {
    case 'Empty':
      return hasSameOrNextEpoch(before, next) && next.partitions.length === 0 && next.startTimestamp === -1;
    case 'Ongoing':
      return continuesEpoch(before, next) && includesAll(next.partitions, before.partitions);
    case 'PrepareCommit':
    case 'PrepareAbort':
      return (
        continuesEpoch(before, next) &&
        next.partitions.length === before.partitions.length &&
        (next.startTimestamp === before.startTimestamp || isEmptyAbort(before, next))
      );
    case 'CompleteCommit':
    case 'CompleteAbort':
      return continuesEpoch(before, next) && next.startTimestamp !== -1;
    default:
      return false;
  }
}

const isEmptyAbort = (before: TxnValues, next: TxnValues): boolean =>
  next.state === 'PrepareAbort' && supportsEpochBump(next.clientTransactionVersion) && isEnded(before.state);

const hasSameOrNextEpoch = (before: TxnValues, next: TxnValues): boolean =>
  next.producerEpoch === before.producerEpoch ||
  next.producerEpoch === before.producerEpoch + 1 ||
  (next.producerEpoch === 0 && next.producerId !== before.producerId);

/** Within a transaction the producer stays the same, but for what version 2 changes at its end. */
function continuesEpoch(before: TxnValues, next: TxnValues): boolean {
  if (next.timeoutMs !== before.timeoutMs) return false;
  const bumps = supportsEpochBump(next.clientTransactionVersion);
  if (bumps && isEnded(next.state) && next.producerEpoch === 0)
    return (
      next.lastProducerEpoch === before.lastProducerEpoch && next.previousProducerId === before.producerId
    );
  const epoch = bumps && isPrepared(next.state) ? next.lastProducerEpoch : next.producerEpoch;
  return epoch === before.producerEpoch && next.producerId === before.producerId;
}

const isSame = (a: TxnPartition, b: TxnPartition): boolean =>
  a.topic === b.topic && a.partition === b.partition;

export const includesAll = (all: readonly TxnPartition[], some: readonly TxnPartition[]): boolean =>
  some.every((wanted) => all.some((known) => isSame(known, wanted)));

export const without = (
  all: readonly TxnPartition[],
  gone: readonly TxnPartition[],
): readonly TxnPartition[] =>
  Object.freeze(all.filter((known) => !gone.some((other) => isSame(known, other))));

const union = (all: readonly TxnPartition[], added: readonly TxnPartition[]): readonly TxnPartition[] =>
  Object.freeze([...all, ...distinct(without(added, all))].sort(byTopicAndNumber));

const distinct = (partitions: readonly TxnPartition[]): TxnPartition[] =>
  partitions.filter((partition, i) => !includesAll(partitions.slice(0, i), [partition]));

const byTopicAndNumber = (a: TxnPartition, b: TxnPartition): number =>
  a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
