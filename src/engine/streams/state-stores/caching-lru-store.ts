import type { Bytes } from '../../base/bytes.ts';
import { CowTree } from '../../base/cow-tree.ts';
import { flushCache, tellStamped, type CachingStore } from './caching.ts';
import { LruStore, newLruState, type LruState } from './lru-store.ts';
import type { FlushListener, Stamped, StoreContext, StoreDefinition } from './store.ts';
import type { PutResult, TableStore } from './table-store.ts';
import { newWriteCache, noteWrite, type WriteCacheState } from './write-cache.ts';

export interface CachingLruState extends LruState {
  /** Keys' bytes → what was read or written last; null: deleted, and not flushed yet. */
  readonly cached: CowTree<Stamped | null>;
  readonly cache: WriteCacheState;
}

export const newCachingLruState = (): CachingLruState => ({
  ...newLruState(),
  cached: new CowTree(),
  cache: newWriteCache(),
});

/**
 * An LRU store behind a cache (`CachingKeyValueStore`). What the store forgets the cache still knows, so that only
 * flushing notices it: the value of before is then gone.
 */
export class CachingLruStore implements TableStore, CachingStore {
  readonly definition: StoreDefinition;
  readonly versioned = false;
  private readonly context: StoreContext;
  private readonly state: CachingLruState;
  private readonly store: LruStore;
  private listener: FlushListener | undefined = undefined;

  constructor(definition: StoreDefinition, state: CachingLruState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.state = state;
    this.store = new LruStore(definition, state, context);
  }

  setFlushListener(listener: FlushListener): boolean {
    this.listener = listener;
    return true;
  }

  get(key: unknown): Stamped | undefined {
    const bytes = this.bytesOf(key);
    const cached = this.state.cached.get(bytes);
    if (cached !== undefined) return cached ?? undefined;
    const stored = this.store.get(key);
    if (stored !== undefined) this.state.cached.set(bytes, stored);
    return stored;
  }

  getAsOf(key: unknown): Stamped | undefined {
    return this.get(key);
  }

  put(key: unknown, value: unknown, timestamp: number): PutResult {
    const bytes = this.bytesOf(key);
    const after = value === null ? undefined : { value, timestamp };
    const context = this.context.recordContext();
    noteWrite(this.state.cache, bytes, { key, start: -1, end: -1, before: undefined, after, context });
    this.state.cached.set(bytes, after ?? null);
    return 'latest';
  }

  /** What the cache or the store holds, in order of the keys' bytes. */
  all(): { readonly key: unknown; readonly entry: Stamped }[] {
    const merged = new CowTree<Stamped | null>();
    for (const { key, entry } of this.store.all()) merged.set(this.bytesOf(key), entry);
    for (const [bytes, entry] of this.state.cached.entries()) merged.set(bytes, entry);
    const { key } = this.definition;
    return merged
      .entries()
      .flatMap(([bytes, entry]) => (entry === null ? [] : [{ key: key.deserialize(bytes), entry }]));
  }

  flush(): void {
    const { listener, store } = this;
    flushCache(this.state.cache, this.context, {
      before: ({ key }) => store.get(key),
      write: ({ key, after }) => {
        const entry = after as Stamped | undefined;
        if (entry === undefined) store.put(key, null, -1);
        else store.put(key, entry.value, entry.timestamp);
      },
      tell: listener === undefined ? undefined : (entry) => tellStamped(listener, entry.key, entry),
    });
    for (const [bytes, entry] of this.state.cached.entries())
      if (entry === null) this.state.cached.delete(bytes);
  }

  restore(key: Bytes, value: Bytes | null, timestamp: number): void {
    this.store.restore(key, value, timestamp);
  }

  private bytesOf(key: unknown): Bytes {
    return this.definition.key.serialize(key);
  }
}
