import { CowMap } from './cow-map.ts';
import { newEdit, type EditToken } from './cow-tree.ts';
import { DIGEST, type Digest, type Digestible } from './digest.ts';
import { FORK, type Forkable } from './fork.ts';

/** Most entries of a chunk. */
const CHUNK = 32;

/** Entries of one key, ascending by time, then tie. Who holds the same token may change it in place. */
interface Chunk<T> {
  readonly edit: EditToken;
  readonly times: number[];
  readonly ties: number[];
  readonly values: T[];
}

/** All entries of one key: none of the chunks is empty. */
type Timeline<T> = Chunk<T>[];

const copyTimeline = <T>(shared: Timeline<T>): Timeline<T> => shared.slice();

/** Index of the first entry that is not before (time, tie). */
function lowerBound<T>({ times, ties }: Chunk<T>, time: number, tie: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = times[middle] as number;
    if (at < time || (at === time && (ties[middle] as number) < tie)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the chunk to which (time, tie) belongs: the last one that does not begin after it, or the first. */
function chunkIndex<T>(timeline: Timeline<T>, time: number, tie: number): number {
  let low = 1;
  let high = timeline.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { times, ties } = timeline[middle] as Chunk<T>;
    const at = times[0] as number;
    if (at < time || (at === time && (ties[0] as number) <= tie)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Values by key, then by time (whole, not negative), then by a number that keeps entries of one time apart. Keys are
 * strings in the order of `<`; values are immutable. A fork costs what changed since the last one; after it each side
 * copies only the chunks it changes.
 */
export class TimeTable<T> implements Forkable, Digestible {
  private keys = new CowMap<Timeline<T>>();
  private edit: EditToken = newEdit();
  /** What was found last, as most entries are read, written, and followed by the next one. Only a memo. */
  private recentKey: string | undefined = undefined;
  private recent: Timeline<T> | undefined = undefined;
  private recentIsOwn = false;
  private recentAt = 0;

  get(key: string, time: number, tie = 0): T | undefined {
    const timeline = this.timelineOf(key);
    if (timeline === undefined) return undefined;
    const chunk = timeline[chunkIndex(timeline, time, tie)] as Chunk<T>;
    const at = this.find(chunk, time, tie);
    return chunk.times[at] === time && chunk.ties[at] === tie ? chunk.values[at] : undefined;
  }

  set(key: string, time: number, tie: number, value: T): void {
    const timeline = this.ownTimelineOf(key);
    if (timeline === undefined) {
      this.keys.set(key, [{ edit: this.edit, times: [time], ties: [tie], values: [value] }]);
      this.forget();
      return;
    }
    const index = chunkIndex(timeline, time, tie);
    const chunk = editable(timeline, index, this.edit);
    const { times, ties, values } = chunk;
    const at = this.find(chunk, time, tie);
    if (times[at] === time && ties[at] === tie) {
      values[at] = value;
      return;
    }
    if (at === times.length) {
      times.push(time);
      ties.push(tie);
      values.push(value);
    } else {
      times.splice(at, 0, time);
      ties.splice(at, 0, tie);
      values.splice(at, 0, value);
    }
    if (times.length > CHUNK) split(timeline, index, at);
  }

  delete(key: string, time: number, tie = 0): void {
    if (this.get(key, time, tie) === undefined) return;
    deleteOne(this.keys, this.edit, { key, time, tie });
    this.forget();
  }

  /** Visits the entries of one key with `from <= time <= to`, ascending. Nothing must be changed meanwhile. */
  visit(key: string, from: number, to: number, visit: (value: T, time: number, tie: number) => void): void {
    const timeline = this.timelineOf(key);
    if (timeline === undefined) return;
    for (let index = chunkIndex(timeline, from, -1); index < timeline.length; index++) {
      const chunk = timeline[index] as Chunk<T>;
      const { times, ties, values } = chunk;
      for (let at = lowerBound(chunk, from, -1); at < times.length; at++) {
        const time = times[at] as number;
        if (time > to) return;
        visit(values[at] as T, time, ties[at] as number);
      }
    }
  }

  /** Visits everything in order. Nothing must be changed meanwhile. */
  visitAll(visit: (value: T, key: string, time: number, tie: number) => void): void {
    this.forget();
    this.keys.visit({}, (timeline, key) => {
      for (const { times, ties, values } of timeline)
        for (let at = 0; at < times.length; at++)
          visit(values[at] as T, key, times[at] as number, ties[at] as number);
    });
  }

  /** Counted on each call: linear in the number of keys. */
  get size(): number {
    let size = 0;
    this.forget();
    this.keys.visit({}, (timeline) => {
      for (const { times } of timeline) size += times.length;
    });
    return size;
  }

  /** Removes the entries of every key before a time. */
  deleteBefore(time: number): void {
    deleteBefore(this.keys, this.edit, time);
    this.forget();
  }

  private timelineOf(key: string): Timeline<T> | undefined {
    if (key !== this.recentKey) this.remember(key, this.keys.get(key), false);
    return this.recent;
  }

  private ownTimelineOf(key: string): Timeline<T> | undefined {
    if (key !== this.recentKey || !this.recentIsOwn)
      this.remember(key, this.keys.own(key, copyTimeline), true);
    return this.recent;
  }

  private remember(key: string | undefined, timeline: Timeline<T> | undefined, isOwn: boolean): void {
    this.recentKey = key;
    this.recent = timeline;
    this.recentIsOwn = isOwn;
  }

  private forget(): void {
    this.remember(undefined, undefined, false);
  }

  /** As {@link lowerBound}; looks first where the last entry was, and behind it. */
  private find(chunk: Chunk<T>, time: number, tie: number): number {
    const { times, ties } = chunk;
    let at = this.recentAt;
    if (times[at] !== time) at++;
    if (times[at] !== time || ties[at] !== tie) at = lowerBound(chunk, time, tie);
    this.recentAt = at;
    return at;
  }

  [FORK](older?: this): this {
    this.forget();
    const keys = this.keys[FORK](older?.keys);
    if (older !== undefined && keys === older.keys) return older;
    const copy = new TimeTable<T>();
    copy.keys = keys;
    // Neither side may write into the shared chunks any more.
    this.edit = newEdit();
    return copy as this;
  }

  [DIGEST](digest: Digest): void {
    this.visitAll((value, key, time, tie) => {
      digest.string(key);
      digest.number(time);
      digest.number(tie);
      digest.value(value);
    });
  }
}

/** The chunk of a timeline that its owner may change, in place of one that it shares. */
function editable<T>(timeline: Timeline<T>, index: number, edit: EditToken): Chunk<T> {
  const chunk = timeline[index] as Chunk<T>;
  if (chunk.edit === edit) return chunk;
  const { times, ties, values } = chunk;
  return (timeline[index] = { edit, times: times.slice(), ties: ties.slice(), values: values.slice() });
}

/** Makes two of a chunk that got an entry too many at `at`. Entries in order of time leave full chunks behind. */
function split<T>(timeline: Timeline<T>, index: number, at: number): void {
  const { edit, times, ties, values } = timeline[index] as Chunk<T>;
  const from = at === CHUNK ? CHUNK : CHUNK >> 1;
  const upper = { edit, times: times.splice(from), ties: ties.splice(from), values: values.splice(from) };
  timeline.splice(index + 1, 0, upper);
}

interface Place {
  readonly key: string;
  readonly time: number;
  readonly tie: number;
}

/** Removes an entry that is there. */
function deleteOne<T>(keys: CowMap<Timeline<T>>, edit: EditToken, { key, time, tie }: Place): void {
  const timeline = keys.own(key, copyTimeline) as Timeline<T>;
  const index = chunkIndex(timeline, time, tie);
  const chunk = editable(timeline, index, edit);
  removeFrom(chunk, lowerBound(chunk, time, tie), 1);
  if (chunk.times.length > 0) return;
  timeline.splice(index, 1);
  if (timeline.length === 0) keys.delete(key);
}

function deleteBefore<T>(keys: CowMap<Timeline<T>>, edit: EditToken, time: number): void {
  const concerned: string[] = [];
  keys.visit({}, (timeline, key) => {
    if (((timeline[0] as Chunk<T>).times[0] as number) < time) concerned.push(key);
  });
  for (const key of concerned) {
    const timeline = keys.own(key, copyTimeline) as Timeline<T>;
    const keep = timeline.findIndex(({ times }) => (times[times.length - 1] as number) >= time);
    if (keep < 0) keys.delete(key);
    else {
      timeline.splice(0, keep);
      const first = editable(timeline, 0, edit);
      removeFrom(first, 0, lowerBound(first, time, -1));
    }
  }
}

function removeFrom<T>({ times, ties, values }: Chunk<T>, at: number, count: number): void {
  times.splice(at, count);
  ties.splice(at, count);
  values.splice(at, count);
}
