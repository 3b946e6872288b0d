import { expect, test } from 'vitest';
import { ticksOf, timeAt, xOf, type Scale } from './scale.ts';
import { followed, panned, zoomed } from './view-span.ts';

const scale: Scale = { from: 0, to: 40_000_000, left: 100, width: 1_000 };

test('a moment and its place lead to each other', () => {
  expect(xOf(scale, 20_000_000)).toBe(600);
  expect(timeAt(scale, 600)).toBe(20_000_000);
});

test('ticks carry words at round seconds, and finer ones none', () => {
  const words = ticksOf(scale).flatMap((tick) => (tick.words === null ? [] : [tick.words]));
  expect(words).toEqual(['0 s', '5', '10', '15', '20', '25', '30', '35', '40']);
  expect(ticksOf(scale).length).toBeGreaterThan(words.length);
  const close = ticksOf({ ...scale, from: 12_000_000, to: 12_001_000 }).flatMap((t) => t.words ?? []);
  expect(new Set(close).size).toBe(close.length);
});

test('zooming keeps its moment in place and never leaves the run', () => {
  const view = zoomed(scale, 0.5, 10_000_000);
  expect(xOf({ ...scale, ...view }, 10_000_000)).toBeCloseTo(xOf(scale, 10_000_000), 3);
  expect(zoomed(scale, 4, 0).from).toBe(0);
  expect(panned(scale, -1)).toEqual({ from: 0, to: 40_000_000 });
});

test('the view follows: a whole run grows, a part moves on', () => {
  expect(followed(scale, 39_000_000)).toBe(scale);
  expect(followed(scale, 41_000_000)).toEqual({ from: 0, to: 60_000_000 });
  const part = { from: 10_000_000, to: 20_000_000 };
  const moved = followed(part, 20_500_000);
  expect(moved.to - moved.from).toBe(10_000_000);
  expect(moved.from).toBeGreaterThan(10_000_000);
  expect(moved.to).toBeGreaterThan(20_500_000);
});
