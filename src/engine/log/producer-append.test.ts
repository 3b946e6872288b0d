import { beforeEach, describe, expect, test } from 'vitest';
import { millis } from '../base/time.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { batchOf, endTransactionMarker, type RecordBatch } from '../protocol/record-batch.ts';
import { emptyDisk } from '../sim/disk.ts';
import { appendAsFollower, appendAsLeader, startVerification, type LeaderAppend } from './append.ts';
import {
  lastStableOffset,
  rollLog,
  updateHighWatermark,
  type LogConfig,
  type LogContext,
  type PartitionLog,
} from './partition-log.ts';
import type { MarkerVersion } from './producer-append.ts';
import { openLog } from './recovery.ts';

const { INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE, OUT_OF_ORDER_SEQUENCE_NUMBER } = ERROR_CODES;
const { TRANSACTION_COORDINATOR_FENCED } = ERROR_CODES;

const CONFIG: LogConfig = {
  'cleanup.policy': ['delete'],
  'min.cleanable.dirty.ratio': 0.5,
  'min.compaction.lag.ms': 0,
  'max.compaction.lag.ms': Number.MAX_SAFE_INTEGER,
  'delete.retention.ms': 86_400_000,
  'retention.ms': -1,
  'retention.bytes': -1,
  'segment.bytes': 1_048_576,
  'segment.ms': 604_800_000,
  'max.message.bytes': 1_048_588,
  'compression.type': 'producer',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.after.max.ms': 3_600_000,
  'message.timestamp.before.max.ms': Number.MAX_SAFE_INTEGER,
};

const NOW_MS = 1_000_000;
let context: LogContext;
let log: PartitionLog;

const open = (): PartitionLog =>
  openLog(context, { partition: 't-0', config: CONFIG, logStartOffset: 0, highWatermark: 0 });

beforeEach(() => {
  context = { disk: emptyDisk(), now: () => millis(NOW_MS), wallClockMs: () => NOW_MS };
  log = open();
});

interface Data {
  readonly sequence: number;
  readonly producerId?: number;
  readonly epoch?: number;
  readonly count?: number;
  readonly transactional?: boolean;
}

function data({ sequence, producerId = 7, epoch = 0, count = 1, transactional = false }: Data): RecordBatch {
  const records = Array.from({ length: count }, () => ({ key: null, value: 'v', timestamp: NOW_MS }));
  const who = { producerId, producerEpoch: epoch, baseSequence: sequence, isTransactional: transactional };
  return batchOf(records, who);
}

type Answer = { readonly offset: number; readonly isDuplicate: boolean } | number;

/** Appends as the leader: where it is, or why not. */
function append(batch: RecordBatch, how: Partial<LeaderAppend> = {}): Answer {
  const result = appendAsLeader(log, context, batch, { leaderEpoch: 0, origin: 'client', ...how });
  if (!result.ok) return result.error.errorCode;
  return { offset: result.value.firstOffset, isDuplicate: result.value.isDuplicate };
}

const at = (offset: number): Answer => ({ offset, isDuplicate: false });
const again = (offset: number): Answer => ({ offset, isDuplicate: true });

interface Marker {
  readonly epoch?: number;
  readonly version?: MarkerVersion;
  readonly type?: 'COMMIT' | 'ABORT';
  readonly coordinatorEpoch?: number;
}

/** The coordinator of transactions ends the transaction of producer 7. */
function mark({ epoch = 0, version = 1, type = 'COMMIT', coordinatorEpoch = 0 }: Marker = {}): Answer {
  const who = { producerId: 7, producerEpoch: epoch, timestamp: NOW_MS };
  const batch = endTransactionMarker({ type, coordinatorEpoch }, who);
  return append(batch, { origin: 'coordinator', markerVersion: version });
}

