import type { SimTime } from '../../engine/base/time.ts';

/** Index of the last item at or before a moment, −1 for none, by binary search. */
export function lastBefore<T extends { readonly at: SimTime }>(items: readonly T[], at: SimTime): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as T).at <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
