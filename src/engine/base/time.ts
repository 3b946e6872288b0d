import { assert } from './assert.ts';

/**
 * Simulated time: whole microseconds since the start of the run. Kafka's own clock has milliseconds; links and disks of
 * one data centre live below that, and a safe integer of microseconds lasts 285 years.
 */
export type SimTime = number;

/** A span of simulated time in whole microseconds. */
export type SimDuration = number;

export const MICROS_PER_MS = 1_000;

/** Half of what a safe integer holds in µs, so that a moment plus a duration stays safe: 142 years. */
const LONGEST_MS = 4_500_000_000_000;

/**
 * A duration given in Kafka's unit. Throws if it is not a whole, non-negative number of microseconds. What is longer
 * than any run, as `Long.MAX_VALUE` for "never", is cut to 142 years.
 */
export function millis(ms: number): SimDuration {
  const us = Math.min(ms, LONGEST_MS) * MICROS_PER_MS;
  assert(Number.isSafeInteger(us) && us >= 0, 'a duration is a whole number of microseconds', { ms });
  return us;
}

/** Whole milliseconds, rounded down. */
export function toMillis(time: SimTime): number {
  return Math.floor(time / MICROS_PER_MS);
}
