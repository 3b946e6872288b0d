import { assert } from '../../base/assert.ts';
import { millis } from '../../base/time.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { errorToClient } from '../group/error-answers.ts';
import { answer } from './answers.ts';
import type { Caller, Coordination, PendingAppend, TransactionShard } from './coordinator-state.ts';
import { isCurrent, retryCompletion, sendMarkers } from './marker-channel.ts';
import {
  completeTransition,
  prepareComplete,
  type TransactionMetadata,
  type TxnValues,
} from './transaction-metadata.ts';
import { TRANSACTION_TIMER_PREFIX, type TransactionTimer } from './transaction-host.ts';
import { encodeTransaction, isWritable, valueVersionOf } from './transaction-record.ts';
import { isPrepared } from './transaction-state.ts';

export interface Append {
  readonly txn: TransactionMetadata;
  readonly next: TxnValues;
  readonly caller: Caller | null;
  readonly isFence?: boolean;
}

/** Writes a prepared transition; what follows from it waits until it is committed (`appendTransactionToLog`). */
export function appendTransition(
  coordination: Coordination,
  shard: TransactionShard,
  { txn, next, caller, isFence = false }: Append,
): void {
  const { host } = coordination;
  const { transactionalId } = txn;
  const version = valueVersionOf(host.transactionVersion);
  if (!isWritable(next, version)) {
    // As in Kafka the transition stays pending: the id is of no use until its partition is loaded anew.
    answer(coordination, caller, ERROR_CODES.UNSUPPORTED_VERSION);
    return;
  }
  const expires = next.state === 'Dead';
  const timestamp = host.wallClockMs();
  const record = encodeTransaction(transactionalId, expires ? null : next, { version, timestamp });
  const appended = host.append(shard.partition, [record]);
  const timeoutMs = expires ? host.config['request.timeout.ms'] : next.timeoutMs;
  const deadline = host.now() + millis(timeoutMs);
  const pending = { deadline, transactionalId, next, caller, isFence };
  if (!appended.ok) {
    fail(coordination, shard, { offset: -1, ...pending }, appended.error);
    return;
  }
  shard.appends.push(Object.freeze({ offset: appended.value, ...pending }));
  armAppendTimer(coordination, shard);
}

function armAppendTimer({ host }: Coordination, { partition, appends }: TransactionShard): void {
  const name = `${TRANSACTION_TIMER_PREFIX}append/${partition}`;
  if (appends.length === 0) {
    host.cancelTimer(name);
    return;
  }
  const deadline = Math.min(...appends.map((append) => append.deadline));
  const timer: TransactionTimer = Object.freeze({ kind: 'append-timeout', partition });
  host.setTimer(name, Math.max(deadline - host.now(), 0), timer);
}

/** The high watermark of a partition of `__transaction_state` moved: what it covers holds. */
export function commitAppends(coordination: Coordination, partition: number, highWatermark: number): void {
  const shard = coordination.coordinator.shards.get(partition);
  if (shard === undefined) return;
  const { appends } = shard;
  const before = appends.length;
  while (appends[0] !== undefined && appends[0].offset <= highWatermark)
    succeed(coordination, shard, appends.shift() as PendingAppend);
  if (appends.length < before) armAppendTimer(coordination, shard);
}

/** Gives up on what waited too long. It stays in the log and may be committed later, as in Kafka. */
export function expireAppends(coordination: Coordination, partition: number): void {
  const shard = coordination.coordinator.shards.get(partition);
  if (shard === undefined) return;
  const now = coordination.host.now();
  const expired = shard.appends.filter(({ deadline }) => deadline <= now);
  const left = shard.appends.filter(({ deadline }) => deadline > now);
  shard.appends.splice(0, shard.appends.length, ...left);
  for (const append of expired) fail(coordination, shard, append, ERROR_CODES.REQUEST_TIMED_OUT);
  armAppendTimer(coordination, shard);
}

function succeed(coordination: Coordination, shard: TransactionShard, append: PendingAppend): void {
  const { transactionalId, next, caller } = append;
  const txn = shard.transactions.get(transactionalId);
  assert(txn !== undefined, 'a transaction that is written is known', { transactionalId });
  if (next.state === 'Dead') {
    shard.transactions.delete(transactionalId);
    return;
  }
  assert(completeTransition(txn, next), 'a written transition follows from what is', { ...next });
  const { state, producerId, producerEpoch } = next;
  coordination.host.trace({
    type: 'transaction-changed',
    transactionalId,
    state,
    producerId,
    producerEpoch,
    partitions: next.partitions.length,
    ...(state === 'PrepareAbort' && { reason: abortReason(append.caller) }),
  });
  if (isPrepared(state)) {
    coordination.host.anchor(state === 'PrepareCommit' ? 'after-prepare-commit' : 'after-prepare-abort');
    endPrepared(coordination, shard, txn, caller);
  } else answer(coordination, caller, NONE, next);
}

/** Without a caller it is the coordinator itself that has lost patience. */
const abortReason = (caller: Caller | null): 'asked' | 'timed out' | 'taken over' =>
  caller === null ? 'timed out' : caller.api === 'InitProducerId' ? 'taken over' : 'asked';

/** The outcome is decided: the client need not wait for the markers. */
function endPrepared(
  coordination: Coordination,
  shard: TransactionShard,
  txn: TransactionMetadata,
  caller: Caller | null,
): void {
  const complete = prepareComplete(txn, coordination.host.wallClockMs());
  assert(complete.ok, 'a prepared transaction can be completed', { ...txn.values });
  const isInit = caller?.api === 'InitProducerId';
  answer(
    coordination,
    caller,
    isInit ? ERROR_CODES.CONCURRENT_TRANSACTIONS : NONE,
    isInit ? undefined : complete.value,
  );
  sendMarkers(coordination, shard, txn, complete.value);
}

function fail(
  coordination: Coordination,
  shard: TransactionShard,
  { transactionalId, next, caller, isFence }: PendingAppend,
  error: number,
): void {
  const errorCode = errorToClient(null, error);
  const txn = shard.transactions.get(transactionalId);
  const isCompletion = next.state === 'CompleteCommit' || next.state === 'CompleteAbort';
  if (isCompletion && errorCode === ERROR_CODES.COORDINATOR_NOT_AVAILABLE) {
    const { partition, coordinatorEpoch } = shard;
    retryCompletion(
      coordination,
      Object.freeze({ shard: partition, coordinatorEpoch, transactionalId, next }),
    );
    return;
  }
  if (txn !== undefined) {
    txn.pendingState = null;
    if (isFence) txn.hasFailedEpochFence = true;
  }
  answer(coordination, caller, errorCode);
}

/** Writes the ends of transactions whose markers are all written. */
export function writeCompletions(coordination: Coordination): void {
  const { markers, shards } = coordination.coordinator;
  const { ready } = markers;
  markers.ready = [];
  for (const completion of ready) {
    const shard = shards.get(completion.shard);
    const txn = shard?.transactions.get(completion.transactionalId);
    if (shard === undefined || txn === undefined || !isCurrent(coordination, completion)) continue;
    coordination.host.anchor('after-markers');
    appendTransition(coordination, shard, { txn, next: completion.next, caller: null });
  }
}
