import { FORK, type Forkable } from '../base/fork.ts';

const CHUNK = 4_096;

/**
 * One byte for each row of a tape, 0 at first. A fork costs one pointer per {@link CHUNK} rows; after it each side copies
 * only the chunks that it changes.
 */
export class RowBook implements Forkable {
  private chunks: (Uint8Array | undefined)[] = [];
  /** Whether nobody else has the chunk. */
  private owned: boolean[] = [];

  get(row: number): number {
    return this.chunks[Math.floor(row / CHUNK)]?.[row % CHUNK] ?? 0;
  }

  set(row: number, value: number): void {
    this.own(Math.floor(row / CHUNK))[row % CHUNK] = value;
  }

  private own(index: number): Uint8Array {
    const chunk = this.chunks[index];
    if (chunk !== undefined && this.owned[index] === true) return chunk;
    const mine = chunk === undefined ? new Uint8Array(CHUNK) : chunk.slice();
    this.chunks[index] = mine;
    this.owned[index] = true;
    return mine;
  }

  [FORK](older?: this): this {
    if (older !== undefined && this.equals(older)) return older;
    const copy = new RowBook();
    copy.chunks = this.chunks.slice();
    this.owned = [];
    return copy as this;
  }

  private equals({ chunks }: RowBook): boolean {
    return chunks.length === this.chunks.length && chunks.every((chunk, i) => chunk === this.chunks[i]);
  }
}
