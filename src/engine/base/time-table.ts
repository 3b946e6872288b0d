import { CowMap } from './cow-map.ts';
import { newEdit, type EditToken } from './cow-tree.ts';
import { DIGEST, type Digest, type Digestible } from './digest.ts';
import { FORK, type Forkable } from './fork.ts';

/** Time, tie, value. */
const WIDTH = 3;
/** Most cells of a chunk. */
const CHUNK = 32 * WIDTH;

/**
 * Entries of one key, ascending by time, then tie: the cells of one behind those of the other, since what is read
 * together should lie together. Who holds the same token may change it in place.
 */
interface Chunk {
  readonly edit: EditToken;
  readonly cells: unknown[];
}

/** All entries of one key: none of the chunks is empty. */
type Timeline = Chunk[];

const copyTimeline = (shared: Timeline): Timeline => shared.slice();

/** True if the entry whose cells begin at `at` is before (time, tie). */
function isBefore(cells: readonly unknown[], at: number, time: number, tie: number): boolean {
  const found = cells[at] as number;
  return found < time || (found === time && (cells[at + 1] as number) < tie);
}

/** Where the cells of the first entry begin that is not before (time, tie). */
function lowerBound(cells: readonly unknown[], time: number, tie: number): number {
  let low = 0;
  let high = cells.length / WIDTH;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(cells, middle * WIDTH, time, tie)) low = middle + 1;
    else high = middle;
  }
  return low * WIDTH;
}

/** Index of the chunk to which (time, tie) belongs: the last one that does not begin after it, or the first. */
function chunkIndex(timeline: Timeline, time: number, tie: number): number {
  let low = 1;
  let high = timeline.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // Ties are whole numbers: not after `tie` is before the next one.
    if (isBefore((timeline[middle] as Chunk).cells, 0, time, tie + 1)) low = middle + 1;
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
  private keys = new CowMap<Timeline>();
  private edit: EditToken = newEdit();
  /** What was found last, as most entries are read, written, and followed by the next one. Only a memo. */
  private recentKey: string | undefined = undefined;
  private recent: Timeline | undefined = undefined;
  private recentIsOwn = false;
  private recentAt = 0;

  get(key: string, time: number, tie = 0): T | undefined {
    const timeline = this.timelineOf(key);
    if (timeline === undefined) return undefined;
    const { cells } = timeline[chunkIndex(timeline, time, tie)] as Chunk;
    const at = this.find(cells, time, tie);
    return cells[at] === time && cells[at + 1] === tie ? (cells[at + 2] as T) : undefined;
  }

  set(key: string, time: number, tie: number, value: T): void {
    const timeline = this.ownTimelineOf(key);
    if (timeline === undefined) {
      this.keys.set(key, [{ edit: this.edit, cells: [time, tie, value] }]);
      this.forget();
      return;
    }
    const index = chunkIndex(timeline, time, tie);
    const { cells } = editable(timeline, index, this.edit);
    const at = this.find(cells, time, tie);
    if (cells[at] === time && cells[at + 1] === tie) cells[at + 2] = value;
    else if (at === cells.length) cells.push(time, tie, value);
    else cells.splice(at, 0, time, tie, value);
    if (cells.length > CHUNK) split(timeline, index, at);
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
      const { cells } = timeline[index] as Chunk;
      for (let at = lowerBound(cells, from, -1); at < cells.length; at += WIDTH) {
        const time = cells[at] as number;
        if (time > to) return;
        visit(cells[at + 2] as T, time, cells[at + 1] as number);
      }
    }
  }

  /** Visits everything in order. Nothing must be changed meanwhile. */
  visitAll(visit: (value: T, key: string, time: number, tie: number) => void): void {
    this.forget();
    this.keys.visit({}, (timeline, key) => {
      for (const { cells } of timeline)
        for (let at = 0; at < cells.length; at += WIDTH)
          visit(cells[at + 2] as T, key, cells[at] as number, cells[at + 1] as number);
    });
  }

  /** Counted on each call: linear in the number of keys. */
  get size(): number {
    let size = 0;
    this.forget();
    this.keys.visit({}, (timeline) => {
      for (const { cells } of timeline) size += cells.length;
    });
    return size / WIDTH;
  }

  /** Removes the entries of every key before a time. */
  deleteBefore(time: number): void {
    deleteBefore(this.keys, this.edit, time);
    this.forget();
  }

  private timelineOf(key: string): Timeline | undefined {
    if (key !== this.recentKey) this.remember(key, this.keys.get(key), false);
    return this.recent;
  }

  private ownTimelineOf(key: string): Timeline | undefined {
    if (key !== this.recentKey || !this.recentIsOwn)
      this.remember(key, this.keys.own(key, copyTimeline), true);
    return this.recent;
  }

  private remember(key: string | undefined, timeline: Timeline | undefined, isOwn: boolean): void {
    this.recentKey = key;
    this.recent = timeline;
    this.recentIsOwn = isOwn;
  }

  private forget(): void {
    this.remember(undefined, undefined, false);
  }

  /** As {@link lowerBound}; looks first where the last entry was, and behind it. */
  private find(cells: readonly unknown[], time: number, tie: number): number {
    let at = this.recentAt;
    if (cells[at] !== time) at += WIDTH;
    if (cells[at] !== time || cells[at + 1] !== tie) at = lowerBound(cells, time, tie);
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
function editable(timeline: Timeline, index: number, edit: EditToken): Chunk {
  const chunk = timeline[index] as Chunk;
  return chunk.edit === edit ? chunk : (timeline[index] = { edit, cells: chunk.cells.slice() });
}

/** Makes two of a chunk that got an entry too many at `at`. Entries in order of time leave full chunks behind. */
function split(timeline: Timeline, index: number, at: number): void {
  const { edit, cells } = timeline[index] as Chunk;
  const upper = cells.splice(at === CHUNK ? CHUNK : CHUNK / 2);
  timeline.splice(index + 1, 0, { edit, cells: upper });
}

interface Place {
  readonly key: string;
  readonly time: number;
  readonly tie: number;
}

/** Removes an entry that is there. */
function deleteOne(keys: CowMap<Timeline>, edit: EditToken, { key, time, tie }: Place): void {
  const timeline = keys.own(key, copyTimeline) as Timeline;
  const index = chunkIndex(timeline, time, tie);
  const { cells } = editable(timeline, index, edit);
  cells.splice(lowerBound(cells, time, tie), WIDTH);
  if (cells.length > 0) return;
  timeline.splice(index, 1);
  if (timeline.length === 0) keys.delete(key);
}

function deleteBefore(keys: CowMap<Timeline>, edit: EditToken, time: number): void {
  const concerned: string[] = [];
  keys.visit({}, (timeline, key) => {
    if (isBefore((timeline[0] as Chunk).cells, 0, time, -1)) concerned.push(key);
  });
  for (const key of concerned) {
    const timeline = keys.own(key, copyTimeline) as Timeline;
    const keep = timeline.findIndex(({ cells }) => !isBefore(cells, cells.length - WIDTH, time, -1));
    if (keep < 0) keys.delete(key);
    else {
      timeline.splice(0, keep);
      const { cells } = editable(timeline, 0, edit);
      cells.splice(0, lowerBound(cells, time, -1));
    }
  }
}
