import type { Bytes } from '../../base/bytes.ts';
import { CowTree } from '../../base/cow-tree.ts';
import { TimeTable } from '../../base/time-table.ts';
import { flushCache, tellStamped, type CachingStore } from './caching.ts';
import { KeyBytes } from './key-bytes.ts';
import { orderedTime, timeAt } from './ordered-time.ts';
import { earliestHeld, earliestVisible, isExpired, isShownUncached, mayForget } from './retention.ts';
import type { FlushListener, Stamped, Store, StoreContext, StoreDefinition } from './store.ts';
import {
  everyWindow,
  windowsOf,
  windowsOfAll,
  type KeyedWindowEntry,
  type WindowEntry,
} from './window-reads.ts';
import { newWriteCache, noteWrite, type DirtyEntry, type WriteCacheState } from './write-cache.ts';
import { Windowed } from '../serdes/windowed.ts';

export interface WindowState {
  /** Key's bytes → start of the window, and number of the duplicate → value, or value with its time. */
  readonly windows: TimeTable<unknown>;
  /** Start and key's bytes → key's bytes, for stores that are read by time. */
  readonly byTime: CowTree<Bytes>;
  readonly cache: WriteCacheState;
  /** Largest start ever put; −1 at first. */
  observed: number;
  /** Largest start that ever left the cache; −1 at first. */
  flushed: number;
  /** Number of the last duplicate. */
  sequence: number;
  /** Number of the last change in the changelog, which also counts what the store did not take. */
  logged: number;
  /** When `observed` reaches this, what nobody can see any more is dropped. */
  nextSweep: number;
}

export const newWindowState = (): WindowState => ({
  windows: new TimeTable(),
  byTime: new CowTree(),
  cache: newWriteCache(),
  observed: -1,
  flushed: -1,
  sequence: 0,
  logged: 0,
  nextSweep: 0,
});

/**
 * Values by key and window start, forgotten when the store's own time (the largest start ever put) has passed them by
 * the retention. Serves windowed aggregates (values with times), processors, and both sides of stream-stream joins
 * (several values per key and time).
 */
export class WindowStore implements Store, CachingStore {
  readonly definition: StoreDefinition;
  private readonly context: StoreContext;
  private readonly state: WindowState;
  private readonly stamped: boolean;
  private readonly keys: KeyBytes;
  private listener: FlushListener | undefined = undefined;

  constructor(definition: StoreDefinition, state: WindowState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.state = state;
    this.keys = new KeyBytes(definition.key);
    this.stamped = definition.kind === 'timestampedWindow';
  }

  setFlushListener(listener: FlushListener): boolean {
    this.listener = listener;
    return this.definition.caching;
  }

  /** The value of one window: a {@link Stamped} in stores of aggregates. Undefined if there is none. */
  fetchOne(key: unknown, start: number): unknown {
    if (start < earliestVisible(this.definition, this.state.observed)) return undefined;
    return this.state.windows.get(this.keys.of(key), start);
  }

  /** Windows of a key with `from <= start <= to`, ascending. */
  fetch(key: unknown, from: number, to: number): WindowEntry[] {
    return windowsOf(this.definition, this.state, this.keys.of(key), { from, to });
  }

  /** Windows of every key with `from <= start <= to`, by start, then by the key's bytes. */
  fetchAll(from: number, to: number): KeyedWindowEntry[] {
    return windowsOfAll(this.definition, this.state, { from, to });
  }

  /** Puts a plain value, or a {@link Stamped} in stores of aggregates. Null deletes (but not where duplicates are kept). */
  put(key: unknown, value: unknown, start: number): void {
    const bytes = this.keys.of(key);
    if (this.definition.caching) this.noteWrite(key, bytes, start, value);
    const kept = this.write(bytes, value, start);
    if (this.definition.caching) return;
    if (!kept) this.context.dropped();
    this.log(key, value, start);
  }

