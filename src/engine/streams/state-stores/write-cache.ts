import { CowTree } from '../../base/cow-tree.ts';
import type { RecordContext } from '../task/processor.ts';

/** A key that was written since the last flush. Immutable. */
export interface DirtyEntry {
  readonly key: unknown;
  readonly start: number;
  readonly end: number;
  /** What the store held before the first write since the last flush; undefined: nothing. */
  readonly before: unknown;
  /** What it holds now; undefined: nothing. */
  readonly after: unknown;
  /** Of the record that wrote last. */
  readonly context: RecordContext;
  /** Position in the order of last writes. */
  readonly order: number;
}

/**
 * State of a caching store beside its content: which keys are to be sent on at the next flush. (The content itself is
 * written at once, so that reads need not merge two places.)
 */
export interface WriteCacheState {
  readonly dirty: CowTree<DirtyEntry>;
  writes: number;
}

export const newWriteCache = (): WriteCacheState => ({ dirty: new CowTree(), writes: 0 });

/** Notes a write under the key's bytes. `entry.before` counts only at the first write since the last flush. */
export function noteWrite(cache: WriteCacheState, bytes: string, entry: Omit<DirtyEntry, 'order'>): void {
  const known = cache.dirty.get(bytes);
  cache.dirty.set(bytes, {
    ...entry,
    before: known === undefined ? entry.before : known.before,
    order: cache.writes++,
  });
}

/** Takes all noted writes out, in the order of their last write (`NamedCache` keeps its dirty keys so). */
export function takeWrites(cache: WriteCacheState): DirtyEntry[] {
  const entries = cache.dirty.entries().map(([, entry]) => entry);
  cache.dirty.clear();
  return entries.sort((a, b) => a.order - b.order);
}
