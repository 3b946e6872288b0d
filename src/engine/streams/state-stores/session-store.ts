import type { Bytes } from '../../base/bytes.ts';
import { CowTree } from '../../base/cow-tree.ts';
import { TimeTable } from '../../base/time-table.ts';
import { Windowed } from '../serdes/windowed.ts';
import { flushCache, type CachingStore } from './caching.ts';
import { KeyBytes } from './key-bytes.ts';
import { orderedTime, timeAt, timeRange } from './ordered-time.ts';
import { earliestHeld, earliestVisible, isExpired, isShownUncached, mayForget } from './retention.ts';
import type { FlushListener, Store, StoreContext, StoreDefinition } from './store.ts';
import { newWriteCache, noteWrite, type WriteCacheState } from './write-cache.ts';
import { StreamsError } from '../task/streams-error.ts';

export interface SessionState {
  /** Key's bytes → end and start → aggregate. */
  readonly sessions: TimeTable<unknown>;
  /** End, start and key's bytes → key's bytes, for stores that are read by time. */
  readonly byTime: CowTree<Bytes>;
  readonly cache: WriteCacheState;
  /** Largest end ever put; −1 at first. */
  observed: number;
  /** Largest end that ever left the cache; −1 at first. */
  flushed: number;
  nextSweep: number;
}

export const newSessionState = (): SessionState => ({
  sessions: new TimeTable(),
  byTime: new CowTree(),
  cache: newWriteCache(),
  observed: -1,
  flushed: -1,
  nextSweep: 0,
});

export interface SessionEntry {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}

/** Aggregates of sessions by key, end and start, forgotten when the largest end ever put has passed them by the retention. */
export class SessionStore implements Store, CachingStore {
  readonly definition: StoreDefinition;
  private readonly context: StoreContext;
  private readonly state: SessionState;
  private readonly keys: KeyBytes;
  private listener: FlushListener | undefined = undefined;

  constructor(definition: StoreDefinition, state: SessionState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.state = state;
    this.keys = new KeyBytes(definition.key);
  }

  setFlushListener(listener: FlushListener): boolean {
    this.listener = listener;
    return this.definition.caching;
  }

  /** Sessions of a key with `end >= earliestEnd` and `start <= latestStart`, by end, then start. */
  findSessions(key: unknown, earliestEnd: number, latestStart: number): SessionEntry[] {
    const found: SessionEntry[] = [];
    this.checkSegment(earliestEnd);
    const earliest = Math.max(earliestEnd, this.earliest());
    this.state.sessions.visit(this.keys.of(key), earliest, Infinity, (value, end, start) => {
      if (start <= latestStart) found.push({ start, end, value });
    });
    return found;
  }

  /** The cache of a persistent store counts segments towards zero, and fails for a time a whole segment before it. */
  private checkSegment(earliestEnd: number): void {
    const { caching, backend, segmentInterval } = this.definition;
    if (caching && backend === 'rocksDB' && earliestEnd <= -segmentInterval)
      throw new StreamsError(
        'IllegalStateException',
        'Error iterating over segments: segment interval has changed',
      );
  }

  /** Sessions of every key with `earliestEnd <= end <= latestEnd`, by end; of equal ends by the order of the backend. */
  findSessionsByEnd(earliestEnd: number, latestEnd: number): (SessionEntry & { readonly key: unknown })[] {
    const { definition, state } = this;
    // Only here does a persistent store show what its retention has passed, as long as the segment is there.
    const earliest = Math.max(earliestEnd, earliestHeld(definition, state.observed));
    if (latestEnd < earliest) return [];
    const found = state.byTime.entries(timeRange(earliest, latestEnd)).map(([at, bytes]) => ({ at, bytes }));
    if (definition.backend === 'inMemory') found.sort(byEndThenKey);
    return found.map(({ at, bytes }) => ({
      key: definition.key.deserialize(bytes),
      end: timeAt(at, 0),
      start: timeAt(at, 8),
      value: state.sessions.get(bytes, timeAt(at, 0), timeAt(at, 8)),
    }));
  }

  /** The aggregate of exactly this session; undefined if there is none. */
  fetchSession(key: unknown, start: number, end: number): unknown {
    if (end < this.earliest()) return undefined;
    return this.state.sessions.get(this.keys.of(key), end, start);
  }

