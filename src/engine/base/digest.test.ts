import { expect, test } from 'vitest';
import { digestOf } from './digest.ts';

test('frozen state and a copy that is not give one digest', () => {
  const frozen = Object.freeze({ rows: Object.freeze([1, 2]), name: 'p1' });
  expect(digestOf({ frozen, more: [frozen] })).toBe(digestOf(structuredClone({ frozen, more: [frozen] })));
});

test('order and nesting matter, and absent is undefined', () => {
  expect(digestOf([[1], 2])).not.toBe(digestOf([1, [2]]));
  expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
  expect(digestOf({ a: 1, b: undefined })).toBe(digestOf({ a: 1 }));
});
