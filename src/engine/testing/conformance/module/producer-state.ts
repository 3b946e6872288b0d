import { emptyDisk, type DiskState } from '../../../sim/disk.ts';
import { ERROR_CODES } from '../../../protocol/errors.ts';
import type { RecordBatch } from '../../../protocol/record-batch.ts';
import { readSnapshots } from '../../../log/log-files.ts';
import * as append from '../../../log/producer-append.ts';
import * as transactions from '../../../log/transaction-append.ts';
import * as state from '../../../log/producer-state.ts';
import type { Adapter } from '../adapter.ts';
import { numberOf, objectOf, onlyFields, textOf, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';
import { exceptionOf } from './exceptions.ts';
import { opsOf, opNameOf } from './script.ts';

const PARTITION = 't-0';
/** The recorded clock of `verify`. */
const VERIFY_NOW_MS = 1_000_000;

interface Manager {
  readonly state: state.ProducerState;
  readonly disk: DiskState;
  readonly maxTransactionTimeoutMs: number;
}

/** `ProducerStateManager` and `ProducerAppendInfo`: sequences, epochs, transactions of the producers of a partition. */
export const producerStateAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'config', 'ops'], 'given');
    const config = objectOf(given.config, 'config');
    onlyFields(config, ['producerIdExpirationMs', 'maxTransactionTimeoutMs'], 'config');
    const expirationMs = numberOf(config.producerIdExpirationMs, 'producerIdExpirationMs');
    const manager: Manager = {
      state: state.newProducerState(PARTITION, expirationMs),
      disk: emptyDisk(),
      maxTransactionTimeoutMs: numberOf(config.maxTransactionTimeoutMs, 'maxTransactionTimeoutMs'),
    };
    const results = opsOf(given).map((op) => ({ ...run(manager, op), state: stateOf(manager) }));
    comparison.compare(results, expect.results, 'results');
  },
};

const field = (op: JsonObject, name: string): number => numberOf(op[name], name);

function run(manager: Manager, op: JsonObject): JsonObject {
  const { state: producers, disk } = manager;
  switch (opNameOf(op)) {
    case 'append':
      return runAppend(producers, op);
    case 'marker':
      return runMarker(producers, op);
    case 'verify':
      return runVerify(producers, op);
    case 'snapshot':
      return { written: state.takeSnapshot(producers, disk) };
    case 'lateTransaction':
      return { late: state.hasLateTransaction(producers, field(op, 'now'), manager.maxTransactionTimeoutMs) };
    default:
      runMaintenance(producers, disk, op);
      return {};
  }
}

function runMaintenance(producers: state.ProducerState, disk: DiskState, op: JsonObject): void {
  switch (opNameOf(op)) {
    case 'highWatermark':
      return state.forgetReplicatedTxns(producers, field(op, 'offset'));
    case 'expire':
      return state.expireProducers(producers, field(op, 'now'));
    case 'truncateAndReload': {
      const bounds = { logStart: field(op, 'logStart'), logEnd: field(op, 'logEnd') };
      return state.truncateAndReload(producers, disk, bounds, field(op, 'now'));
    }
    case 'truncateFullyAndStartAt':
      return state.truncateProducersFully(producers, disk, field(op, 'offset'));
    case 'logStartIncremented':
      return state.advanceLogStart(producers, disk, field(op, 'offset'));
    case 'deleteSnapshotsBefore':
      return state.keepSnapshots(producers, disk, ({ offset }) => offset >= field(op, 'offset'));
    default:
      throw new UnsupportedError(`op "${opNameOf(op)}"`);
  }
}

function originOf(op: JsonObject): append.AppendOrigin {
  const origin = textOf(op.origin, 'origin');
  if (origin === 'client' || origin === 'coordinator' || origin === 'replication') return origin;
  throw new UnsupportedError(`origin "${origin}"`);
}

const NO_RECORDS = Object.freeze({ count: 0, keys: [], values: [], timestampDeltas: [] });

