import { ERROR_CODES } from '../../protocol/errors.ts';
import type { InitProducerIdRequest } from '../../protocol/init-producer-id.ts';
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from '../../protocol/record-batch.ts';
import { answer } from './answers.ts';
import { appendTransition } from './append.ts';
import { find, type Caller, type Coordination, type Place } from './coordinator-state.ts';
import { abortFenced } from './end-txn.ts';
import {
  isEpochExhausted,
  newTransactionMetadata,
  prepareEpochBump,
  prepareFence,
  prepareIdRotation,
  type TransactionMetadata,
} from './transaction-metadata.ts';
import { isPrepared } from './transaction-state.ts';

interface InitRequest extends InitProducerIdRequest {
  readonly transactionalId: string;
}

/** A producer begins, or begins anew: it gets an epoch that fences everybody off who used its id before. */
export function initProducerId(coordination: Coordination, caller: Caller, request: InitRequest): void {
  const { host } = coordination;
  const { transactionTimeoutMs: timeoutMs } = request;
  const isAllowed = timeoutMs > 0 && timeoutMs <= host.config['transaction.max.timeout.ms'];
  const found = isAllowed ? find(coordination, request.transactionalId) : undefined;
  if (found?.ok !== true) {
    answer(coordination, caller, found?.error ?? ERROR_CODES.INVALID_TRANSACTION_TIMEOUT);
    return;
  }
  const txn = found.value.txn ?? create(coordination, found.value, request);
  if (typeof txn === 'number') answer(coordination, caller, txn);
  else begin(coordination, { caller, request, place: { ...found.value, txn } });
}

/** The transactional id is used for the first time. The error is a code. */
function create(
  { host }: Coordination,
  { shard }: Place,
  request: InitRequest,
): TransactionMetadata | number {
  const { transactionalId, transactionTimeoutMs: timeoutMs } = request;
  const producerId = host.newProducerId();
  if (!producerId.ok) return producerId.error;
  const values = { producerId: producerId.value, timeoutMs, lastUpdateTimestamp: host.wallClockMs() };
  const txn = newTransactionMetadata(transactionalId, values);
  shard.transactions.set(transactionalId, txn);
  return txn;
}

interface Init {
  readonly caller: Caller;
  readonly request: InitRequest;
  readonly place: Place & { readonly txn: TransactionMetadata };
}

function begin(coordination: Coordination, init: Init): void {
  const { caller, request, place } = init;
  const { txn, shard } = place;
  if (txn.pendingState !== null) answer(coordination, caller, ERROR_CODES.CONCURRENT_TRANSACTIONS);
  else if (!isKnownAs(txn, request)) answer(coordination, caller, ERROR_CODES.PRODUCER_FENCED);
  else if (isPrepared(txn.values.state)) answer(coordination, caller, ERROR_CODES.CONCURRENT_TRANSACTIONS);
  else if (txn.values.state !== 'Ongoing') giveEpoch(coordination, init);
  else {
    // The open transaction is aborted under an epoch that nobody is told of; the client comes again.
    const fence = prepareFence(txn);
    if (!fence.ok) answer(coordination, caller, ERROR_CODES.UNKNOWN_SERVER_ERROR);
    else abortFenced(coordination, { shard, txn, fencedBy: fence.value.producerEpoch, caller });
  }
}

/** Whether a producer that says who it is may be the one that this id belongs to. */
function isKnownAs({ values }: TransactionMetadata, { producerId, producerEpoch }: InitRequest): boolean {
  if (producerId === NO_PRODUCER_ID || values.producerEpoch === NO_PRODUCER_EPOCH) return true;
  const isFormer = producerId === values.previousProducerId && isEpochExhausted(producerEpoch);
  return producerId === values.producerId || isFormer;
}

function giveEpoch(coordination: Coordination, { caller, request, place }: Init): void {
  const { host } = coordination;
  const { shard, txn } = place;
  const expectedEpoch = request.producerId === NO_PRODUCER_ID ? null : request.producerEpoch;
  const asked = { timeoutMs: request.transactionTimeoutMs, expectedEpoch, nowMs: host.wallClockMs() };
  const { producerEpoch } = txn.values;
  const rotates = isEpochExhausted(producerEpoch) && (expectedEpoch ?? producerEpoch) === producerEpoch;
  const producerId = rotates ? host.newProducerId() : undefined;
  if (producerId?.ok === false) {
    answer(coordination, caller, producerId.error);
    return;
  }
  const next =
    producerId === undefined ? prepareEpochBump(txn, asked) : prepareIdRotation(txn, producerId.value, asked);
  if (next.ok) appendTransition(coordination, shard, { txn, next: next.value, caller });
  else
    answer(
      coordination,
      caller,
      next.error === 'producer-fenced' ? ERROR_CODES.PRODUCER_FENCED : ERROR_CODES.UNKNOWN_SERVER_ERROR,
    );
}