describe('sequences', () => {
  test('the last five batches are known again, whatever came after; older ones are out of order', () => {
    for (let i = 0; i < 6; i++) expect(append(data({ sequence: i * 2, count: 2 }))).toEqual(at(i * 2));
    expect(append(data({ sequence: 0, count: 2 }))).toBe(OUT_OF_ORDER_SEQUENCE_NUMBER);
    for (let i = 1; i < 6; i++) expect(append(data({ sequence: i * 2, count: 2 }))).toEqual(again(i * 2));
    expect(append(data({ sequence: 10, count: 1 })), 'part of a batch').toBe(OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(log.logEndOffset).toBe(12);
  });

  test.each<[string, Data, Answer]>([
    ['the next one', { sequence: 3 }, at(3)],
    ['a gap', { sequence: 4 }, OUT_OF_ORDER_SEQUENCE_NUMBER],
    ['an old one', { sequence: 1 }, OUT_OF_ORDER_SEQUENCE_NUMBER],
    ['a newer epoch begins with 0', { sequence: 0, epoch: 1 }, at(3)],
    ['a newer epoch does not go on', { sequence: 3, epoch: 1 }, OUT_OF_ORDER_SEQUENCE_NUMBER],
    ['another producer may begin anywhere', { sequence: 9, producerId: 8 }, at(3)],
  ])('%s', (_, batch, answer) => {
    expect(append(data({ sequence: 0, count: 3 }))).toEqual(at(0));
    expect(append(data(batch))).toEqual(answer);
  });

  test('0 follows the largest', () => {
    expect(append(data({ sequence: 0x7fffffff }))).toEqual(at(0));
    expect(append(data({ sequence: 1 }))).toBe(OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(append(data({ sequence: 0 }))).toEqual(at(1));
  });

  test('after a restart only the newest batch before the snapshot is known again', () => {
    for (let i = 0; i < 3; i++) append(data({ sequence: i }));
    rollLog(log, context, log.logEndOffset);
    log = open();
    expect(append(data({ sequence: 1 }))).toBe(OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(append(data({ sequence: 2 }))).toEqual(again(2));
    expect(append(data({ sequence: 3 }))).toEqual(at(3));
  });
});

describe('epochs', () => {
  test('a batch of an older epoch is refused, with the next sequence and with the first', () => {
    append(data({ sequence: 0, epoch: 1 }));
    expect(append(data({ sequence: 1, epoch: 0 }))).toBe(INVALID_PRODUCER_EPOCH);
    expect(append(data({ sequence: 0, epoch: 0 }))).toBe(INVALID_PRODUCER_EPOCH);
    expect(append(data({ sequence: 0, epoch: 0 }), { origin: 'coordinator' })).toBe(INVALID_PRODUCER_EPOCH);
    expect(log.logEndOffset).toBe(1);
  });

  test('a retry from before the new epoch is not known again', () => {
    append(data({ sequence: 0 }));
    append(data({ sequence: 0, epoch: 1 }));
    expect(append(data({ sequence: 0 }))).toBe(INVALID_PRODUCER_EPOCH);
  });

  test('a marker fences its producer off where it never wrote', () => {
    expect(mark({ epoch: 3, type: 'ABORT' })).toEqual(at(0));
    expect(append(data({ sequence: 0, epoch: 2, transactional: true }))).toBe(INVALID_PRODUCER_EPOCH);
    expect(append(data({ sequence: 0, epoch: 3, transactional: true }))).toEqual(at(1));
  });

  test('a follower copies what its leader has, whatever the epoch', () => {
    append(data({ sequence: 0, epoch: 1 }));
    const copy = Object.freeze({ ...data({ sequence: 1 }), baseOffset: 1, partitionLeaderEpoch: 0 });
    expect(appendAsFollower(log, context, copy)).toBe(NONE);
    expect(log.producers.producers.get(7)?.producerEpoch).toBe(0);
  });
});

describe('transactions', () => {
  const stable = (): number => {
    updateHighWatermark(log, context, log.logEndOffset);
    return lastStableOffset(log);
  };

  test('the last stable offset waits for the oldest that is open', () => {
    append(data({ sequence: 0, transactional: true }));
    append(data({ sequence: 0, producerId: 8, transactional: true }));
    expect(stable()).toBe(0);
    expect(mark()).toEqual(at(2));
    expect(stable()).toBe(1);
  });

  test.each([
    [1, 0],
    [2, 1],
  ] as const)(
    'a marker of version %i ends the transaction: the next one begins after it',
    (version, epoch) => {
      append(data({ sequence: 0, transactional: true }));
      expect(mark({ version, epoch, type: 'ABORT' })).toEqual(at(1));
      expect(stable(), 'nothing is open').toBe(2);
      expect(log.producers.ongoing).toEqual([]);
      append(data({ sequence: version === 1 ? 1 : 0, epoch, transactional: true }));
      expect(stable(), 'the next one is open').toBe(2);
      expect(mark({ version, epoch: epoch + (version === 2 ? 1 : 0), type: 'ABORT' })).toEqual(at(3));
      expect(stable()).toBe(4);
      expect(log.aborted.map(({ firstOffset, lastOffset }) => [firstOffset, lastOffset])).toEqual([
        [0, 1],
        [2, 3],
      ]);
    },
  );

  test('a batch outside of the open transaction is refused, also in a copy; after its end it is not', () => {
    append(data({ sequence: 0, transactional: true }));
    expect(append(data({ sequence: 1 }))).toBe(INVALID_TXN_STATE);
    const copy = Object.freeze({ ...data({ sequence: 1 }), baseOffset: 1, partitionLeaderEpoch: 0 });
    expect(appendAsFollower(log, context, copy)).toBe(INVALID_TXN_STATE);
    mark();
    expect(append(data({ sequence: 1 }))).toEqual(at(2));
  });

  test('are open again after a restart, and those that ended are not', () => {
    append(data({ sequence: 0, transactional: true }));
    mark();
    append(data({ sequence: 1, transactional: true }));
    rollLog(log, context, log.logEndOffset);
    log = open();
    expect(stable()).toBe(2);
    mark();
    expect(stable()).toBe(4);
  });

  test.each<[string, Marker, Answer]>([
    ['of an older producer epoch', { epoch: 0 }, INVALID_PRODUCER_EPOCH],
    ['of an older coordinator', { epoch: 1, coordinatorEpoch: 4 }, TRANSACTION_COORDINATOR_FENCED],
    ['of version 1 and the same epoch', { epoch: 1, coordinatorEpoch: 5 }, at(2)],
    [
      'of version 2 and the same epoch',
      { epoch: 1, coordinatorEpoch: 5, version: 2 },
      INVALID_PRODUCER_EPOCH,
    ],
    ['of version 2 and the next epoch', { epoch: 2, coordinatorEpoch: 5, version: 2 }, at(2)],
  ])('a marker %s', (_, marker, answer) => {
    mark({ epoch: 0, coordinatorEpoch: 5 });
    append(data({ sequence: 0, epoch: 1, transactional: true }));
    expect(mark(marker)).toEqual(answer);
  });

  test('a marker of version 2 that comes twice is written twice, and ends nothing the second time', () => {
    append(data({ sequence: 0, transactional: true }));
    expect(mark({ epoch: 1, version: 2, type: 'ABORT' })).toEqual(at(1));
    expect(mark({ epoch: 1, version: 2, type: 'ABORT' })).toEqual(at(2));
    expect(log.aborted.length).toBe(1);
  });
});

describe('the verification guard', () => {
  beforeEach(() => {
    log.verifiesTransactions = true;
  });

  /** The leader asks the coordinator whether the transaction is real; the guard is for the append that follows. */
  function verify(sequence: number, { epoch = 0, isV2 = true } = {}): number | null {
    const who = { producerId: 7, producerEpoch: epoch, sequence, supportsEpochBump: isV2 };
    const guard = startVerification(log, who, NOW_MS);
    return guard.ok ? guard.value : -guard.error;
  }
  const begin = (sequence: number, guard: number | null, epoch = 0): Answer =>
    append(
      data({ sequence, epoch, transactional: true }),
      guard === null ? {} : { verificationGuard: guard },
    );

  test('nothing begins a transaction here without it, or with another', () => {
    expect(begin(0, null)).toBe(INVALID_TXN_STATE);
    const guard = verify(0);
    expect(begin(0, null)).toBe(INVALID_TXN_STATE);
    expect(begin(0, (guard ?? 0) + 1)).toBe(INVALID_TXN_STATE);
    expect(log.logEndOffset).toBe(0);
    expect(begin(0, guard)).toEqual(at(0));
  });

  test('an open transaction needs none, and has used its own up', () => {
    const guard = verify(0);
    begin(0, guard);
    expect(verify(1)).toBeNull();
    expect(begin(1, null)).toEqual(at(1));
    mark({ epoch: 1, version: 2 });
    expect(begin(0, guard, 1), 'that of the last transaction').toBe(INVALID_TXN_STATE);
    expect(begin(0, null, 1)).toBe(INVALID_TXN_STATE);
    expect(begin(0, verify(0, { epoch: 1 }), 1)).toEqual(at(3));
  });

  test('a marker between question and append takes it away: the transaction that was confirmed is over', () => {
    const guard = verify(0, { isV2: false });
    mark({ type: 'ABORT' });
    expect(begin(0, guard)).toBe(INVALID_TXN_STATE);
  });

  test('a retry waits under the same guard, and the lowest sequence goes first', () => {
    const guard = verify(3);
    expect(verify(0)).toBe(guard);
    expect(begin(3, guard)).toBe(OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(begin(0, guard)).toEqual(at(0));
  });

  test('under version 2 an unknown producer begins with 0; under version 1 anywhere', () => {
    expect(begin(5, verify(5))).toBe(OUT_OF_ORDER_SEQUENCE_NUMBER);
    log = open();
    log.verifiesTransactions = true;
    expect(begin(5, verify(5, { isV2: false }))).toEqual(at(0));
  });

  test('an older epoch is not even verified', () => {
    append(data({ sequence: 0, epoch: 2 }));
    expect(verify(0, { epoch: 1 })).toBe(-INVALID_PRODUCER_EPOCH);
    expect(begin(0, 1, 1)).toBe(INVALID_PRODUCER_EPOCH);
  });

  test('a newer epoch takes the guard over', () => {
    const guard = verify(0);
    expect(verify(0, { epoch: 1 })).toBe(guard);
    expect(begin(0, guard, 1)).toEqual(at(0));
  });

  test('batches outside of transactions need none', () => {
    expect(append(data({ sequence: 0 }))).toEqual(at(0));
  });
});
