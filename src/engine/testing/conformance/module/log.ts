import { InvariantError } from '../../../base/assert.ts';
import { millis } from '../../../base/time.ts';
import { appendAsFollower, appendAsLeader, startVerification } from '../../../log/append.ts';
import { assignEpoch, endOffsetFor } from '../../../log/leader-epoch-cache.ts';
import { offsetForTimestamp } from '../../../log/offset-for-timestamp.ts';
import * as partitionLog from '../../../log/partition-log.ts';
import { expireProducers } from '../../../log/producer-state.ts';
import { abortedTxnsOf, isInRange, readLog } from '../../../log/read.ts';
import { openLog } from '../../../log/recovery.ts';
import { deleteOldSegments, incrementLogStart } from '../../../log/retention.ts';
import { truncateFullyAndStartAt, truncateTo } from '../../../log/truncate.ts';
import { ERROR_CODES, NONE } from '../../../protocol/errors.ts';
import { lastOffset } from '../../../protocol/record-batch.ts';
import { emptyDisk } from '../../../sim/disk.ts';
import type { Adapter } from '../adapter.ts';
import { numberOf, objectOf, onlyFields, textOf, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';
import { runClean } from './cleaner.ts';
import { exceptionOf } from './exceptions.ts';
import { configOf, dataBatchOf, markerBatchOf } from './log-input.ts';
import { opsOf, opNameOf } from './script.ts';

export interface Subject {
  readonly log: partitionLog.PartitionLog;
  readonly context: partitionLog.LogContext;
  readonly clock: { nowMs: number };
  /** How many keys fit into the cleaner's offset map. */
  readonly mapCapacity: number;
  /** Of the last `verify`. */
  guard: number | undefined;
}

/** `UnifiedLog`: one replica of a partition; and `Cleaner` with `LogCleanerManager`. */
export const logAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'config', 'clock', 'ops'], 'given');
    const subject = subjectOf(given);
    const results = opsOf(given).map((op) => ({ ...run(subject, op), state: stateOf(subject) }));
    comparison.compare(results, expect.results, 'results');
  },
};

function subjectOf(given: JsonObject): Subject {
  const clock = { nowMs: numberOf(given.clock, 'clock') };
  const context: partitionLog.LogContext = {
    disk: emptyDisk(),
    now: () => millis(clock.nowMs),
    wallClockMs: () => clock.nowMs,
  };
  const given_ = objectOf(given.config, 'config');
  const config = configOf(given_);
  const log = openLog(context, { partition: 't-0', config, logStartOffset: 0, highWatermark: 0 });
  log.verifiesTransactions = given_.transactionVerification === true;
  const slots = given_.mapSlots === undefined ? 10_000 : numberOf(given_.mapSlots, 'mapSlots');
  const load = given_.mapLoadFactor === undefined ? 0.9 : numberOf(given_.mapLoadFactor, 'mapLoadFactor');
  return { log, context, clock, mapCapacity: Math.floor(slots * load), guard: undefined };
}

const field = (op: JsonObject, name: string): number => numberOf(op[name], name);

type Runner = (subject: Subject, op: JsonObject) => JsonObject;

const RUNNERS: ReadonlyMap<string, Runner> = new Map<string, Runner>([
  ['append', runAppend],
  ['marker', runMarker],
  ['appendAsFollower', runFollowerAppend],
  ['verify', runVerify],
  ['highWatermark', ({ log, context }, op) => ({ hw: partitionLog.updateHighWatermark(log, context, field(op, 'offset')) })],
  ['clock', ({ clock }, op) => ((clock.nowMs = field(op, 'now')), {})],
  ['roll', ({ log, context }) => ({ base: partitionLog.rollLog(log, context).baseOffset })],
  ['retention', ({ log, context }) => ({ deleted: deleteOldSegments(log, context) })],
  ['deleteRecords', runDeleteRecords],
  ['offsetForTimestamp', runOffsetForTimestamp],
  ['truncateTo', ({ log, context }, op) => ({ truncated: truncateTo(log, context, field(op, 'offset')) })],
  ['truncateFullyAndStartAt', runTruncateFully],
  ['assignEpoch', runAssignEpoch],
  ['endOffsetForEpoch', runEndOffset],
  ['expireProducers', runExpireProducers],
  ['read', runRead],
  ['clean', runClean],
]);

function run(subject: Subject, op: JsonObject): JsonObject {
  const runner = RUNNERS.get(opNameOf(op));
  if (runner === undefined) throw new UnsupportedError(`op "${opNameOf(op)}"`);
  return runner(subject, op);
}

function runAppend({ log, context, guard }: Subject, op: JsonObject): JsonObject {
  const leaderEpoch = op.leaderEpoch === undefined ? 0 : field(op, 'leaderEpoch');
  const verification = op.withGuard === true && guard !== undefined ? { verificationGuard: guard } : {};
  const how = { leaderEpoch, origin: 'client', ...verification } as const;
  return answerOf(appendAsLeader(log, context, dataBatchOf(op), how));
}

function runMarker({ log, context }: Subject, op: JsonObject): JsonObject {
  const leaderEpoch = op.leaderEpoch === undefined ? 0 : field(op, 'leaderEpoch');
  const markerVersion = field(op, 'transactionVersion') as 0 | 1 | 2;
  const how = { leaderEpoch, origin: 'coordinator', markerVersion } as const;
  return answerOf(appendAsLeader(log, context, markerBatchOf(op), how));
}

