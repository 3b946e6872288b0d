import { assert } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import {
  lastOffset,
  nextOffset,
  NO_PRODUCER_ID,
  withHeader,
  type CompressionType,
  type RecordBatch,
} from '../protocol/record-batch.ts';
import { appendEntry } from '../sim/disk.ts';
import { validateBatch, type AppendRefusal } from './batch-validator.ts';
import { assignEpoch } from './leader-epoch-cache.ts';
import {
  activeSegment,
  recordsOf,
  rollLog,
  setAborted,
  setEpochs,
  updateFirstUnstableOffset,
  type LogContext,
  type PartitionLog,
} from './partition-log.ts';
import * as producers from './producer-append.ts';
import * as transactions from './transaction-append.ts';
import { addToSegment, shouldRoll } from './segment.ts';

/** What became of a batch. Offsets are the original ones for a batch that was already there. */
export interface AppendInfo {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** ms since 1970. */
  readonly maxTimestamp: number;
  /** ms since 1970; −1 unless the topic stamps records with it. */
  readonly logAppendTimeMs: number;
  readonly isDuplicate: boolean;
}

export interface LeaderAppend {
  readonly leaderEpoch: number;
  readonly origin: 'client' | 'coordinator';
  /** For a marker. */
  readonly markerVersion?: producers.MarkerVersion;
  /** Of the verification that the transaction coordinator confirmed. */
  readonly verificationGuard?: number;
}

/**
 * Appends a batch as the leader: gives it offsets and the leader epoch. A retry of a client's batch that is already
 * there is answered with its first offsets. The checks and their order are those of `UnifiedLog.append`, so even a
 * refused batch may begin a new segment.
 */
export function appendAsLeader(
  log: PartitionLog,
  context: LogContext,
  batch: RecordBatch,
  how: LeaderAppend,
): Result<AppendInfo, AppendRefusal> {
  const nowMs = context.wallClockMs();
  const refusal = validateBatch(batch, log.config, how.origin, nowMs);
  if (refusal !== undefined) return err(refusal);
  const stamped = stamp(log, batch, how.leaderEpoch, nowMs);
  setEpochs(log, context, assignEpoch(log.epochs, how.leaderEpoch, stamped.baseOffset));
  if (batch.sizeInBytes > log.config['segment.bytes'])
    return err({ errorCode: ERROR_CODES.RECORD_LIST_TOO_LARGE, badRecords: [] });
  rollIfNeeded(log, context, stamped);
  const duplicate = how.origin === 'client' ? producers.findDuplicateBatch(log.producers, batch) : undefined;
  if (duplicate !== undefined) return ok(duplicateInfo(stamped, duplicate));
  const errorCode = checkProducer(log, stamped, how);
  if (errorCode !== NONE) return err({ errorCode, badRecords: [] });
  write(log, context, stamped);
  return ok(appendInfo(log, stamped));
}

const isLogAppendTime = (log: PartitionLog): boolean =>
  log.config['message.timestamp.type'] === 'LogAppendTime';

/** A batch stays compressed as its producer did it, unless the topic says otherwise. */
function compressed(log: PartitionLog, batch: RecordBatch): RecordBatch {
  const type = log.config['compression.type'];
  if (type === 'producer' || batch.control !== undefined) return batch;
  return { ...batch, compression: type === 'uncompressed' ? undefined : (type as CompressionType) };
}

function stamp(log: PartitionLog, from: RecordBatch, leaderEpoch: number, nowMs: number): RecordBatch {
  const batch = compressed(log, from);
  const place = { baseOffset: log.logEndOffset, partitionLeaderEpoch: leaderEpoch };
  // Whatever the producer claims: who stamps the records is up to the topic.
  return isLogAppendTime(log)
    ? withHeader(batch, { ...place, timestampType: 'LogAppendTime', maxTimestamp: nowMs })
    : withHeader(batch, { ...place, timestampType: 'CreateTime', maxTimestamp: batch.maxTimestamp });
}

const appendInfo = (log: PartitionLog, batch: RecordBatch): AppendInfo => ({
  firstOffset: batch.baseOffset,
  lastOffset: lastOffset(batch),
  maxTimestamp: batch.maxTimestamp,
  logAppendTimeMs: isLogAppendTime(log) ? batch.maxTimestamp : -1,
  isDuplicate: false,
});

const duplicateInfo = (
  batch: RecordBatch,
  original: { readonly firstOffset: number; readonly lastOffset: number; readonly timestamp: number },
): AppendInfo => ({
  firstOffset: original.firstOffset,
  lastOffset: original.lastOffset,
  maxTimestamp: batch.maxTimestamp,
  logAppendTimeMs: original.timestamp,
  isDuplicate: true,
});

