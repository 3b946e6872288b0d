/**
 * How long somebody who is asked again and again has not answered. Only the asker's own waking hours count: a hidden tab
 * asks seldom, and a machine that slept asks after hours, and neither says anything about the other side.
 */
export class Silence {
  private readonly everyMs: number;
  private askedAt: number;
  private silentMs = 0;

  /** `everyMs`: time between two questions when nothing delays them; `now` is a monotonic clock in ms. */
  constructor(everyMs: number, now: number) {
    this.everyMs = everyMs;
    this.askedAt = now;
  }

  /** To be called with each question; returns the silence before it in ms. */
  ask(now: number): number {
    this.silentMs += Math.min(now - this.askedAt, this.everyMs);
    this.askedAt = now;
    return this.silentMs;
  }

  /** A sign of life. */
  hear(): void {
    this.silentMs = 0;
  }
}
