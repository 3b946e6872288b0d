import { assert } from '../../base/assert.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { RecordBatch } from '../../protocol/record-batch.ts';
import type { WriteTxnMarkersResponse } from '../../protocol/write-txn-markers.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import { addOffsetsToTxn, addPartitionsToTxn } from './add-partitions.ts';
import { answer } from './answers.ts';
import { appendTransition, commitAppends, expireAppends, writeCompletions } from './append.ts';
import type { Caller, Coordination, TransactionCoordinator, TransactionShard } from './coordinator-state.ts';
import { describeTransaction, listTransactions } from './describe-transactions.ts';
import { abortFenced, endTxn } from './end-txn.ts';
import { initProducerId } from './init-producer-id.ts';
import {
  dropMarkers,
  onMarkersAnswered as settleMarkers,
  retryMarkers,
  sendMarkers,
} from './marker-channel.ts';
import {
  newTransactionMetadata,
  prepareComplete,
  prepareDead,
  prepareFence,
} from './transaction-metadata.ts';
import { TRANSACTION_TIMER_PREFIX, type TransactionHost, type TransactionTimer } from './transaction-host.ts';
import { decodeTransaction } from './transaction-record.ts';
import { isEnded, isPrepared } from './transaction-state.ts';

/** What a transaction coordinator is asked. */
export type TransactionApi =
  | 'InitProducerId'
  | 'AddPartitionsToTxn'
  | 'AddOffsetsToTxn'
  | 'EndTxn'
  | 'DescribeTransactions'
  | 'ListTransactions';

export type TransactionRequest = CoordinatorRequest<TransactionApi>;

/** Works on a request. Its answer goes out through the host: now, or when a write commits. */
export function handleTransactionRequest(
  coordinator: TransactionCoordinator,
  host: TransactionHost,
  request: TransactionRequest,
): void {
  const coordination = { coordinator, host };
  const { token, version } = request;
  switch (request.api) {
    case 'DescribeTransactions': {
      const { transactionalIds } = request.body;
      const transactionStates = transactionalIds.map((id) => describeTransaction(coordination, id));
      host.answer(token, { throttleTimeMs: 0, transactionStates });
      return;
    }
    case 'ListTransactions':
      host.answer(token, listTransactions(coordination, request.body));
      return;
    default:
      change(coordination, { api: request.api, token, version, part: -1 }, request);
      writeCompletions(coordination);
  }
}

type Change = Exclude<TransactionRequest, { readonly api: 'DescribeTransactions' | 'ListTransactions' }>;

function change(coordination: Coordination, caller: Caller, request: Change): void {
  switch (request.api) {
    case 'InitProducerId': {
      const { transactionalId } = request.body;
      assert(transactionalId !== null, 'producers without a transactional id need no coordinator');
      initProducerId(coordination, caller, { ...request.body, transactionalId });
      return;
    }
    case 'AddPartitionsToTxn':
      addPartitionsToTxn(coordination, caller, request.body.transactions);
      return;
    case 'AddOffsetsToTxn':
      addOffsetsToTxn(coordination, caller, request.body);
      return;
    case 'EndTxn':
      endTxn(coordination, caller, request.body);
  }
}

/**
 * This broker became leader of a partition of `__transaction_state`: takes over what its log says, also above the high
 * watermark, and goes on with transactions whose outcome is decided.
 */
export function loadTransactions(
  coordinator: TransactionCoordinator,
  host: TransactionHost,
  { partition, coordinatorEpoch }: Pick<TransactionShard, 'partition' | 'coordinatorEpoch'>,
  batches: Iterable<RecordBatch>,
): void {
  const coordination = { coordinator, host };
  unloadTransactions(coordinator, host, partition);
  const shard: TransactionShard = { partition, coordinatorEpoch, transactions: new Map(), appends: [] };
  for (const batch of batches) replay(shard, batch);
  coordinator.shards.set(partition, shard);
  for (const txn of shard.transactions.values()) {
    if (!isPrepared(txn.values.state)) continue;
    const complete = prepareComplete(txn, host.wallClockMs());
    assert(complete.ok, 'a prepared transaction can be completed', { ...txn.values });
    sendMarkers(coordination, shard, txn, complete.value);
  }
  writeCompletions(coordination);
}

