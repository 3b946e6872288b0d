import { ensure } from '../base/assert.ts';
import type { SimTime } from '../base/time.ts';

/** Rows kept; at four a second this is an hour. Older ones are forgotten. */
const CAPACITY = 14_400;
/** Rates are means over this long. */
const RATE_SPAN: SimTime = 1_000_000;
const MICROS_PER_SECOND = 1_000_000;

interface Row {
  readonly at: SimTime;
  readonly values: Float64Array;
}

/**
 * What counters stood at, at regular moments of a run. It serves rates and ages of the present moment and is derived
 * from the run, so going back needs no undo: rows after the present are simply not looked at.
 */
export class CounterHistory {
  private readonly indices = new Map<string, number>();
  private rows: Row[] = [];

  /** A counter that nobody can tell at the moment, for want of a leader or an owner, stands where it stood. */
  record(at: SimTime, counters: ReadonlyMap<string, number>): void {
    for (const name of counters.keys())
      if (!this.indices.has(name)) this.indices.set(name, this.indices.size);
    const values = new Float64Array(this.indices.size);
    values.set(this.rows.at(-1)?.values ?? []);
    for (const [name, value] of counters) values[ensure(this.indices.get(name), name)] = value;
    this.rows.push({ at, values });
    if (this.rows.length > CAPACITY) this.rows.shift();
  }

  /** What a counter was recorded at last, 0 if never. */
  latest(name: string): number {
    const index = this.indices.get(name);
    return index === undefined ? 0 : (this.rows.at(-1)?.values[index] ?? 0);
  }

  forgetFrom(at: SimTime): void {
    this.rows.length = this.countBefore(at);
  }

  /** Number of rows whose time is less than `at`. */
  private countBefore(at: SimTime): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.rows[middle] as Row).at < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Growth per second of a counter over about the last second, rounded to tenths. */
  rate(name: string, now: SimTime, current: number): number {
    const row = this.rows[this.countBefore(now - RATE_SPAN + 1) - 1];
    const index = this.indices.get(name);
    if (row === undefined || index === undefined || now <= row.at) return 0;
    const grown = current - (row.values[index] ?? 0);
    return Math.max(0, Math.round((grown * 10 * MICROS_PER_SECOND) / (now - row.at)) / 10);
  }

  /** The first moment up to `now` at which a counter that only grows stood above `value`; `now` if there is none. */
  firstAbove(name: string, value: number, now: SimTime): SimTime {
    const index = this.indices.get(name);
    if (index === undefined) return now;
    let low = 0;
    let high = this.countBefore(now + 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (((this.rows[middle] as Row).values[index] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return Math.min(this.rows[low]?.at ?? now, now);
  }
}
