import { assert } from './assert.ts';
import { FORK, type Forkable } from './fork.ts';
import { DIGEST, type Digest, type Digestible } from './digest.ts';

const CHUNK = 256;

/**
 * A list that grows at its end and may be cut at both ends. Items must be immutable. Full chunks are frozen and shared
 * by all forks, so a fork costs one pointer per {@link CHUNK} items and a copy of the last chunk.
 * Indices count from the first item ever pushed and stay valid when the front is dropped.
 */
export class AppendList<T> implements Forkable, Digestible {
  private chunks: (readonly T[])[] = [];
  private tail: T[] = [];
  /** Number of chunks that were dropped from the front. */
  private droppedChunks = 0;
  private firstIndex = 0;

  /** Index of the oldest item kept. */
  get start(): number {
    return this.firstIndex;
  }

  /** One beyond the index of the newest item. */
  get end(): number {
    return (this.droppedChunks + this.chunks.length) * CHUNK + this.tail.length;
  }

  get size(): number {
    return this.end - this.firstIndex;
  }

  push(item: T): void {
    this.tail.push(item);
    if (this.tail.length < CHUNK) return;
    this.chunks.push(Object.freeze(this.tail));
    this.tail = [];
  }

  at(index: number): T {
    assert(index >= this.firstIndex && index < this.end, 'index outside the list', { index, end: this.end });
    const chunk = Math.floor(index / CHUNK) - this.droppedChunks;
    const items = chunk < this.chunks.length ? this.chunks[chunk] : this.tail;
    return items?.[index % CHUNK] as T;
  }

  last(): T | undefined {
    return this.size === 0 ? undefined : this.at(this.end - 1);
  }

  /** Removes every item whose index is `end` or more. */
  truncate(end: number): void {
    assert(end >= this.firstIndex, 'cannot cut below the first item', { end, first: this.firstIndex });
    if (end >= this.end) return;
    const keep = Math.floor(end / CHUNK) - this.droppedChunks;
    if (keep < this.chunks.length) {
      this.tail = [...(this.chunks[keep] ?? [])];
      this.chunks.length = keep;
    }
    this.tail.length = end % CHUNK;
  }

  /** Forgets every item whose index is below `start`. */
  dropBefore(start: number): void {
    assert(start <= this.end, 'cannot drop beyond the end', { start, end: this.end });
    if (start <= this.firstIndex) return;
    this.firstIndex = start;
    const drop = Math.min(Math.floor(start / CHUNK) - this.droppedChunks, this.chunks.length);
    if (drop <= 0) return;
    this.chunks.splice(0, drop);
    this.droppedChunks += drop;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = this.firstIndex; i < this.end; i++) yield this.at(i);
  }

  [FORK](older?: this): this {
    if (older !== undefined && this.equals(older)) return older;
    const copy = new AppendList<T>();
    copy.chunks = this.chunks.slice();
    copy.tail = this.tail.slice();
    copy.droppedChunks = this.droppedChunks;
    copy.firstIndex = this.firstIndex;
    return copy as this;
  }

  private equals(other: AppendList<T>): boolean {
    if (this.firstIndex !== other.firstIndex || this.end !== other.end) return false;
    const { chunks, tail } = this;
    return (
      chunks.every((chunk, i) => chunk === other.chunks[i]) && tail.every((item, i) => item === other.tail[i])
    );
  }

  [DIGEST](digest: Digest): void {
    digest.number(this.firstIndex);
    digest.number(this.end);
    for (const item of this) digest.value(item);
  }
}
