import { describe, expect, test } from 'vitest';
import { digestOf } from '../../base/digest.ts';
import { fork } from '../../base/fork.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { TransactionBench, type Identity } from '../../testing/transaction-bench.ts';
import type { TransactionState } from './transaction-state.ts';

const { CONCURRENT_TRANSACTIONS, PRODUCER_FENCED, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE } = ERROR_CODES;
const VERSIONS = [1, 2] as const;
type Version = (typeof VERSIONS)[number];

const LAST_USABLE_EPOCH = 0x7ffe;

/** A coordinator whose transactional id `x` stands in this state, and who its producer is by then. */
function benchIn(version: Version, state: TransactionState): { bench: TransactionBench; producer: Identity } {
  const bench = new TransactionBench(version);
  const producer = bench.init();
  if (state === 'Empty') return { bench, producer };
  expect(bench.add(producer)).toBe(NONE);
  if (state === 'Ongoing') return { bench, producer };
  bench.holdMarkers = state.startsWith('Prepare');
  const goesOn = bench.end(producer, state.endsWith('Commit'));
  expect(goesOn.errorCode).toBe(NONE);
  expect(bench.values.state).toBe(state);
  return { bench, producer: version === 2 ? goesOn : producer };
}

const SETTLED: readonly TransactionState[] = ['Empty', 'CompleteCommit', 'CompleteAbort'];
const PREPARED: readonly TransactionState[] = ['PrepareCommit', 'PrepareAbort'];

describe.each(VERSIONS)('InitProducerId by transaction.version %i', (version) => {
  test.each(SETTLED)('in %s: the same id under the next epoch, nothing open', (state) => {
    const { bench, producer } = benchIn(version, state);
    expect(bench.init({ timeoutMs: 5_000 })).toMatchObject({
      errorCode: NONE,
      producerId: producer.producerId,
      producerEpoch: producer.producerEpoch + 1,
    });
    expect(bench.values).toMatchObject({ state: 'Empty', timeoutMs: 5_000, partitions: [] });
    expect(bench.add(producer)).toBe(PRODUCER_FENCED);
  });

  test.each(PREPARED)('in %s: not before the markers are written', (state) => {
    const { bench } = benchIn(version, state);
    expect(bench.init().errorCode).toBe(CONCURRENT_TRANSACTIONS);
    expect(bench.values.state).toBe(state);
    bench.answerMarkers(NONE);
    bench.settle();
    expect(bench.init().errorCode).toBe(NONE);
  });

  test('in Ongoing: what is open is aborted first, and the epoch ends up two higher', () => {
    const { bench, producer } = benchIn(version, 'Ongoing');
    expect(bench.init().errorCode).toBe(CONCURRENT_TRANSACTIONS);
    expect(bench.markers).toMatchObject([
      { transactionResult: false, producerEpoch: producer.producerEpoch + 1 },
    ]);
    expect(bench.values.state).toBe('CompleteAbort');
    expect(bench.init()).toMatchObject({ errorCode: NONE, producerEpoch: producer.producerEpoch + 2 });
  });

  test('in Ongoing: an abort that does not reach the log raises the epoch once, however often it is tried', () => {
    const { bench, producer } = benchIn(version, 'Ongoing');
    bench.appendError = ERROR_CODES.NOT_ENOUGH_REPLICAS;
    for (let i = 0; i < 3; i++) expect(bench.init().errorCode).toBe(ERROR_CODES.COORDINATOR_NOT_AVAILABLE);
    bench.appendError = 0;
    expect(bench.init().errorCode).toBe(CONCURRENT_TRANSACTIONS);
    expect(bench.markers).toMatchObject([{ producerEpoch: producer.producerEpoch + 1 }]);
  });

  test('while something is being written: later', () => {
    const { bench } = benchIn(version, 'Empty');
    bench.holdCommits = true;
    const first = bench.send('InitProducerId', {
      transactionalId: 'x',
      transactionTimeoutMs: 1,
      producerId: -1,
      producerEpoch: -1,
    });
    expect(bench.init().errorCode).toBe(CONCURRENT_TRANSACTIONS);
    expect(bench.answered<'InitProducerId'>(first)).toBeUndefined();
    bench.holdCommits = false;
    bench.settle();
    expect(bench.answered<'InitProducerId'>(first)?.errorCode).toBe(NONE);
  });

  test('by a producer that says who it is: it goes on, asks again, or was fenced off', () => {
    const { bench, producer } = benchIn(version, 'Empty');
    const next = bench.init(producer);
    expect(next).toMatchObject({ errorCode: NONE, producerEpoch: producer.producerEpoch + 1 });
    expect(bench.init(producer)).toMatchObject({ errorCode: NONE, producerEpoch: next.producerEpoch });
    bench.init();
    expect(bench.init(next).errorCode).toBe(PRODUCER_FENCED);
    expect(bench.init({ ...next, version: 3 }).errorCode).toBe(INVALID_PRODUCER_EPOCH);
    expect(bench.init({ producerId: 1, producerEpoch: 0 }).errorCode).toBe(PRODUCER_FENCED);
  });

  test.each([
    [0, ERROR_CODES.INVALID_TRANSACTION_TIMEOUT],
    [900_000, NONE],
    [900_001, ERROR_CODES.INVALID_TRANSACTION_TIMEOUT],
  ])('a transaction may take %i ms: error %i', (timeoutMs, errorCode) => {
    expect(new TransactionBench(version).init({ timeoutMs }).errorCode).toBe(errorCode);
  });

  test('whose epochs are used up goes on with another id', () => {
    const { bench, producer } = benchIn(version, 'Empty');
    const last = { ...producer, producerEpoch: LAST_USABLE_EPOCH };
    bench.values = { ...bench.values, producerEpoch: LAST_USABLE_EPOCH - 1 };
    expect(bench.init(), 'still usable').toMatchObject({ errorCode: NONE, ...last });
    const next = bench.init();
    expect(next).toMatchObject({ errorCode: NONE, producerEpoch: 0 });
    expect(next.producerId).not.toBe(producer.producerId);
    expect(bench.add(last)).toBe(ERROR_CODES.INVALID_PRODUCER_ID_MAPPING);
    expect(bench.add(next)).toBe(NONE);
  });
});