function answerOf(outcome: ReturnType<typeof appendAsLeader>): JsonObject {
  if (!outcome.ok) {
    const { errorCode, badRecords } = outcome.error;
    const error = exceptionOf(errorCode);
    return badRecords.length === 0 ? { error } : { error, badRecords };
  }
  const { firstOffset, lastOffset: last, maxTimestamp, logAppendTimeMs } = outcome.value;
  return { firstOffset, lastOffset: last, maxTimestamp, logAppendTime: logAppendTimeMs };
}

function runFollowerAppend({ log, context }: Subject, op: JsonObject): JsonObject {
  const batch = {
    ...dataBatchOf(op),
    baseOffset: field(op, 'offset'),
    partitionLeaderEpoch: field(op, 'leaderEpoch'),
  };
  try {
    const errorCode = appendAsFollower(log, context, batch);
    if (errorCode !== NONE) return { error: exceptionOf(errorCode) };
  } catch (error) {
    if (error instanceof InvariantError) return { error: 'UnexpectedAppendOffsetException' };
    throw error;
  }
  const { maxTimestamp } = batch;
  return { firstOffset: batch.baseOffset, lastOffset: lastOffset(batch), maxTimestamp, logAppendTime: -1 };
}

function runVerify(subject: Subject, op: JsonObject): JsonObject {
  const { log, clock } = subject;
  const producerId = field(op, 'pid');
  const producerEpoch = field(op, 'producerEpoch');
  if (!log.verifiesTransactions) return { needed: false };
  const supportsEpochBump = op.supportsEpochBump === true;
  const request = { producerId, producerEpoch, sequence: field(op, 'seq'), supportsEpochBump };
  const guard = startVerification(log, request, clock.nowMs);
  if (!guard.ok) return { error: exceptionOf(guard.error) };
  if (guard.value === null) return { needed: false };
  subject.guard = guard.value;
  return { needed: true };
}

function runDeleteRecords({ log, context }: Subject, op: JsonObject): JsonObject {
  const before = log.logStartOffset;
  const errorCode = incrementLogStart(log, context, field(op, 'offset'));
  return errorCode === NONE ? { moved: log.logStartOffset > before } : { error: exceptionOf(errorCode) };
}

function runOffsetForTimestamp({ log, context }: Subject, op: JsonObject): JsonObject {
  const found = offsetForTimestamp(log, context, field(op, 'timestamp'));
  if (found === undefined) return { found: null };
  // An epoch that is not known is none, unless there is no offset either: then Kafka names it as −1.
  const isNone = found.leaderEpoch === -1 && found.offset !== -1;
  return { found: { ...found, leaderEpoch: isNone ? null : found.leaderEpoch } };
}

function runTruncateFully({ log, context }: Subject, op: JsonObject): JsonObject {
  truncateFullyAndStartAt(log, context, field(op, 'offset'));
  return {};
}

function runAssignEpoch({ log, context }: Subject, op: JsonObject): JsonObject {
  partitionLog.setEpochs(log, context, assignEpoch(log.epochs, field(op, 'epoch'), field(op, 'offset')));
  return {};
}

function runEndOffset({ log }: Subject, op: JsonObject): JsonObject {
  const found = endOffsetFor(log.epochs, field(op, 'epoch'), log.logEndOffset);
  return { found: found.endOffset === -1 ? null : { ...found } };
}

function runExpireProducers({ log, clock }: Subject): JsonObject {
  expireProducers(log.producers, clock.nowMs);
  return { producers: log.producers.producers.size };
}

function upToOf({ log, context }: Subject, isolation: string): number {
  switch (isolation) {
    case 'LOG_END':
      return log.logEndOffset;
    case 'HIGH_WATERMARK':
      return partitionLog.readableHighWatermark(log, context);
    case 'TXN_COMMITTED':
      partitionLog.readableHighWatermark(log, context);
      return partitionLog.lastStableOffset(log);
    default:
      throw new UnsupportedError(`isolation "${isolation}"`);
  }
}

function runRead(subject: Subject, op: JsonObject): JsonObject {
  const { log, context } = subject;
  const offset = field(op, 'offset');
  const isolation = textOf(op.isolation, 'isolation');
  // Only a reader who is not behind the log start makes the high watermark readable.
  const upTo = offset < log.logStartOffset ? 0 : upToOf(subject, isolation);
  if (!isInRange(log, offset)) return { error: exceptionOf(ERROR_CODES.OFFSET_OUT_OF_RANGE) };
  const range = { offset, upTo, maxBytes: field(op, 'maxBytes'), minOneMessage: op.minOneMessage === true };
  const read = readLog(log, context, range);
  const answer = {
    bytes: read.sizeInBytes,
    batches: read.batches.map((batch) => [batch.baseOffset, lastOffset(batch)]),
    firstEntryIncomplete: read.firstEntryIncomplete,
  };
  if (isolation !== 'TXN_COMMITTED') return answer;
  const aborted = abortedTxnsOf(log, context, range, read);
  return { ...answer, aborted: aborted.map((txn) => [txn.producerId, txn.firstOffset]) };
}

function stateOf({ log }: Subject): Json {
  return {
    start: log.logStartOffset,
    leo: log.logEndOffset,
    hw: log.highWatermark,
    lso: partitionLog.lastStableOffset(log),
    segments: log.segments.map((segment) => [segment.baseOffset, segment.sizeInBytes]),
    epochs: log.epochs.map(({ epoch, startOffset }) => [epoch, startOffset]),
  };
}