function rollIfNeeded(log: PartitionLog, context: LogContext, batch: RecordBatch): void {
  const question = {
    lastOffset: lastOffset(batch),
    maxTimestamp: batch.maxTimestamp,
    sizeInBytes: batch.sizeInBytes,
  };
  if (shouldRoll(activeSegment(log), log.config, question, context.wallClockMs()))
    rollLog(log, context, batch.baseOffset);
}

function checkProducer(log: PartitionLog, batch: RecordBatch, how: LeaderAppend): number {
  if (batch.producerId === NO_PRODUCER_ID) return NONE;
  if (batch.control !== undefined)
    return transactions.checkMarker(log.producers, batch, how.origin, how.markerVersion ?? 0);
  const needsGuard = log.verifiesTransactions && batch.isTransactional;
  if (needsGuard && !producers.hasOpenTxn(log.producers, batch.producerId, batch.producerEpoch)) {
    const errorCode = checkVerified(log, batch, how.verificationGuard);
    if (errorCode !== NONE) return errorCode;
  }
  return producers.checkDataBatch(log.producers, batch, how.origin);
}

/** A transaction begins here: its producer must be of the present epoch, and verified. */
function checkVerified(log: PartitionLog, batch: RecordBatch, guard: number | undefined): number {
  if (producers.isFenced(log.producers, batch.producerId, batch.producerEpoch))
    return ERROR_CODES.INVALID_PRODUCER_EPOCH;
  const verification = log.producers.verifications.get(batch.producerId);
  return guard !== undefined && verification?.guard === guard ? NONE : ERROR_CODES.INVALID_TXN_STATE;
}

/**
 * A transaction wants to append here. Returns the guard that the append must present once the coordinator has confirmed
 * it, or null if none is needed: the transaction is open here already. The error is a code.
 */
export function startVerification(
  log: PartitionLog,
  request: producers.VerificationRequest,
  nowMs: number,
): Result<number | null, number> {
  const { producerId, producerEpoch } = request;
  if (producers.isFenced(log.producers, producerId, producerEpoch))
    return err(ERROR_CODES.INVALID_PRODUCER_EPOCH);
  if (producers.hasOpenTxn(log.producers, producerId, producerEpoch)) return ok(null);
  return ok(transactions.beginVerification(log.producers, request, nowMs).guard);
}

/**
 * Appends a batch that the leader has already placed; it is the same object on all replicas. Throws when it does not
 * follow what is there: a follower truncates before it fetches on. The result is an error code.
 */
export function appendAsFollower(log: PartitionLog, context: LogContext, batch: RecordBatch): number {
  assert(batch.baseOffset >= log.logEndOffset, 'unexpected offset in append', {
    baseOffset: batch.baseOffset,
    logEndOffset: log.logEndOffset,
  });
  setEpochs(log, context, assignEpoch(log.epochs, batch.partitionLeaderEpoch, batch.baseOffset));
  if (batch.sizeInBytes > log.config['segment.bytes']) return ERROR_CODES.RECORD_LIST_TOO_LARGE;
  rollIfNeeded(log, context, batch);
  if (batch.producerId !== NO_PRODUCER_ID && batch.control === undefined) {
    const errorCode = producers.checkDataBatch(log.producers, batch, 'replication');
    if (errorCode !== NONE) return errorCode;
  }
  write(log, context, batch);
  return NONE;
}

function write(log: PartitionLog, context: LogContext, batch: RecordBatch): void {
  appendEntry(recordsOf(log, context), batch, context.now());
  addToSegment(activeSegment(log), batch);
  log.logEndOffset = nextOffset(batch);
  takeProducerIntoAccount(log, context, batch);
  updateFirstUnstableOffset(log, context);
}

/** Live, and when a log is opened or cut: the only way a batch changes what is known of its producer. */
export function takeProducerIntoAccount(log: PartitionLog, context: LogContext, batch: RecordBatch): void {
  log.producers.mapEnd = nextOffset(batch);
  if (batch.producerId === NO_PRODUCER_ID) return;
  if (batch.control === undefined) {
    producers.updateWithDataBatch(log.producers, batch);
    return;
  }
  // Of a marker that was cleaned away only the batch is left.
  if (batch.records.count === 0) return;
  const end = transactions.updateWithMarker(log.producers, batch);
  if (end !== undefined && end.txn.isAborted)
    setAborted(log, context, [...log.aborted, transactions.abortedTxn(end)]);
}