function replay({ transactions }: TransactionShard, { records }: RecordBatch): void {
  records.keys.forEach((key, i) => {
    const record = decodeTransaction(key ?? '', records.values[i] ?? null);
    if (record === undefined) return;
    const { transactionalId, values } = record;
    if (values === null) transactions.delete(transactionalId);
    else transactions.set(transactionalId, newTransactionMetadata(transactionalId, values));
  });
}

/** This broker no longer leads the partition: whoever waits is told NOT_COORDINATOR, and everything is forgotten. */
export function unloadTransactions(
  coordinator: TransactionCoordinator,
  host: TransactionHost,
  partition: number,
): void {
  coordinator.loading.delete(partition);
  const shard = coordinator.shards.get(partition);
  if (shard === undefined) return;
  const coordination = { coordinator, host };
  coordinator.shards.delete(partition);
  dropMarkers(coordination, partition);
  host.cancelTimer(`${TRANSACTION_TIMER_PREFIX}append/${partition}`);
  for (const { caller } of shard.appends) answer(coordination, caller, ERROR_CODES.NOT_COORDINATOR);
}

/** The high watermark of a partition of `__transaction_state` moved on this broker. */
export function onTransactionLogCommitted(
  coordinator: TransactionCoordinator,
  host: TransactionHost,
  partition: number,
  highWatermark: number,
): void {
  const coordination = { coordinator, host };
  commitAppends(coordination, partition, highWatermark);
  writeCompletions(coordination);
}

/** A broker answered what `sendMarkers` sent, or could not be reached (undefined). */
export function onMarkersAnswered(
  coordinator: TransactionCoordinator,
  host: TransactionHost,
  brokerId: number,
  response: WriteTxnMarkersResponse | undefined,
): void {
  const coordination = { coordinator, host };
  settleMarkers(coordination, brokerId, response);
  writeCompletions(coordination);
}

export function onTransactionTimer(
  coordinator: TransactionCoordinator,
  host: TransactionHost,
  timer: TransactionTimer,
): void {
  const coordination = { coordinator, host };
  if (timer.kind === 'append-timeout') expireAppends(coordination, timer.partition);
  else retryMarkers(coordination);
  writeCompletions(coordination);
}

/** Aborts transactions that have been open for longer than they may, and fences their producers off. */
export function abortTimedOutTransactions(coordinator: TransactionCoordinator, host: TransactionHost): void {
  const coordination = { coordinator, host };
  const nowMs = host.wallClockMs();
  for (const shard of coordinator.shards.values())
    for (const txn of shard.transactions.values()) {
      const { state, startTimestamp, timeoutMs } = txn.values;
      if (txn.pendingState !== null || state !== 'Ongoing' || startTimestamp + timeoutMs >= nowMs) continue;
      const fence = prepareFence(txn);
      if (fence.ok)
        abortFenced(coordination, { shard, txn, fencedBy: fence.value.producerEpoch, caller: null });
    }
}

/** Forgets transactional ids that nobody has used for transactional.id.expiration.ms. */
export function removeExpiredTransactionalIds(
  coordinator: TransactionCoordinator,
  host: TransactionHost,
): void {
  const coordination = { coordinator, host };
  const usedBefore = host.wallClockMs() - host.config['transactional.id.expiration.ms'];
  for (const shard of coordinator.shards.values())
    for (const txn of shard.transactions.values()) {
      const { state, lastUpdateTimestamp } = txn.values;
      if (txn.pendingState !== null || !isEnded(state) || lastUpdateTimestamp > usedBefore) continue;
      const dead = prepareDead(txn);
      if (dead.ok) appendTransition(coordination, shard, { txn, next: dead.value, caller: null });
    }
}
