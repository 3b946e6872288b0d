import { describe, expect, test } from 'vitest';
import {
  completeTransition,
  newTransactionMetadata,
  prepareAddPartitions,
  prepareComplete,
  prepareDead,
  prepareEnd,
  prepareEpochBump,
  prepareFence,
  prepareIdRotation,
  type TransactionMetadata,
  type Transition,
  type TxnValues,
} from './transaction-metadata.ts';
import type { TransactionState } from './transaction-state.ts';

const PARTITION = Object.freeze({ topic: 't', partition: 0 });
const MAX_EPOCH = 32_767;

function txnIn(state: TransactionState, values: Partial<TxnValues> = {}): TransactionMetadata {
  const isOpen = state === 'Ongoing' || state.startsWith('Prepare');
  return newTransactionMetadata('x', {
    producerId: 7,
    producerEpoch: 3,
    timeoutMs: 60_000,
    lastUpdateTimestamp: 1,
    state,
    partitions: isOpen ? [PARTITION] : [],
    startTimestamp: state === 'Empty' ? -1 : 1,
    ...values,
  });
}

const init = { timeoutMs: 30_000, expectedEpoch: null, nowMs: 9 };
const ending = { nextProducerId: -1, noPartitionAdded: false, nowMs: 9 };

/** Every way to leave a state, by the state that it leads to. */
const WAYS: Readonly<Record<string, (txn: TransactionMetadata) => Transition>> = {
  'init → Empty': (txn) => prepareEpochBump(txn, init),
  'init with a new id → Empty': (txn) => prepareIdRotation(txn, 8, init),
  'add → Ongoing': (txn) => prepareAddPartitions(txn, [PARTITION], { clientTransactionVersion: 2, nowMs: 9 }),
  'commit → PrepareCommit': (txn) =>
    prepareEnd(txn, { ...ending, commit: true, clientTransactionVersion: 0 }),
  'abort → PrepareAbort': (txn) => prepareEnd(txn, { ...ending, commit: false, clientTransactionVersion: 2 }),
  'markers written → CompleteCommit | CompleteAbort': (txn) => prepareComplete(txn, 9),
  'fence → PrepareEpochFence': (txn) => prepareFence(txn),
  'expire → Dead': (txn) => prepareDead(txn),
};

const ENDED: readonly TransactionState[] = ['Empty', 'CompleteCommit', 'CompleteAbort'];

/** From where each way may be taken (`TransactionState.VALID_PREVIOUS_STATES`). */
const ALLOWED: Readonly<Record<keyof typeof WAYS, readonly TransactionState[]>> = {
  'init → Empty': ENDED,
  'init with a new id → Empty': ENDED,
  'add → Ongoing': [...ENDED, 'Ongoing'],
  'commit → PrepareCommit': ['Ongoing'],
  'abort → PrepareAbort': [...ENDED, 'Ongoing', 'PrepareEpochFence'],
  'markers written → CompleteCommit | CompleteAbort': ['PrepareCommit', 'PrepareAbort'],
  'fence → PrepareEpochFence': ['Ongoing'],
  'expire → Dead': ENDED,
};

const STATES: readonly TransactionState[] = [
  ...ENDED,
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'PrepareEpochFence',
  'Dead',
];

describe('transitions', () => {
  const table = STATES.flatMap((from) => Object.keys(WAYS).map((way) => [from, way] as const));

  test.each(table)('from %s: %s', (from, way) => {
    const txn = txnIn(from);
    const before = txn.values;
    const next = WAYS[way]?.(txn);
    const allowed = ALLOWED[way]?.includes(from) === true;
    expect(next?.ok).toBe(allowed);
    expect(txn.values, 'nothing holds before it is written').toBe(before);
    if (next?.ok !== true) return;
    expect(way).toContain(next.value.state);
    expect(txn.pendingState).toBe(next.value.state);
  });

  test.each(Object.keys(WAYS))('%s: not while another is being written', (way) => {
    for (const from of STATES) {
      const txn = txnIn(from);
      txn.pendingState = 'Ongoing';
      expect(WAYS[way]?.(txn)).toMatchObject({ ok: false, error: 'illegal-state' });
    }
  });

  test('only what was prepared can be completed, and only once', () => {
    const txn = txnIn('Ongoing');
    const next = prepareEnd(txn, { ...ending, commit: true, clientTransactionVersion: 0 });
    if (!next.ok) throw new Error(next.error);
    expect(completeTransition(txn, { ...next.value, state: 'PrepareAbort' })).toBe(false);
    expect(completeTransition(txn, { ...next.value, producerEpoch: 4 })).toBe(false);
    expect(completeTransition(txn, { ...next.value, partitions: [] })).toBe(false);
    expect(completeTransition(txn, next.value)).toBe(true);
    expect(txn.values.state).toBe('PrepareCommit');
    expect(completeTransition(txn, next.value)).toBe(false);
  });
});

describe('epochs', () => {
  test('an end by version 2 raises the epoch and remembers the one before; by version 1 it does neither', () => {
    const byVersion = (clientTransactionVersion: number) =>
      prepareEnd(txnIn('Ongoing'), { ...ending, commit: true, clientTransactionVersion });
    expect(byVersion(2)).toMatchObject({ value: { producerEpoch: 4, lastProducerEpoch: 3 } });
    expect(byVersion(0)).toMatchObject({ value: { producerEpoch: 3, lastProducerEpoch: -1 } });
  });

  test('a fence raises the epoch, but not again after one that nobody was told of', () => {
    expect(prepareFence(txnIn('Ongoing'))).toMatchObject({ value: { producerEpoch: 4 } });
    const failed = txnIn('Ongoing');
    failed.hasFailedEpochFence = true;
    expect(prepareFence(failed)).toMatchObject({ value: { producerEpoch: 3 } });
  });

  test('the last epoch is kept back for a fence', () => {
    const exhausted = { producerEpoch: MAX_EPOCH - 1 };
    expect(prepareEpochBump(txnIn('Empty', exhausted), init).ok).toBe(false);
    expect(prepareFence(txnIn('Ongoing', exhausted))).toMatchObject({ value: { producerEpoch: MAX_EPOCH } });
    const last = txnIn('Ongoing', { producerEpoch: MAX_EPOCH });
    expect(prepareFence(last)).toMatchObject({ value: { producerEpoch: MAX_EPOCH } });
  });

  test('a producer whose epochs are used up goes on with its next id once the markers are written', () => {
    const values = { producerEpoch: MAX_EPOCH, nextProducerId: 8, clientTransactionVersion: 2 };
    expect(prepareComplete(txnIn('PrepareCommit', values), 9)).toMatchObject({
      value: { producerId: 8, producerEpoch: 0, previousProducerId: 7, nextProducerId: -1 },
    });
    const older = { ...values, clientTransactionVersion: 1 };
    expect(prepareComplete(txnIn('PrepareCommit', older), 9)).toMatchObject({
      value: { producerId: 7, producerEpoch: MAX_EPOCH },
    });
  });

  test.each([
    ['its present one: it goes on', 3, { value: { producerEpoch: 4, lastProducerEpoch: 3 } }],
    ['the one before: it asks again', 2, { value: { producerEpoch: 3, lastProducerEpoch: 2 } }],
    ['an older one: another took over', 1, { error: 'producer-fenced' }],
    ['one that nobody gave', 4, { error: 'producer-fenced' }],
  ])('who comes back with %s', (_, expectedEpoch, outcome) => {
    const txn = txnIn('Empty', { lastProducerEpoch: 2 });
    expect(prepareEpochBump(txn, { ...init, expectedEpoch })).toMatchObject(outcome);
  });
});
