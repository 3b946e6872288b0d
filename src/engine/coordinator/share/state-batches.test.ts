import { expect, test } from 'vitest';
import { combineBatches } from './state-batches.ts';

const batch = (firstOffset: number, lastOffset: number, deliveryState: number, deliveryCount = 1) => ({
  firstOffset,
  lastOffset,
  deliveryState,
  deliveryCount,
});

test('newer batches come over older ones, the past is forgotten and neighbours become one', () => {
  const older = [batch(0, 9, 0), batch(12, 19, 2)];
  expect(combineBatches(older, [batch(5, 14, 4)], 0)).toEqual([
    batch(0, 4, 0),
    batch(5, 14, 4),
    batch(15, 19, 2),
  ]);
  expect(combineBatches(older, [batch(10, 11, 2), batch(4, 9, 2)], 3)).toEqual([
    batch(3, 3, 0),
    batch(4, 19, 2),
  ]);
  expect(combineBatches(older, [], 20)).toEqual([]);
});
