import type { Bytes } from '../../base/bytes.ts';
import { CowMap } from '../../base/cow-map.ts';
import { CowTree } from '../../base/cow-tree.ts';
import { javaBytesOrder } from '../../base/java-hash-order.ts';
import { bufferedSize, readBuffered, type BufferedRecord } from './buffered-record.ts';
import { orderedTime, timeAt } from './ordered-time.ts';
import type { RecordContext } from '../task/processor.ts';
import type { Store, StoreContext, StoreDefinition } from './store.ts';

export interface SuppressBufferState {
  /** Buffer time and key's bytes → key's bytes. */
  readonly order: CowTree<Bytes>;
  /** Key's bytes → what waits. */
  readonly waiting: CowMap<Waiting>;
  records: number;
  /** Kept only where a limit in bytes is set. */
  bytes: number;
  /** Buffer time of the first to go, in milliseconds. */
  minTimestamp: number;
  /** The only key that changed since the last flush; null if there is none, or more than one. */
  lone: Bytes | null;
  /** Keys that changed since the last flush, if there are several, in order of their first change. */
  readonly dirty: Set<Bytes>;
  /** Most keys that were ever dirty at once: the size of the hash table that settles their order. */
  mostDirty: number;
}

/** What waits, and since which buffer time. Immutable. */
interface Waiting {
  readonly time: number;
  readonly record: BufferedRecord;
}

const NEVER = Number.MAX_SAFE_INTEGER;

export const newSuppressBufferState = (): SuppressBufferState => ({
  order: new CowTree(),
  waiting: new CowMap(),
  records: 0,
  bytes: 0,
  minTimestamp: NEVER,
  lone: null,
  dirty: new Set(),
  mostDirty: 0,
});

/** A change that is to be held back. */
export interface HeldChange {
  readonly key: unknown;
  readonly value: unknown;
  readonly oldValue: unknown;
  readonly context: RecordContext;
}

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

  /** Buffer time of the first to go, in milliseconds; far away if nothing waits. */
  get minTimestamp(): number {
    return this.state.minTimestamp;
  }

  /** A later change of a key replaces value and context, not the place. */
  put(time: number, { key, value, oldValue, context }: HeldChange, countBytes: boolean): void {
    const bytes = this.definition.key.serialize(key);
    const known = this.state.waiting.get(bytes);
    const prior = known === undefined ? oldValue : known.record.prior;
    this.write(bytes, { time, record: { key, prior, oldValue, value, context } }, known, countBytes);
    this.markDirty(bytes);
  }

  /** Takes the first out once it has been told: whoever hears of it still finds it waiting. Call only if there is one. */
  evict(countBytes: boolean, tell: (record: BufferedRecord) => void): void {
    const { state } = this;
    const [place, bytes] = state.order.first() as readonly [Bytes, Bytes];
    const { record } = state.waiting.get(bytes) as Waiting;
    tell(record);
    this.remove(bytes, place);
    if (countBytes) state.bytes -= this.sizeOf(record, bytes);
    this.markDirty(bytes);
  }

  /** What waits under a key. */
  get(key: unknown): BufferedRecord | undefined {
    return this.state.waiting.get(this.definition.key.serialize(key))?.record;
  }

  flush(): void {
    const { state } = this;
    if (state.lone !== null) {
      this.log(state.lone);
      state.lone = null;
    } else if (state.dirty.size > 0) {
      for (const bytes of javaBytesOrder(state.dirty, state.mostDirty)) this.log(bytes);
      state.dirty.clear();
    }
  }

  restore(key: Bytes, value: Bytes | null): void {
    const { definition, state } = this;
    const known = state.waiting.get(key);
    if (value !== null) {
      const time = timeAt(value, value.length - 8);
      const record = readBuffered(value, definition.key.deserialize(key), definition.value);
      this.write(key, { time: known?.time ?? time, record }, known, false);
    } else if (known !== undefined) this.remove(key, orderedTime(known.time) + key);
  }

  private write(bytes: Bytes, entry: Waiting, known: Waiting | undefined, countBytes: boolean): void {
    const { state } = this;
    if (countBytes)
      state.bytes +=
        this.sizeOf(entry.record, bytes) - (known === undefined ? 0 : this.sizeOf(known.record, bytes));
    if (known !== undefined) {
      state.waiting.set(bytes, { time: known.time, record: entry.record });
      return;
    }
    state.waiting.set(bytes, entry);
    state.order.set(orderedTime(entry.time) + bytes, bytes);
    state.records++;
    if (entry.time < state.minTimestamp) state.minTimestamp = entry.time;
  }

  private remove(bytes: Bytes, place: Bytes): void {
    const { state } = this;
    state.order.delete(place);
    state.waiting.delete(bytes);
    state.records--;
    const first = state.order.first();
    state.minTimestamp = first === undefined ? NEVER : timeAt(first[0], 0);
  }

  private log(bytes: Bytes): void {
    const { definition: store, context, state } = this;
    const entry = state.waiting.get(bytes);
    const [value, start] = entry === undefined ? [null, -1] : [entry.record, entry.time];
    context.changelog({ store, key: bytes, start, end: -1, sequence: -1, value, timestamp: -1 });
  }

  private markDirty(key: Bytes): void {
    if (!this.definition.logging) return;
    const { state } = this;
    if (state.dirty.size === 0 && (state.lone ?? key) === key) state.lone = key;
    else {
      if (state.lone !== null) state.dirty.add(state.lone);
      state.lone = null;
      state.dirty.add(key);
    }
    state.mostDirty = Math.max(state.mostDirty, state.dirty.size, 1);
  }

  private sizeOf(record: BufferedRecord, key: Bytes): number {
    return 8 + bufferedSize(record, key.length, this.definition.value);
  }
}