describe('the last usable epoch ends a transaction under version 2', () => {
  function atLastEpoch(): { bench: TransactionBench; last: Identity } {
    const { bench, producer } = benchIn(2, 'Empty');
    bench.values = { ...bench.values, producerEpoch: LAST_USABLE_EPOCH };
    const last = { ...producer, producerEpoch: LAST_USABLE_EPOCH };
    expect(bench.add(last)).toBe(NONE);
    return { bench, last };
  }

  test('its producer goes on with another id, and may ask again', () => {
    const { bench, last } = atLastEpoch();
    const next = bench.end(last, true);
    expect(next).toMatchObject({ errorCode: NONE, producerEpoch: 0 });
    expect(next.producerId).not.toBe(last.producerId);
    expect(bench.markers).toMatchObject([
      { producerId: last.producerId, producerEpoch: LAST_USABLE_EPOCH + 1 },
    ]);
    expect(bench.end(last, true)).toEqual(next);
    expect(bench.end(last, false).errorCode).toBe(INVALID_TXN_STATE);
    expect(bench.add(next)).toBe(NONE);
  });

  test('the id that it goes on with outlives its coordinator', () => {
    const { bench, last } = atLastEpoch();
    bench.holdMarkers = true;
    const next = bench.end(last, true);
    bench.holdMarkers = false;
    bench.fail();
    expect(bench.values).toMatchObject({ producerId: next.producerId, producerEpoch: 0 });
  });
});

/** What an EndTxn comes to: `prepare`, or an error. */
type Verdict = 'prepare' | number;
const OK = NONE;

