import { CowTree, EVERYTHING, type KeyRange } from './cow-tree.ts';
import { DIGEST, type Digest, type Digestible } from './digest.ts';
import { FORK, type Forkable } from './fork.ts';

/** Most entries of the tree that are also kept where they are found faster. */
const MOST_KNOWN = 16_384;

/** Stands for an entry that was deleted. */
const GONE: object = Object.freeze({});

/**
 * A {@link CowTree} for keys that are read and written one by one far more often than in order: what was written since
 * the last fork or ordered read lies in a hash table in front of the tree, and goes into it key by key when either comes.
 * So a fork costs what changed. Undefined is no value.
 */
export class CowMap<T> implements Forkable, Digestible {
  private tree = new CowTree<T>();
  /** Newer than the tree. Values that are in here were never shared with a fork. */
  private written = new Map<string, T | typeof GONE>();
  /** A part of what the tree holds, and never decides a result. `written` hides what is out of date. */
  private known = new Map<string, T | typeof GONE>();

  get(key: string): T | undefined {
    const found = this.written.get(key) ?? this.known.get(key) ?? this.recall(key);
    return found === GONE ? undefined : (found as T | undefined);
  }

  set(key: string, value: T): void {
    this.written.set(key, value);
  }

  delete(key: string): void {
    if (this.tree.get(key) === undefined) this.written.delete(key);
    else this.written.set(key, GONE);
  }

  /** The value of a key for changing it in place: `copy` makes one from a value that a fork may share. */
  own(key: string, copy: (shared: T) => T): T | undefined {
    const own = this.written.get(key);
    if (own !== undefined) return own === GONE ? undefined : (own as T);
    const shared = this.get(key);
    if (shared === undefined) return undefined;
    const mine = copy(shared);
    this.written.set(key, mine);
    return mine;
  }

  /** Counted on each call: linear in the number of leaves. */
  get size(): number {
    return this.settled().size;
  }

  /** The entries in a range, as they are now: later changes do not show in the list. */
  entries(range: KeyRange = EVERYTHING): (readonly [string, T])[] {
    return this.settled().entries(range);
  }

  /** Calls `visit` for each entry ascending until it returns false. Nothing must be changed meanwhile. */
  visit(range: KeyRange, visit: (value: T, key: string) => boolean | void): void {
    this.settled().visit(range, visit);
  }

  private recall(key: string): T | undefined {
    const value = this.tree.get(key);
    if (value === undefined) return undefined;
    if (this.known.size >= MOST_KNOWN) this.known = new Map();
    this.known.set(key, value);
    return value;
  }

  /** The tree with all that was written. */
  private settled(): CowTree<T> {
    const { tree, written } = this;
    if (written.size === 0) return tree;
    for (const [key, value] of written)
      if (value === GONE) tree.delete(key);
      else tree.set(key, value as T);
    // What was written last will be asked for next.
    this.known = written.size > MOST_KNOWN ? new Map<string, T | typeof GONE>() : written;
    this.written = new Map();
    return tree;
  }

  [FORK](older?: this): this {
    const tree = this.settled()[FORK](older?.settled());
    if (older !== undefined && tree === older.tree) return older;
    const copy = new CowMap<T>();
    copy.tree = tree;
    return copy as this;
  }

  [DIGEST](digest: Digest): void {
    this.settled()[DIGEST](digest);
  }
}
