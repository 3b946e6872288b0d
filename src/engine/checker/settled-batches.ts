import type { BatchView } from '../api/views/log.ts';

type Fate = Pick<BatchView, 'producerId' | 'isTransactional' | 'control'>;

/**
 * The batches that count, in order: those outside of transactions, and those whose transaction was committed. Markers, what
 * was aborted and what is still open are left out.
 */
export function settledBatches<B extends Fate>(log: Iterable<B>): B[] {
  const all = [...log];
  const counts = new Set<B>();
  const open = new Map<number, B[]>();
  for (const batch of all) {
    const { producerId, isTransactional, control } = batch;
    if (control !== undefined) {
      if (control.type === 'COMMIT') for (const held of open.get(producerId) ?? []) counts.add(held);
      open.delete(producerId);
    } else if (!isTransactional) counts.add(batch);
    else open.set(producerId, [...(open.get(producerId) ?? []), batch]);
  }
  return all.filter((batch) => counts.has(batch));
}
