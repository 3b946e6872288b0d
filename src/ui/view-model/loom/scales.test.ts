import { expect, it } from 'vitest';
import { legendNumber, scalesFor } from './scales.ts';

const calm = { total: 250, row: 70, rowRoom: 24, lagPerPixel: 0 };

it('draws 100 records a second 13 px wide as long as that fits', () => {
  expect(scalesFor({ ...calm, total: 300 }, null).flow).toBeCloseTo(0.13);
  expect(scalesFor({ ...calm, total: 10_000 }, null).flow * 10_000).toBeLessThanOrEqual(42);
});

it('keeps its scale while it fits, gets coarser at once, and finer only when it was far too coarse', () => {
  const first = scalesFor({ ...calm, lagPerPixel: 4 }, null);
  const coarser = scalesFor({ ...calm, lagPerPixel: 100 }, first);
  expect(coarser.lag).toBeLessThan(first.lag);
  expect(scalesFor({ ...calm, lagPerPixel: 50 }, coarser).lag).toBe(coarser.lag);
  expect(scalesFor({ ...calm, lagPerPixel: 4 }, coarser).lag).toBe(first.lag);
});

it('has a round number for the legend', () => {
  expect(legendNumber(0.13, 13.5)).toBe(100);
  expect(legendNumber(0.2, 30)).toBe(100);
});
