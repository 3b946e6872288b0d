import type { Bytes } from '../../base/bytes.ts';
import type { Stamped, StoreContext, StoreDefinition } from './store.ts';
import type { PutResult, TableStore } from './table-store.ts';

export interface LruState {
  /** Keys' bytes, least recently used first. */
  readonly entries: Map<Bytes, Stamped & { readonly key: unknown }>;
}

export const newLruState = (): LruState => ({ entries: new Map() });

/** A table's store that keeps the N keys used last (`MemoryNavigableLRUCache`). What it forgets stays in its changelog. */
export class LruStore implements TableStore {
  readonly definition: StoreDefinition;
  readonly versioned = false;
  private readonly context: StoreContext;
  private readonly entries: LruState['entries'];

  constructor(definition: StoreDefinition, state: LruState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.entries = state.entries;
  }

  get(key: unknown): Stamped | undefined {
    const bytes = this.definition.key.serialize(key);
    const entry = this.entries.get(bytes);
    if (entry !== undefined) this.touch(bytes, entry);
    return entry;
  }

  getAsOf(key: unknown): Stamped | undefined {
    return this.get(key);
  }

  put(key: unknown, value: unknown, timestamp: number): PutResult {
    this.log(key, value, value === null ? this.context.timestamp() : timestamp);
    this.write(this.definition.key.serialize(key), value === null ? undefined : { key, value, timestamp });
    return 'latest';
  }

  all(): { readonly key: unknown; readonly entry: Stamped }[] {
    const sorted = [...this.entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return sorted.map(([, entry]) => ({ key: entry.key, entry }));
  }

  flush(): void {
    // It holds nothing back: what does is a cache in front of it.
  }

  restore(key: Bytes, value: Bytes | null, timestamp: number): void {
    const { definition } = this;
    if (value === null) this.entries.delete(key);
    else
      this.touch(key, {
        key: definition.key.deserialize(key),
        value: definition.value.deserialize(value),
        timestamp,
      });
  }

  private write(bytes: Bytes, entry: (Stamped & { readonly key: unknown }) | undefined): void {
    if (entry === undefined) {
      this.entries.delete(bytes);
      return;
    }
    this.touch(bytes, entry);
    if (this.entries.size <= this.definition.maxEntries) return;
    for (const eldest of this.entries.keys()) {
      this.entries.delete(eldest);
      return;
    }
  }

  private touch(bytes: Bytes, entry: Stamped & { readonly key: unknown }): void {
    this.entries.delete(bytes);
    this.entries.set(bytes, entry);
  }

  private log(key: unknown, value: unknown, timestamp: number): void {
    if (!this.definition.logging) return;
    const { definition: store } = this;
    this.context.changelog({ store, key, start: -1, end: -1, sequence: -1, value, timestamp });
  }
}
