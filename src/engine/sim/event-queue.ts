import { DIGEST, type Digest, type Digestible } from '../base/digest.ts';
import { FORK, type Forkable } from '../base/fork.ts';
import type { SimEvent } from './event.ts';

const earlier = (x: SimEvent, y: SimEvent): boolean =>
  x.at < y.at || (x.at === y.at && x.sequence < y.sequence);

/** What is still to happen, as a binary heap ordered by (time, sequence). */
export class EventQueue implements Forkable, Digestible {
  private heap: SimEvent[] = [];

  get size(): number {
    return this.heap.length;
  }

  peek(): SimEvent | undefined {
    return this.heap[0];
  }

  push(event: SimEvent): void {
    const heap = this.heap;
    let i = heap.length;
    heap.push(event);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as SimEvent;
      if (!earlier(event, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = event;
  }

  pop(): SimEvent | undefined {
    const heap = this.heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.sink(last);
    return first;
  }

  /** Puts `event` at the root and lets it sink to its place. */
  private sink(event: SimEvent): void {
    const heap = this.heap;
    const size = heap.length;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && earlier(heap[child + 1] as SimEvent, heap[child] as SimEvent)) child++;
      const below = heap[child] as SimEvent;
      if (!earlier(below, event)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = event;
  }

  /** All events in no particular order, to be read only. */
  all(): readonly SimEvent[] {
    return this.heap;
  }

  [FORK](): this {
    const copy = new EventQueue();
    copy.heap = this.heap.slice();
    return copy as this;
  }

  [DIGEST](digest: Digest): void {
    const ordered = this.heap.slice().sort((x, y) => x.at - y.at || x.sequence - y.sequence);
    for (const event of ordered) {
      digest.number(event.at);
      digest.number(event.sequence);
      digest.string(event.kind);
      digest.string(event.node);
      digest.string(event.name);
      digest.value(event.payload);
    }
  }
}
