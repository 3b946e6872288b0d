import type { Bytes } from '../../base/bytes.ts';
import { CowMap } from '../../base/cow-map.ts';
import type { KeyRange } from '../../base/cow-tree.ts';
import { flushCache } from './caching.ts';
import { KeyBytes } from './key-bytes.ts';
import { newWriteCache, noteWrite, type WriteCacheState } from './write-cache.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { Store, StoreContext, StoreDefinition } from './store.ts';

export interface KeyValueState {
  readonly entries: CowMap<unknown>;
  readonly cache: WriteCacheState;
}

export const newKeyValueState = (): KeyValueState => ({ entries: new CowMap(), cache: newWriteCache() });

/** An entry of a store that is being listed. */
export interface KeyValueEntry {
  readonly key: unknown;
  readonly value: unknown;
}

/** A key-value store of the Processor API: ordered by the bytes of its keys, values without timestamps. */
export class KeyValueStore implements Store {
  readonly definition: StoreDefinition;
  private readonly context: StoreContext;
  private readonly entries: CowMap<unknown>;
  private readonly cache: WriteCacheState;
  private readonly keys: KeyBytes;

  constructor(definition: StoreDefinition, state: KeyValueState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.entries = state.entries;
    this.cache = state.cache;
    this.keys = new KeyBytes(definition.key);
  }

  /** Null if there is none. */
  get(key: unknown): unknown {
    return this.entries.get(this.bytesOf(key)) ?? null;
  }

  /** A null value deletes. */
  put(key: unknown, value: unknown): void {
    const bytes = this.bytesOf(key);
    if (this.definition.caching) this.noteWrite(key, bytes, value);
    else this.log(key, value);
    this.write(bytes, value);
  }

  /** All entries in order of their keys' bytes, as they are now. */
  all(): KeyValueEntry[] {
    return this.list({});
  }

  /** The entries between two keys, both included; an absent end is open. */
  range(from: unknown, to: unknown): KeyValueEntry[] {
    return this.list({
      from: from === null ? undefined : this.bytesOf(from),
      // The smallest key above: nothing lies between it and `to`.
      to: to === null ? undefined : `${this.bytesOf(to)}\0`,
    });
  }

  reverseRange(from: unknown, to: unknown): KeyValueEntry[] {
    return this.range(from, to).reverse();
  }

  flush(): void {
    if (!this.definition.caching) return;
    flushCache(this.cache, this.context, {
      before: ({ before }) => before,
      write: ({ key, after }) => this.log(key, after ?? null),
      // Stores of the Processor API have no listener.
      tell: undefined,
    });
  }

  restore(key: Bytes, value: Bytes | null): void {
    this.write(key, value === null ? null : this.definition.value.deserialize(value));
  }

  private noteWrite(key: unknown, bytes: Bytes, value: unknown): void {
    const [context, before] = [this.context.recordContext(), this.entries.get(bytes)];
    noteWrite(this.cache, bytes, { key, start: -1, end: -1, before, after: value ?? undefined, context });
  }

  private log(key: unknown, value: unknown): void {
    const { definition: store, context } = this;
    if (!store.logging) return;
    context.changelog({
      store,
      key,
      start: -1,
      end: -1,
      sequence: -1,
      value,
      timestamp: context.timestamp(),
    });
  }

  private write(bytes: Bytes, value: unknown): void {
    if (value === null) this.entries.delete(bytes);
    else this.entries.set(bytes, value);
  }

  private list(range: KeyRange): KeyValueEntry[] {
    const { key } = this.definition;
    return this.entries.entries(range).map(([bytes, value]) => ({ key: key.deserialize(bytes), value }));
  }

  private bytesOf(key: unknown): Bytes {
    if (key === null) throw new StreamsError('NullPointerException', 'key cannot be null');
    return this.keys.of(key);
  }
}