describe('EndTxn by version 2: the epoch tells a retry from the next request', () => {
  /** State, then: abort by the epoch before, abort by the present one, commit by the one before, by the present one. */
  const TABLE: readonly (readonly [TransactionState, Verdict, Verdict, Verdict, Verdict])[] = [
    ['Ongoing', PRODUCER_FENCED, 'prepare', PRODUCER_FENCED, 'prepare'],
    ['Empty', PRODUCER_FENCED, 'prepare', PRODUCER_FENCED, INVALID_TXN_STATE],
    ['PrepareAbort', CONCURRENT_TRANSACTIONS, PRODUCER_FENCED, INVALID_TXN_STATE, PRODUCER_FENCED],
    ['PrepareCommit', INVALID_TXN_STATE, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS, PRODUCER_FENCED],
    ['CompleteAbort', OK, 'prepare', INVALID_TXN_STATE, INVALID_TXN_STATE],
    ['CompleteCommit', INVALID_TXN_STATE, 'prepare', OK, INVALID_TXN_STATE],
  ];
  const cells = TABLE.flatMap(([state, ...verdicts]) =>
    verdicts.map((verdict, i) => [state, i >= 2, i % 2 === 1, verdict] as const),
  );

  test.each(cells)('in %s, commit %s, present epoch %s: %s', (state, committed, isPresent, verdict) => {
    const { bench } = benchIn(2, state === 'Empty' ? 'Empty' : state);
    if (state === 'Empty' || state === 'Ongoing') expect(bench.values.producerEpoch).toBe(0);
    // While markers are missing nothing else can be written, so the verdict is found on the log's word alone.
    if (PREPARED.includes(state)) clearPending(bench);
    const { producerId, producerEpoch } = bench.values;
    const asked = { producerId, producerEpoch: producerEpoch - (isPresent ? 0 : 1) };
    const markers = bench.markers.length;
    const answer = bench.end(asked, committed);
    if (verdict === 'prepare') {
      expect(answer).toMatchObject({ errorCode: NONE, producerEpoch: producerEpoch + 1 });
      expect(bench.values.state).toBe(committed ? 'CompleteCommit' : 'CompleteAbort');
      expect(bench.markers.length - markers, 'nothing was added, nothing is marked').toBe(
        state === 'Ongoing' ? 1 : 0,
      );
    } else expect(answer.errorCode).toBe(verdict);
  });

  function clearPending(bench: TransactionBench): void {
    const txn = bench.coordinator.shards.get(0)?.transactions.get('x');
    if (txn !== undefined) txn.pendingState = null;
  }

  test.each(PREPARED)('in %s with the end being written: later, whatever is asked', (state) => {
    const { bench } = benchIn(2, state);
    const { producerId, producerEpoch } = bench.values;
    for (const epoch of [producerEpoch - 1, producerEpoch])
      for (const committed of [true, false])
        expect(bench.end({ producerId, producerEpoch: epoch }, committed).errorCode).toBe(
          CONCURRENT_TRANSACTIONS,
        );
  });
});

describe('EndTxn by version 1: the same end again is fine, the opposite is not', () => {
  test.each<[TransactionState, number, number]>([
    ['Empty', INVALID_TXN_STATE, INVALID_TXN_STATE],
    ['Ongoing', OK, OK],
    ['CompleteCommit', OK, INVALID_TXN_STATE],
    ['CompleteAbort', INVALID_TXN_STATE, OK],
  ])('in %s: commit %i, abort %i', (state, commit, abort) => {
    for (const [committed, errorCode] of [
      [true, commit],
      [false, abort],
    ] as const) {
      const { bench, producer } = benchIn(1, state);
      expect(bench.end(producer, committed).errorCode).toBe(errorCode);
      expect(bench.values.producerEpoch).toBe(producer.producerEpoch);
    }
  });

  test('by another epoch or another id: fenced off, in the words that the client knows', () => {
    const { bench, producer } = benchIn(1, 'Ongoing');
    const older = { ...producer, producerEpoch: producer.producerEpoch - 1 };
    expect(bench.end(older, true).errorCode).toBe(PRODUCER_FENCED);
    expect(bench.end(older, true, 1).errorCode).toBe(INVALID_PRODUCER_EPOCH);
    const stranger = { ...producer, producerId: 1 };
    expect(bench.end(stranger, true).errorCode).toBe(ERROR_CODES.INVALID_PRODUCER_ID_MAPPING);
    expect(bench.values.state).toBe('Ongoing');
  });
});

describe.each(VERSIONS)('partitions by transaction.version %i', (version) => {
  test.each([...SETTLED, 'Ongoing' as const])('are added in %s', (state) => {
    const { bench, producer } = benchIn(version, state);
    expect(bench.add(producer, 1)).toBe(NONE);
    const before = state === 'Ongoing' ? [{ topic: 't', partition: 0 }] : [];
    expect(bench.values).toMatchObject({
      state: 'Ongoing',
      partitions: [...before, { topic: 't', partition: 1 }],
    });
  });

  test.each(PREPARED)('are not added in %s', (state) => {
    const { bench, producer } = benchIn(version, state);
    expect(bench.add(producer, 1)).toBe(CONCURRENT_TRANSACTIONS);
  });

  test('an end marks all of them, and is through when all are marked', () => {
    const { bench, producer } = benchIn(version, 'Ongoing');
    expect(bench.add(producer, 1)).toBe(NONE);
    bench.holdMarkers = true;
    expect(bench.end(producer, true).errorCode).toBe(NONE);
    bench.answerMarkers(ERROR_CODES.NOT_LEADER_OR_FOLLOWER);
    expect(bench.values.state).toBe('PrepareCommit');
    bench.sleep(50);
    expect(bench.markers.length, 'sent again').toBe(2);
    bench.answerMarkers(NONE);
    bench.settle();
    expect(bench.values).toMatchObject({ state: 'CompleteCommit', partitions: [] });
  });
});

