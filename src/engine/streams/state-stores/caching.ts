import type { DirtyEntry, WriteCacheState } from './write-cache.ts';
import { takeWrites } from './write-cache.ts';
import type { FlushListener, Stamped, StoreContext } from './store.ts';

/** A store that may hold updates back until it is flushed. */
export interface CachingStore {
  /** True if updates are held back: then the listener is told at each flush, and the processor must not forward itself. */
  setFlushListener(listener: FlushListener): boolean;
}

/** Flushes a cache: for each key `write` does what the store underneath does, then the listener is told. */
export function flushCache(
  cache: WriteCacheState,
  context: StoreContext,
  write: (entry: DirtyEntry) => void,
  tell: (entry: DirtyEntry) => void,
): void {
  for (const entry of takeWrites(cache))
    context.runAs(entry.context, () => {
      write(entry);
      tell(entry);
    });
}

/** Tells a listener of an entry whose values carry timestamps: a deletion takes the time of the record that deleted. */
export function tellStamped(listener: FlushListener, key: unknown, entry: DirtyEntry): void {
  const after = entry.after as Stamped | undefined;
  const before = entry.before as Stamped | undefined;
  listener(key, after?.value ?? null, before?.value ?? null, after?.timestamp ?? entry.context.timestamp);
}