function batchOf(op: JsonObject): RecordBatch {
  const timestamp = field(op, 'timestamp');
  return {
    baseOffset: field(op, 'offset'),
    lastOffsetDelta: op.records === undefined ? 0 : field(op, 'records') - 1,
    partitionLeaderEpoch: 0,
    timestampType: 'CreateTime',
    baseTimestamp: timestamp,
    maxTimestamp: timestamp,
    producerId: field(op, 'pid'),
    producerEpoch: field(op, 'epoch'),
    baseSequence: op.seq === undefined ? -1 : field(op, 'seq'),
    isTransactional: op.transactional !== false,
    sizeInBytes: 0,
    records: NO_RECORDS,
  };
}

function runAppend(producers: state.ProducerState, op: JsonObject): JsonObject {
  const batch = batchOf(op);
  const origin = originOf(op);
  const duplicate = origin === 'client' ? append.findDuplicateBatch(producers, batch) : undefined;
  if (duplicate !== undefined) {
    const { firstOffset, lastOffset, timestamp } = duplicate;
    return { duplicate: { firstOffset, lastOffset, timestamp } };
  }
  const error = append.checkDataBatch(producers, batch, origin);
  if (error !== ERROR_CODES.NONE) return { error: exceptionOf(error) };
  append.updateWithDataBatch(producers, batch);
  producers.mapEnd = batch.baseOffset + batch.lastOffsetDelta + 1;
  return {};
}

function runMarker(producers: state.ProducerState, op: JsonObject): JsonObject {
  const coordinatorEpoch = field(op, 'coordinatorEpoch');
  const batch: RecordBatch = {
    ...batchOf(op),
    control: { type: op.commit === true ? 'COMMIT' : 'ABORT', coordinatorEpoch },
  };
  const version = field(op, 'transactionVersion') as append.MarkerVersion;
  const error = transactions.checkMarker(producers, batch, originOf(op), version);
  if (error !== ERROR_CODES.NONE) return { error: exceptionOf(error) };
  const end = transactions.updateWithMarker(producers, batch);
  producers.mapEnd = batch.baseOffset + 1;
  if (end === undefined) return {};
  const { firstOffset, lastOffset, isAborted } = end.txn;
  return {
    completed: { firstOffset, lastOffset, aborted: isAborted, lastStableOffset: end.lastStableOffset },
  };
}

function runVerify(producers: state.ProducerState, op: JsonObject): JsonObject {
  const request = {
    producerId: field(op, 'pid'),
    producerEpoch: field(op, 'epoch'),
    sequence: field(op, 'seq'),
    supportsEpochBump: op.supportsEpochBump === true,
  };
  const entry = transactions.beginVerification(producers, request, VERIFY_NOW_MS);
  return { lowestSequence: entry.lowestSequence, epoch: entry.producerEpoch };
}

function stateOf({ state: producers, disk }: Manager): Json {
  const snapshots = readSnapshots(disk, PARTITION);
  const entries = [...producers.producers.values()].sort((a, b) => a.producerId - b.producerId);
  return {
    firstUnstable: state.firstUnstableOffset(producers),
    firstUndecided: state.firstUndecidedOffset(producers),
    mapEnd: producers.mapEnd,
    oldestSnapshot: snapshots[0]?.offset ?? null,
    latestSnapshot: snapshots.at(-1)?.offset ?? null,
    producers: entries.map((entry) => ({
      pid: entry.producerId,
      epoch: entry.producerEpoch,
      coordinatorEpoch: entry.coordinatorEpoch,
      lastTimestamp: entry.lastTimestamp,
      txnFirstOffset: entry.currentTxnFirstOffset,
      batches: entry.batches.map((batch) => [
        batch.firstSequence,
        batch.lastSequence,
        batch.firstOffset,
        batch.lastOffset,
        batch.timestamp,
      ]),
    })),
  };
}
