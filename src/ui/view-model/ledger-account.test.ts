import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../engine/api/frame.ts';
import { accountOf, termsOf, verdictOf, type Account } from './ledger-account.ts';

const ledger = (over: Partial<Ledger> = {}): Ledger => ({
  asked: 100,
  acknowledged: 95,
  failed: 0,
  lost: 0,
  duplicated: 0,
  counted: 90,
  droppedLate: 0,
  droppedUnkeyed: 0,
  ...over,
});

const sumOf = (account: Account, counts: boolean): number =>
  termsOf(account, counts).reduce((sum, { sign, value }) => sum + (sign === '−' ? -value : value), 0);

describe('the account of the records that were asked for', () => {
  test.each<[Partial<Ledger>, boolean]>([
    [{}, true],
    [{}, false],
    [{ droppedLate: 30, droppedUnkeyed: 12, failed: 3 }, true],
    [{ lost: 4, failed: 3 }, true],
    [{ lost: 4, failed: 5 }, false],
    [{ counted: 104, duplicated: 4 }, true],
    [{ counted: 100, failed: 5 }, true],
  ])('adds up, with %j', (over, counts) => {
    expect(sumOf(accountOf(ledger(over), counts), counts)).toBe(100);
  });

  test('does not wait for what was dropped, failed or lost', () => {
    const account = accountOf(ledger({ droppedLate: 30, droppedUnkeyed: 12, failed: 3, lost: 2 }), true);
    expect(account).toMatchObject({ settled: 48, waiting: 5, over: 0 });
    expect(accountOf(ledger(), false).waiting).toBe(5);
  });

  test('is harm when records are lost, doubled or too late, not while they are under way', () => {
    const say = (over: Partial<Ledger>) => verdictOf(ledger(over), accountOf(ledger(over), true));
    expect(say({})).toEqual({ harm: '', rest: 'None lost, none twice. 10 still under way.' });
    expect(say({ counted: 100 }).rest).toBe('None lost, none twice. Everything is settled.');
    expect(say({ lost: 1 })).toEqual({ harm: '1 record lost.', rest: 'None twice. 9 still under way.' });
    expect(say({ counted: 100, droppedLate: 1_807 }).harm).toBe(
      '1,807 records never counted: they came too late.',
    );
    expect(say({ counted: 100, droppedUnkeyed: 5 }).harm).toBe('');
  });
});