  /** Everything still visible, by key's bytes, then start, then order of arrival. */
  all(): KeyedWindowEntry[] {
    return everyWindow(this.definition, this.state);
  }

  /** The store's own time: the largest start ever put, −1 at first. */
  get observedTime(): number {
    return this.state.observed;
  }

  flush(): void {
    if (!this.definition.caching) return;
    flushCache(this.state.cache, this.context, {
      before: ({ before, start }) =>
        isShownUncached(this.definition, start, this.state.flushed) ? before : undefined,
      write: ({ key, after, start }) => {
        this.state.flushed = Math.max(this.state.flushed, start);
        if (isExpired(this.definition, start, this.state.flushed)) this.context.dropped();
        this.log(key, after ?? null, start);
      },
      tell: this.listener === undefined ? undefined : (entry) => this.tell(entry),
    });
  }

  restore(key: Bytes, value: Bytes | null, timestamp: number): void {
    const at = key.length - 12;
    const decoded = value === null ? null : this.definition.value.deserialize(value);
    const stored = decoded === null || !this.stamped ? decoded : { value: decoded, timestamp };
    this.write(key.slice(0, at), stored, timeAt(key, at));
  }

  /** False if the store has moved on too far to take it. */
  private write(bytes: Bytes, value: unknown, start: number): boolean {
    const { state, definition } = this;
    const duplicates = definition.retainDuplicates;
    if (value === null && duplicates && definition.backend === 'rocksDB') return true;
    if (start > state.observed) this.advance(start);
    if (!definition.caching && isExpired(definition, start, state.observed)) return false;
    if (duplicates) {
      if (value !== null) state.windows.set(bytes, start, ++state.sequence, value);
      return true;
    }
    if (value === null) state.windows.delete(bytes, start);
    else state.windows.set(bytes, start, 0, value);
    if (definition.timeOrdered) this.index(bytes, start, value !== null);
    return true;
  }

  private index(bytes: Bytes, start: number, present: boolean): void {
    const place = orderedTime(start) + bytes;
    if (present) this.state.byTime.set(place, bytes);
    else this.state.byTime.delete(place);
  }

  private advance(start: number): void {
    const { state, definition } = this;
    state.observed = start;
    if (start < state.nextSweep) return;
    const earliest = earliestHeld(definition, start);
    if (earliest > 0 && mayForget(definition, state.windows.size)) {
      state.windows.deleteBefore(earliest);
      for (const [at] of state.byTime.entries({ to: orderedTime(earliest) })) state.byTime.delete(at);
    }
    state.nextSweep = start + definition.segmentInterval;
  }

  private noteWrite(key: unknown, bytes: Bytes, start: number, value: unknown): void {
    const { state } = this;
    noteWrite(state.cache, bytes + orderedTime(start), {
      key,
      start,
      end: -1,
      before: state.windows.get(bytes, start),
      after: value ?? undefined,
      context: this.context.recordContext(),
    });
  }

  private tell(entry: DirtyEntry): void {
    if (this.listener === undefined) return;
    const key = new Windowed(entry.key, entry.start, entry.start + this.definition.windowSize);
    tellStamped(this.listener, key, entry);
  }

  private log(key: unknown, value: unknown, start: number): void {
    const { definition: store, context } = this;
    if (!store.logging) return;
    const sequence = store.retainDuplicates ? ++this.state.logged : 0;
    const stamp = this.stamped && value !== null ? (value as Stamped) : undefined;
    const logged = stamp === undefined ? value : stamp.value;
    const timestamp = stamp === undefined ? context.timestamp() : stamp.timestamp;
    // The stores of stream-stream joins alone keep the headers of their records.
    if (!store.retainDuplicates)
      context.changelog({ store, key, start, end: -1, sequence, value: logged, timestamp });
    else {
      const headers = context.headers();
      context.changelog({ store, key, start, end: -1, sequence, value: logged, timestamp, headers });
    }
  }
}
