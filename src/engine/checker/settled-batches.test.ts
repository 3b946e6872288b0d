import { expect, test } from 'vitest';
import { settledBatches } from './settled-batches.ts';

const plain = (id: string) => ({ id, producerId: -1, isTransactional: false });
const part = (id: string, producerId: number) => ({ id, producerId, isTransactional: true });
const marker = (producerId: number, type: 'COMMIT' | 'ABORT') => ({
  ...part(type, producerId),
  control: { type, coordinatorEpoch: 0 },
});

test('what was committed counts where it stands, what was aborted or is open does not', () => {
  const log = [
    part('a', 1),
    plain('b'),
    part('c', 2),
    part('d', 1),
    marker(1, 'COMMIT'),
    marker(2, 'ABORT'),
    part('e', 2),
    marker(2, 'COMMIT'),
    part('f', 1),
  ];
  expect(settledBatches(log).map(({ id }) => id)).toEqual(['a', 'b', 'd', 'e']);
});
