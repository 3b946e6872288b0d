import type { Bytes } from '../../base/bytes.ts';
import { CowTree } from '../../base/cow-tree.ts';
import { javaBytesOrder } from '../topology/java-hash-order.ts';
import { bufferedSize, readBuffered, type BufferedRecord } from './buffered-record.ts';
import { orderedTime, timeAt } from './ordered-time.ts';
import type { Store, StoreContext, StoreDefinition } from './store.ts';

export interface SuppressBufferState {
  /** Buffer time and key's bytes → what waits. */
  readonly waiting: CowTree<BufferedRecord>;
  /** Key's bytes → the key in `waiting`. */
  readonly places: CowTree<Bytes>;
  records: number;
  /** Kept only where a limit in bytes is set. */
  bytes: number;
  /** Keys that changed since the last flush, in order of their first change. */
  readonly dirty: Set<Bytes>;
  /** Most keys that were ever dirty at once: the size of the hash table that settles their order. */
  mostDirty: number;
}

export const newSuppressBufferState = (): SuppressBufferState => ({
  waiting: new CowTree(),
  places: new CowTree(),
  records: 0,
  bytes: 0,
  dirty: new Set(),
  mostDirty: 0,
});

/** Holds the last change per key back, in order of buffer time, then key (`InMemoryTimeOrderedKeyValueChangeBuffer`). */
export class SuppressBuffer implements Store {
  readonly definition: StoreDefinition;
  private readonly context: StoreContext;
  private readonly state: SuppressBufferState;

  constructor(definition: StoreDefinition, state: SuppressBufferState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.state = state;
  }

  get records(): number {
    return this.state.records;
  }

  /** Counted only if `countBytes` was asked for at each put. */
  get bytes(): number {
    return this.state.bytes;
  }

  /** Buffer time of the first to go, in milliseconds; undefined if nothing waits. */
  get minTimestamp(): number | undefined {
    const first = this.state.waiting.first();
    return first === undefined ? undefined : timeAt(first[0], 0);
  }

  /** A later change of a key replaces value and context, not the place. */
  put(time: number, record: BufferedRecord, countBytes: boolean): void {
    const key = this.definition.key.serialize(record.key);
    this.write(time, key, record, countBytes);
    this.markDirty(key);
  }

  /** Takes the first out. Call only if there is one. */
  evict(countBytes: boolean): BufferedRecord {
    const [place, record] = this.state.waiting.first() as readonly [Bytes, BufferedRecord];
    const key = place.slice(8);
    this.remove(key, place);
    if (countBytes) this.state.bytes -= this.sizeOf(record, key);
    this.markDirty(key);
    return record;
  }

  /** What waits under a key. */
  get(key: unknown): BufferedRecord | undefined {
    const place = this.state.places.get(this.definition.key.serialize(key));
    return place === undefined ? undefined : this.state.waiting.get(place);
  }

  flush(): void {
    const { state, definition: store } = this;
    if (state.dirty.size === 0) return;
    for (const key of javaBytesOrder(state.dirty, state.mostDirty)) {
      const place = state.places.get(key);
      const value = place === undefined ? null : (state.waiting.get(place) ?? null);
      const time = place === undefined ? -1 : timeAt(place, 0);
      this.context.changelog({ store, key, start: time, end: -1, sequence: -1, value, timestamp: -1 });
    }
    state.dirty.clear();
  }

  restore(key: Bytes, value: Bytes | null): void {
    const { definition } = this;
    const place = this.state.places.get(key);
    if (value !== null) {
      const time = timeAt(value, value.length - 8);
      this.write(time, key, readBuffered(value, definition.key.deserialize(key), definition.value), false);
    } else if (place !== undefined) this.remove(key, place);
  }

  private write(time: number, key: Bytes, record: BufferedRecord, countBytes: boolean): void {
    const { state } = this;
    const known = state.places.get(key);
    const place = known ?? orderedTime(time) + key;
    if (known === undefined) {
      state.places.set(key, place);
      state.records++;
    }
    if (countBytes) {
      const replaced = known === undefined ? undefined : state.waiting.get(known);
      state.bytes += this.sizeOf(record, key) - (replaced === undefined ? 0 : this.sizeOf(replaced, key));
    }
    state.waiting.set(place, record);
  }

  private remove(key: Bytes, place: Bytes): void {
    this.state.waiting.delete(place);
    this.state.places.delete(key);
    this.state.records--;
  }

  private markDirty(key: Bytes): void {
    if (!this.definition.logging) return;
    this.state.dirty.add(key);
    this.state.mostDirty = Math.max(this.state.mostDirty, this.state.dirty.size);
  }

  private sizeOf(record: BufferedRecord, key: Bytes): number {
    return 8 + bufferedSize(record, key.length, this.definition.value);
  }
}
