import type { Stamped, Store } from './store.ts';

/** What became of a write: it is the latest value of its key, an older version of it, or too old to be kept. */
export type PutResult = 'latest' | 'older' | 'notPut';

/** The store behind a materialised table (`KeyValueStoreWrapper`): timestamped or versioned. */
export interface TableStore extends Store {
  readonly versioned: boolean;
  /** The latest value. */
  get(key: unknown): Stamped | undefined;
  /** The value that was valid at a time; for a store without versions the latest one. */
  getAsOf(key: unknown, timestamp: number): Stamped | undefined;
  /** A null value deletes. */
  put(key: unknown, value: unknown, timestamp: number): PutResult;
}
