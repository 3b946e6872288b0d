import { siftDown } from './sift-down.ts';

/** `java.util.PriorityQueue`: the same binary heap, so that equals leave it in the same order. */
export class JavaPriorityQueue<T> {
  private readonly heap: T[];
  private readonly compare: (a: T, b: T) => number;

  /** Of a collection, which is made a heap as a whole. */
  constructor(compare: (a: T, b: T) => number, items: readonly T[] = []) {
    this.compare = compare;
    this.heap = [...items];
    for (let at = (items.length >>> 1) - 1; at >= 0; at--)
      siftDown(this.heap, compare, this.heap[at] as T, at);
  }

  get size(): number {
    return this.heap.length;
  }

  peek(): T | undefined {
    return this.heap[0];
  }

  /** In the order of its iterator: the heap's own. */
  toArray(): T[] {
    return [...this.heap];
  }

  has(item: T): boolean {
    return this.heap.includes(item);
  }

  remove(item: T): void {
    const { heap } = this;
    const at = heap.indexOf(item);
    if (at < 0) return;
    const last = heap.pop() as T;
    if (at === heap.length) return;
    siftDown(heap, this.compare, last, at);
    if (heap[at] === last) this.siftUp(at, last);
  }

  offer(item: T): void {
    this.siftUp(this.heap.length, item);
  }

  private siftUp(from: number, item: T): void {
    const { heap } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (this.compare(item, heap[parent] as T) >= 0) break;
      heap[at] = heap[parent] as T;
      at = parent;
    }
    heap[at] = item;
  }

  poll(): T | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0) siftDown(heap, this.compare, last as T);
    return first;
  }
}