  put(key: unknown, start: number, end: number, value: unknown): void {
    const bytes = this.keys.of(key);
    if (this.definition.caching) this.noteWrite(key, bytes, { start, end, value });
    if (end > this.state.observed) this.advance(end);
    const kept = this.definition.caching || !isExpired(this.definition, end, this.state.observed);
    if (kept) this.write(bytes, start, end, value);
    if (this.definition.caching) return;
    if (!kept) this.context.dropped();
    this.log(key, start, end, value);
  }

  remove(key: unknown, start: number, end: number): void {
    const bytes = this.keys.of(key);
    if (this.definition.caching) this.noteWrite(key, bytes, { start, end, value: null });
    if (end > this.state.observed && this.definition.backend === 'rocksDB') this.advance(end);
    this.write(bytes, start, end, null);
    if (!this.definition.caching) this.log(key, start, end, null);
  }

  /** Everything still visible, by key's bytes, then end, then start. */
  all(): (SessionEntry & { readonly key: unknown })[] {
    const found: (SessionEntry & { readonly key: unknown })[] = [];
    const earliest = this.earliest();
    this.state.sessions.visitAll((value, bytes, end, start) => {
      if (end >= earliest) found.push({ key: this.definition.key.deserialize(bytes), start, end, value });
    });
    return found;
  }

  flush(): void {
    if (!this.definition.caching) return;
    const { listener } = this;
    flushCache(this.state.cache, this.context, {
      before: ({ before, end }) =>
        isShownUncached(this.definition, end, this.state.flushed) ? before : undefined,
      write: ({ key, start, end, after }) => {
        this.state.flushed = Math.max(this.state.flushed, end);
        if (isExpired(this.definition, end, this.state.flushed)) this.context.dropped();
        this.log(key, start, end, after ?? null);
      },
      // A session's change carries the session's end as its time.
      tell:
        listener === undefined
          ? undefined
          : ({ key, start, end, after, before }) =>
              listener(new Windowed(key, start, end), after ?? null, before ?? null, end),
    });
  }

  restore(key: Bytes, value: Bytes | null): void {
    const at = key.length - 16;
    const [end, start] = [timeAt(key, at), timeAt(key, at + 8)];
    if (end > this.state.observed) this.advance(end);
    if (isExpired(this.definition, end, this.state.observed)) return;
    this.write(
      key.slice(0, at),
      start,
      end,
      value === null ? null : this.definition.value.deserialize(value),
    );
  }

  private earliest(): number {
    return earliestVisible(this.definition, this.state.observed);
  }

  private write(bytes: Bytes, start: number, end: number, value: unknown): void {
    const { state } = this;
    if (value === null) state.sessions.delete(bytes, end, start);
    else state.sessions.set(bytes, end, start, value);
    if (!this.definition.timeOrdered) return;
    const place = sessionBytes(start, end) + bytes;
    if (value === null) state.byTime.delete(place);
    else state.byTime.set(place, bytes);
  }

  private advance(end: number): void {
    const { state, definition } = this;
    state.observed = end;
    if (end < state.nextSweep) return;
    const earliest = earliestHeld(definition, end);
    if (earliest > 0 && mayForget(definition, state.sessions.size)) {
      state.sessions.deleteBefore(earliest);
      for (const [at] of state.byTime.entries({ to: orderedTime(earliest) })) state.byTime.delete(at);
    }
    state.nextSweep = end + definition.segmentInterval;
  }

  private noteWrite(key: unknown, bytes: Bytes, session: SessionEntry): void {
    const { start, end, value } = session;
    noteWrite(this.state.cache, bytes + sessionBytes(start, end), {
      key,
      start,
      end,
      before: this.state.sessions.get(bytes, end, start),
      after: value ?? undefined,
      context: this.context.recordContext(),
    });
  }

  private log(key: unknown, start: number, end: number, value: unknown): void {
    const { definition: store, context } = this;
    if (!store.logging) return;
    context.changelog({ store, key, start, end, sequence: -1, value, timestamp: context.timestamp() });
  }
}

/** Kafka's binary order of sessions of one key: by end, then start. */
const sessionBytes = (start: number, end: number): Bytes => orderedTime(end) + orderedTime(start);

interface TimeEntry {
  /** End, start, key. */
  readonly at: Bytes;
  readonly bytes: Bytes;
}

/** In memory sessions of one end are ordered by key before start, in a persistent store by start before key. */
function byEndThenKey(a: TimeEntry, b: TimeEntry): number {
  const [left, right] = [a.at.slice(0, 8) + a.bytes, b.at.slice(0, 8) + b.bytes];
  if (left !== right) return left < right ? -1 : 1;
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}
