/** Puts an item into a binary heap one of whose places is free: the first, if none is named. */
export function siftDown<T>(heap: T[], compare: (a: T, b: T) => number, item: T, from = 0): void {
  const half = heap.length >>> 1;
  let at = from;
  while (at < half) {
    let child = 2 * at + 1;
    if (child + 1 < heap.length && compare(heap[child] as T, heap[child + 1] as T) > 0) child++;
    if (compare(item, heap[child] as T) <= 0) break;
    heap[at] = heap[child] as T;
    at = child;
  }
  heap[at] = item;
}
