import { expect, test } from 'vitest';
import { utf8Encode } from '../../base/bytes.ts';
import { batchOf } from '../../protocol/record-batch.ts';
import type { RecordSlice } from '../consumer/consumer-state.ts';
import { offsetsAfter } from './round.ts';

const slice = (topic: string, partition: number, baseOffset: number, to: number): RecordSlice => ({
  topic,
  partition,
  name: `${topic}-${partition}`,
  batch: batchOf(
    [1, 2, 3].map((n) => ({ key: null, value: utf8Encode(`${n}`), timestamp: n })),
    { baseOffset },
  ),
  from: 0,
  to,
});

test('each partition goes on behind its last record, under its own topic', () => {
  const offsets = offsetsAfter([
    slice('a', 0, 0, 3),
    slice('b', 0, 40, 2),
    slice('a', 1, 7, 3),
    slice('a', 0, 3, 1),
  ]);
  const seen = offsets.map(({ topic, partitions }) => [
    topic,
    partitions.map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
  ]);
  expect(seen).toEqual([
    [
      'a',
      [
        [0, 4],
        [1, 10],
      ],
    ],
    ['b', [[0, 42]]],
  ]);
});
