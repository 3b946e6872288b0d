import { assert } from './assert.ts';
import { FORK, type Forkable } from './fork.ts';
import { DIGEST, type Digest, type Digestible } from './digest.ts';

const CHUNK = 256;

/**
 * A list that grows at its end and may be cut at both ends. Items must be immutable. Indices count from the first item
 * ever pushed and stay valid when the front is dropped.
 *
 * Forks share all arrays: a slot once written is never written again, so whoever stands at the end of an array may
 * append to it while the others do not look beyond their own ends; who stands before its end copies it first.
 */
export class AppendList<T> implements Forkable, Digestible {
  private chunks: (readonly T[])[] = [];
  private chunkCount = 0;
  private tail: T[] = [];
  private tailSize = 0;
  /** Number of chunks that were dropped from the front. */
  private droppedChunks = 0;
  private firstIndex = 0;

  /** Index of the oldest item kept. */
  get start(): number {
    return this.firstIndex;
  }

  /** One beyond the index of the newest item. */
  get end(): number {
    return (this.droppedChunks + this.chunkCount) * CHUNK + this.tailSize;
  }

  get size(): number {
    return this.end - this.firstIndex;
  }

  push(item: T): void {
    if (this.tail.length !== this.tailSize) this.tail = this.tail.slice(0, this.tailSize);
    this.tail.push(item);
    this.tailSize++;
    if (this.tailSize < CHUNK) return;
    if (this.chunks.length !== this.chunkCount) this.chunks = this.chunks.slice(0, this.chunkCount);
    this.chunks.push(this.tail);
    this.chunkCount++;
    this.tail = [];
    this.tailSize = 0;
  }

  at(index: number): T {
    assert(index >= this.firstIndex && index < this.end, 'index outside the list', { index, end: this.end });
    const chunk = Math.floor(index / CHUNK) - this.droppedChunks;
    const items = chunk < this.chunkCount ? this.chunks[chunk] : this.tail;
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
    if (keep < this.chunkCount) {
      this.tail = (this.chunks[keep] ?? []).slice(0, end % CHUNK);
      this.chunkCount = keep;
    }
    this.tailSize = end % CHUNK;
  }

  /** Forgets every item whose index is below `start`. */
  dropBefore(start: number): void {
    assert(start <= this.end, 'cannot drop beyond the end', { start, end: this.end });
    if (start <= this.firstIndex) return;
    this.firstIndex = start;
    const drop = Math.min(Math.floor(start / CHUNK) - this.droppedChunks, this.chunkCount);
    if (drop <= 0) return;
    this.chunks = this.chunks.slice(drop, this.chunkCount);
    this.chunkCount -= drop;
    this.droppedChunks += drop;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = this.firstIndex; i < this.end; i++) yield this.at(i);
  }

  [FORK](older?: this): this {
    if (older !== undefined && this.equals(older)) return older;
    const copy = new AppendList<T>();
    copy.chunks = this.chunks;
    copy.chunkCount = this.chunkCount;
    copy.tail = this.tail;
    copy.tailSize = this.tailSize;
    copy.droppedChunks = this.droppedChunks;
    copy.firstIndex = this.firstIndex;
    return copy as this;
  }

  /** Whether the other shares the very arrays and sees the same part of them. */
  private equals(other: AppendList<T>): boolean {
    return (
      this.firstIndex === other.firstIndex &&
      this.end === other.end &&
      this.chunks === other.chunks &&
      this.tail === other.tail
    );
  }

  [DIGEST](digest: Digest): void {
    digest.number(this.firstIndex);
    digest.number(this.end);
    for (const item of this) digest.value(item);
  }
}