describe.each(VERSIONS)('time-outs by transaction.version %i', (version) => {
  test('a scan aborts what was open for longer than it may, under a new epoch', () => {
    const bench = new TransactionBench(version);
    const producer = bench.init({ timeoutMs: 5_000 });
    bench.sleep(60_000);
    expect(bench.add(producer)).toBe(NONE);
    bench.sleep(5_000);
    bench.scan();
    expect(bench.values.state, 'not at the very end').toBe('Ongoing');
    bench.sleep(1);
    bench.scan();
    expect(bench.values).toMatchObject({ state: 'CompleteAbort', producerEpoch: producer.producerEpoch + 1 });
    expect(bench.markers).toMatchObject([{ transactionResult: false }]);
    expect(bench.add(producer)).toBe(PRODUCER_FENCED);
    bench.sleep(60_000);
    bench.scan();
    expect(bench.markers.length, 'only once').toBe(1);
  });

  test('its producer learns of it at the end', () => {
    const bench = new TransactionBench(version);
    const producer = bench.init({ timeoutMs: 5_000 });
    bench.add(producer);
    bench.sleep(5_001);
    bench.scan();
    const isNewer = version === 2;
    expect(bench.end(producer, true).errorCode).toBe(isNewer ? INVALID_TXN_STATE : PRODUCER_FENCED);
    expect(bench.end(producer, false)).toMatchObject(
      isNewer
        ? { errorCode: NONE, producerEpoch: producer.producerEpoch + 1 }
        : { errorCode: PRODUCER_FENCED },
    );
  });

  test.each([...SETTLED, ...PREPARED])('in %s there is nothing to abort', (state) => {
    const { bench } = benchIn(version, state);
    const { markers, values } = bench;
    const before = markers.length;
    bench.sleep(10_000_000);
    bench.scan();
    expect(bench.values.state).toBe(values.state);
    expect(markers.length).toBe(before);
  });
});

describe.each(VERSIONS)('another coordinator takes over, transaction.version %i', (version) => {
  test.each([...SETTLED, 'Ongoing' as const])('in %s: nothing is lost', (state) => {
    const { bench, producer } = benchIn(version, state);
    const { values } = bench;
    bench.fail();
    // Which epoch was the one before is not written down.
    expect(bench.values).toMatchObject({
      ...values,
      lastProducerEpoch: -1,
      previousProducerId: expect.any(Number) as number,
    });
    expect(bench.add(producer, 1)).toBe(NONE);
    expect(bench.end(producer, true).errorCode).toBe(NONE);
    expect(bench.values.state).toBe('CompleteCommit');
  });

  test.each(PREPARED)('in %s: it writes the markers again, in its own epoch', (state) => {
    const { bench, producer } = benchIn(version, state);
    bench.holdMarkers = false;
    bench.fail();
    expect(bench.markers).toMatchObject([
      { coordinatorEpoch: 1, transactionResult: state === 'PrepareCommit' },
      { coordinatorEpoch: 2, transactionResult: state === 'PrepareCommit' },
    ]);
    expect(bench.markers[0]?.producerEpoch).toBe(bench.markers[1]?.producerEpoch);
    expect(bench.values.state).toBe(state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort');
    expect(bench.add(producer)).toBe(NONE);
  });

  test('what was in the log but not committed holds as well: the outcome may have been told', () => {
    const { bench, producer } = benchIn(version, 'Ongoing');
    bench.holdCommits = true;
    bench.send('EndTxn', { transactionalId: 'x', ...producer, committed: true }, version === 2 ? 5 : 4);
    expect(bench.values.state).toBe('Ongoing');
    bench.holdCommits = false;
    bench.fail();
    expect(bench.values.state).toBe('CompleteCommit');
  });

  test('an answer to the markers of the coordinator before does not end anything', () => {
    const { bench } = benchIn(version, 'PrepareCommit');
    bench.fail();
    expect(bench.values.state).toBe('PrepareCommit');
    bench.answerMarkers(ERROR_CODES.TRANSACTION_COORDINATOR_FENCED);
    bench.sleep(1_000);
    expect(bench.values.state, 'fenced off: another ends it').toBe('PrepareCommit');
  });
});

test('a coordinator in the middle of everything is plain data', () => {
  for (const state of [...SETTLED, ...PREPARED, 'Ongoing' as const]) {
    const { bench } = benchIn(2, state);
    expect(digestOf(fork(bench.coordinator))).toBe(digestOf(bench.coordinator));
  }
});
