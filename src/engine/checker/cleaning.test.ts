import { describe, expect, test } from 'vitest';
import type { BatchView } from '../api/views/log.ts';
import { isSameBatch } from './committed-log.ts';

function batch(records: readonly (readonly [delta: number, key: string, value: string | null])[]): BatchView {
  return {
    baseOffset: 10,
    lastOffsetDelta: 2,
    partitionLeaderEpoch: 4,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    timestampType: 'CreateTime',
    isTransactional: false,
    baseTimestamp: 0,
    maxTimestamp: 0,
    records: {
      count: records.length,
      keys: records.map(([, key]) => key),
      values: records.map(([, , value]) => value),
      timestampDeltas: records.map(() => 0),
      offsetDeltas: records.map(([delta]) => delta),
    },
  };
}

const WHOLE = batch([
  [0, 'a', '1'],
  [1, 'b', '1'],
  [2, 'a', null],
]);

describe('what the cleaner left of a batch', () => {
  test.each([
    ['some records', batch([[1, 'b', '1']])],
    ['none', batch([])],
    [
      'all, with a time from which the tombstone may go',
      { ...WHOLE, records: { ...WHOLE.records }, deleteHorizonMs: 5 },
    ],
  ])('says the same: %s', (_, left) => {
    expect(isSameBatch(left, WHOLE)).toBe(true);
    expect(isSameBatch(WHOLE, left)).toBe(true);
  });

  test.each<[string, BatchView]>([
    ['another value', batch([[1, 'b', '2']])],
    ['another key', batch([[1, 'c', '1']])],
    ['another epoch', { ...batch([[1, 'b', '1']]), partitionLeaderEpoch: 5 }],
    [
      'other records, all of them there',
      { ...WHOLE, records: { ...WHOLE.records, values: ['1', '2', null] } },
    ],
  ])('is not %s', (_, other) => {
    expect(isSameBatch(other, WHOLE)).toBe(false);
    expect(isSameBatch(WHOLE, other)).toBe(false);
  });
});
