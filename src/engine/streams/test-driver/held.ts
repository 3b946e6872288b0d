/** What waits to be told, first in, first out. Its places are used again: most commits tell of one or two things. */
export class Held<T> {
  private readonly places: (T | undefined)[] = [];
  private taken = 0;
  private added = 0;

  get size(): number {
    return this.added - this.taken;
  }

  add(item: T): void {
    this.places[this.added++] = item;
  }

  /** Takes the first one out. There must be one. */
  take(): T {
    const item = this.places[this.taken] as T;
    this.places[this.taken++] = undefined;
    if (this.taken === this.added) {
      this.taken = 0;
      this.added = 0;
    }
    return item;
  }
}
