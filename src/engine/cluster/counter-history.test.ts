import { expect, test } from 'vitest';
import { CounterHistory } from './counter-history.ts';

const SECOND = 1_000_000;

test('a counter that nobody can tell for a while neither falls to nothing nor grows by all there is', () => {
  const history = new CounterHistory();
  const stood = [700, undefined, undefined, 710];
  stood.forEach((value, i) =>
    history.record(i * SECOND, new Map(value === undefined ? [] : [['log', value]])),
  );
  expect(history.latest('log')).toBe(710);
  expect(history.rate('log', 2 * SECOND, 700)).toBe(0);
  expect(history.rate('log', 3 * SECOND, 710)).toBe(10);
  expect(history.firstAbove('log', 700, 3 * SECOND)).toBe(3 * SECOND);
  history.forgetFrom(3 * SECOND);
  expect([history.latest('log'), history.latest('other')]).toEqual([700, 0]);
});
