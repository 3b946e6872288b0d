import { err, ok, type Result } from '../../base/result.ts';
import type { EndTxnRequest } from '../../protocol/end-txn.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from '../../protocol/record-batch.ts';
import { answer } from './answers.ts';
import { appendTransition } from './append.ts';
import { find, type Caller, type Coordination, type TransactionShard } from './coordinator-state.ts';
import {
  isEpochExhausted,
  prepareEnd,
  supportsEpochBump,
  type TransactionMetadata,
  type TxnValues,
} from './transaction-metadata.ts';
import { isEnded, type TransactionState } from './transaction-state.ts';

/** From this version on a client goes on under the epoch that the answer says (KIP-890). */
const BUMPS_EPOCH = 5;
const LAST_USABLE_EPOCH = 0x7ffe;

/** A producer commits or aborts. The answer comes when the outcome is stored; the markers are written after it. */
export function endTxn(coordination: Coordination, caller: Caller, request: EndTxnRequest): void {
  const { transactionalId } = request;
  const found =
    transactionalId === '' ? err(ERROR_CODES.INVALID_REQUEST) : find(coordination, transactionalId);
  if (!found.ok) {
    answer(coordination, caller, found.error);
    return;
  }
  const { shard, txn } = found.value;
  if (txn === undefined) {
    answer(coordination, caller, ERROR_CODES.INVALID_PRODUCER_ID_MAPPING);
    return;
  }
  const bumps = caller.version >= BUMPS_EPOCH;
  const decision = bumps ? decide(txn, request) : decideWithoutBump(txn, request);
  if (!decision.ok)
    answer(coordination, caller, decision.error, decision.error === NONE ? txn.values : undefined);
  else
    prepare(coordination, shard, {
      txn,
      caller,
      commit: request.committed,
      clientTransactionVersion: bumps ? 2 : 0,
      isFence: false,
    });
}

/** Whether the transaction is to be ended; else the code of the answer. NONE: a retry of what is done. */
type Decision = Result<true, number>;

const refuse = (errorCode: number): Decision => err(errorCode);
const INVALID = refuse(ERROR_CODES.INVALID_TXN_STATE);

/** Clients before version 5 keep their epoch (`endTransactionWithTV1`). */
function decideWithoutBump(txn: TransactionMetadata, request: EndTxnRequest): Decision {
  const { values, pendingState } = txn;
  if (values.producerId !== request.producerId) return refuse(ERROR_CODES.INVALID_PRODUCER_ID_MAPPING);
  if (values.producerEpoch !== request.producerEpoch) return refuse(ERROR_CODES.PRODUCER_FENCED);
  if (pendingState !== null) return refuse(ERROR_CODES.CONCURRENT_TRANSACTIONS);
  if (values.state === 'Ongoing') return ok(true);
  return values.state === 'Empty' ? INVALID : repeated(values.state, request.committed);
}

/** The same end again is fine, or not through yet; the opposite is an error. */
function repeated(state: TransactionState, commit: boolean): Decision {
  if ((state === 'PrepareCommit' || state === 'CompleteCommit') !== commit) return INVALID;
  return refuse(isEnded(state) ? NONE : ERROR_CODES.CONCURRENT_TRANSACTIONS);
}

/**
 * Under version 2 the epoch tells a retry from the next request: an end raises it, so whoever still has the one before
 * asks again for what is done.
 */
function decide(txn: TransactionMetadata, request: EndTxnRequest): Decision {
  const { values, pendingState } = txn;
  const isSame = values.producerEpoch === request.producerEpoch;
  const isOverflow =
    values.previousProducerId === request.producerId &&
    request.producerEpoch === LAST_USABLE_EPOCH &&
    values.producerEpoch === 0;
  const isRetry = values.producerEpoch === request.producerEpoch + 1 || isOverflow;
  if (pendingState !== null) return refuse(ERROR_CODES.CONCURRENT_TRANSACTIONS);
  if (values.producerId !== request.producerId && !isOverflow)
    return refuse(ERROR_CODES.INVALID_PRODUCER_ID_MAPPING);
  switch (values.state) {
    case 'Ongoing':
      return isSame ? ok(true) : refuse(ERROR_CODES.PRODUCER_FENCED);
    case 'Empty':
      if (!isSame) return refuse(ERROR_CODES.PRODUCER_FENCED);
      return request.committed ? INVALID : ok(true);
    case 'CompleteCommit':
    case 'CompleteAbort':
      if (isRetry) return repeated(values.state, request.committed);
      if (!isSame) return refuse(ERROR_CODES.PRODUCER_FENCED);
      return request.committed ? INVALID : ok(true);
    default:
      return values.producerEpoch === request.producerEpoch + 1
        ? repeated(values.state, request.committed)
        : refuse(ERROR_CODES.PRODUCER_FENCED);
  }
}

interface Ending {
  readonly txn: TransactionMetadata;
  readonly caller: Caller | null;
  readonly commit: boolean;
  readonly clientTransactionVersion: number;
  readonly isFence: boolean;
}

function prepare(coordination: Coordination, shard: TransactionShard, ending: Ending): void {
  const { txn, caller, commit, clientTransactionVersion, isFence } = ending;
  const nextProducerId = nextProducerIdFor(coordination, ending);
  if (!nextProducerId.ok) {
    answer(coordination, caller, nextProducerId.error);
    return;
  }
  const next = prepareEnd(txn, {
    commit,
    clientTransactionVersion,
    nextProducerId: nextProducerId.value,
    nowMs: coordination.host.wallClockMs(),
    noPartitionAdded: txn.values.state !== 'Ongoing',
  });
  if (next.ok) appendTransition(coordination, shard, { txn, next: next.value, caller, isFence });
  else answer(coordination, caller, ERROR_CODES.UNKNOWN_SERVER_ERROR);
}

/** A client that has used up its epochs goes on with another producer id. */
function nextProducerIdFor(
  { host }: Coordination,
  { txn, clientTransactionVersion, isFence }: Ending,
): Result<number, number> {
  const rotates =
    supportsEpochBump(clientTransactionVersion) && !isFence && isEpochExhausted(txn.values.producerEpoch);
  return rotates ? host.newProducerId() : ok(NO_PRODUCER_ID);
}

export interface FencedAbort {
  readonly shard: TransactionShard;
  readonly txn: TransactionMetadata;
  /** The epoch under which it is aborted. */
  readonly fencedBy: number;
  readonly caller: Caller | null;
}

/**
 * Aborts an open transaction whose producer was fenced off (`prepareFence`). Under version 2 of the cluster the abort
 * itself raises the epoch.
 */
export function abortFenced(coordination: Coordination, { shard, txn, fencedBy, caller }: FencedAbort): void {
  const { transactionVersion } = coordination.host;
  txn.pendingState = null;
  if (!supportsEpochBump(transactionVersion)) txn.values = fenced(txn.values, fencedBy);
  prepare(coordination, shard, {
    txn,
    caller,
    commit: false,
    clientTransactionVersion: supportsEpochBump(transactionVersion) ? transactionVersion : 0,
    isFence: true,
  });
}

const fenced = (values: TxnValues, producerEpoch: number): TxnValues =>
  Object.freeze({ ...values, producerEpoch, lastProducerEpoch: NO_PRODUCER_EPOCH });
