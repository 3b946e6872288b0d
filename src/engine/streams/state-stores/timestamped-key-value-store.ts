import type { Bytes } from '../../base/bytes.ts';
import { CowMap } from '../../base/cow-map.ts';
import { flushCache, tellStamped, type CachingStore } from './caching.ts';
import { KeyBytes } from './key-bytes.ts';
import type { FlushListener, Stamped, StoreContext, StoreDefinition } from './store.ts';
import type { PutResult, TableStore } from './table-store.ts';
import { newWriteCache, noteWrite, type WriteCacheState } from './write-cache.ts';

export interface TimestampedKeyValueState {
  readonly entries: CowMap<Stamped>;
  readonly cache: WriteCacheState;
}

export const newTimestampedKeyValueState = (): TimestampedKeyValueState => ({
  entries: new CowMap(),
  cache: newWriteCache(),
});

/** The store of a table: the latest value per key with its time, ordered by the bytes of the keys. */
export class TimestampedKeyValueStore implements TableStore, CachingStore {
  readonly definition: StoreDefinition;
  readonly versioned = false;
  private readonly context: StoreContext;
  private readonly entries: CowMap<Stamped>;
  private readonly cache: WriteCacheState;
  private readonly keys: KeyBytes;
  private listener: FlushListener | undefined = undefined;

  constructor(definition: StoreDefinition, state: TimestampedKeyValueState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.entries = state.entries;
    this.cache = state.cache;
    this.keys = new KeyBytes(definition.key);
  }

  setFlushListener(listener: FlushListener): boolean {
    this.listener = listener;
    return this.definition.caching;
  }

  get(key: unknown): Stamped | undefined {
    return this.entries.get(this.keys.of(key));
  }

  getAsOf(key: unknown): Stamped | undefined {
    return this.get(key);
  }

  put(key: unknown, value: unknown, timestamp: number): PutResult {
    const bytes = this.keys.of(key);
    const after = value === null ? undefined : { value, timestamp };
    if (this.definition.caching) this.noteWrite(key, bytes, after);
    else this.log(key, after);
    this.write(bytes, after);
    return 'latest';
  }

  /** All entries in order of their keys' bytes, as they are now. */
  all(): { readonly key: unknown; readonly entry: Stamped }[] {
    const { key } = this.definition;
    return this.entries.entries().map(([bytes, entry]) => ({ key: key.deserialize(bytes), entry }));
  }

  flush(): void {
    if (!this.definition.caching) return;
    const { listener } = this;
    flushCache(this.cache, this.context, {
      before: ({ before }) => before,
      write: ({ key, after }) => this.log(key, after as Stamped | undefined),
      tell: listener === undefined ? undefined : (entry) => tellStamped(listener, entry.key, entry),
    });
  }

  restore(key: Bytes, value: Bytes | null, timestamp: number): void {
    this.write(
      key,
      value === null ? undefined : { value: this.definition.value.deserialize(value), timestamp },
    );
  }

  private write(bytes: Bytes, entry: Stamped | undefined): void {
    if (entry === undefined) this.entries.delete(bytes);
    else this.entries.set(bytes, entry);
  }

  private noteWrite(key: unknown, bytes: Bytes, after: Stamped | undefined): void {
    const context = this.context.recordContext();
    noteWrite(this.cache, bytes, {
      key,
      start: -1,
      end: -1,
      before: this.entries.get(bytes),
      after,
      context,
    });
  }

  private log(key: unknown, entry: Stamped | undefined): void {
    if (!this.definition.logging) return;
    const value = entry === undefined ? null : entry.value;
    const timestamp = entry === undefined ? this.context.timestamp() : entry.timestamp;
    this.context.changelog({
      store: this.definition,
      key,
      start: -1,
      end: -1,
      sequence: -1,
      value,
      timestamp,
    });
  }
}
