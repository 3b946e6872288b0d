/** The key of a windowed table: the record's key and the window it falls into. */
export class Windowed {
  readonly key: unknown;
  /** Milliseconds; the window includes it. */
  readonly start: number;
  /** Milliseconds; excluded by time windows, included by sliding and session windows. */
  readonly end: number;

  constructor(key: unknown, start: number, end: number) {
    this.key = key;
    this.start = start;
    this.end = end;
  }
}
