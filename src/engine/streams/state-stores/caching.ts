import type { DirtyEntry, WriteCacheState } from './write-cache.ts';
import { takeWrites } from './write-cache.ts';
import type { FlushListener, Stamped, StoreContext } from './store.ts';

/** A store that may hold updates back until it is flushed. */
export interface CachingStore {
  /** True if updates are held back: then the listener is told at each flush, and the processor must not forward itself. */
  setFlushListener(listener: FlushListener): boolean;
}

/** What flushing does to one store. */
export interface CacheFlush {
  /** What the store underneath shows of before the first write; undefined: nothing, or nothing any more. */
  readonly before: (entry: DirtyEntry) => unknown;
  /** What the store underneath does with the write. */
  readonly write: (entry: DirtyEntry) => void;
  /** Absent: nobody listens. */
  readonly tell: ((entry: DirtyEntry) => void) | undefined;
}

/**
 * Flushes a cache. Where someone listens, a key of which there was nothing before and is nothing now leaves no trace.
 */
export function flushCache(cache: WriteCacheState, context: StoreContext, flush: CacheFlush): void {
  for (const noted of takeWrites(cache)) {
    const before = flush.before(noted);
    const entry = before === noted.before ? noted : { ...noted, before };
    const nothing = entry.before === undefined && entry.after === undefined;
    if (nothing && flush.tell !== undefined) continue;
    context.runAs(entry.context, () => {
      flush.write(entry);
      flush.tell?.(entry);
    });
  }
}

/** Tells a listener of an entry whose values carry timestamps: a deletion takes the time of the record that deleted. */
export function tellStamped(listener: FlushListener, key: unknown, entry: DirtyEntry): void {
  const after = entry.after as Stamped | undefined;
  const before = entry.before as Stamped | undefined;
  listener(key, after?.value ?? null, before?.value ?? null, after?.timestamp ?? entry.context.timestamp);
}
