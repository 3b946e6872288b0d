import { millis, type SimTime } from '../base/time.ts';

/**
 * The cluster boots before the run begins: brokers register, topics are made, groups settle. The moment a person calls
 * 0 is this far into the kernel's time. Everything outside this folder speaks of the person's time.
 */
export const PRELUDE: SimTime = millis(20_000);

/** The person's time of a kernel time. */
export const shown = (at: SimTime): SimTime => at - PRELUDE;

/** The kernel's time of a person's time. */
export const internal = (at: SimTime): SimTime => at + PRELUDE;
