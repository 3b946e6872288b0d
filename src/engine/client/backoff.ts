import { below, type PrngState } from '../base/prng.ts';
import { cappedGeometric } from './geometric.ts';

/** Jitter of retry and reconnect backoffs: ±20 % (`CommonClientConfigs.RETRY_BACKOFF_JITTER`). */
const JITTER_PERCENT = 20;
/** Factor between two backoffs (`CommonClientConfigs.RETRY_BACKOFF_EXP_BASE`). */
const FACTOR = 2;

/**
 * How long to wait before attempt `attempts` + 1, without jitter, in whole units of `initial` (`ExponentialBackoff`).
 * The first wait is `initial`; each next is `multiplier` times longer, up to `max`.
 */
export function exponentialBackoff(
  initial: number,
  multiplier: number,
  max: number,
  attempts: number,
): number {
  if (initial >= max) return max;
  if (initial === 0) return 0;
  return Math.min(Math.trunc(cappedGeometric(initial, multiplier, max, attempts)), max);
}

/** How waits grow, in ms, and how far chance moves each of them. */
interface Growth {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly jitterPercent: number;
}

/** A wait in ms that doubles with every attempt, with jitter (`ExponentialBackoff`). */
export function spreadBackoff(prng: PrngState, growth: Growth, attempts: number): number {
  const { initialMs, maxMs, jitterPercent } = growth;
  const term = exponentialBackoff(Math.min(initialMs, maxMs), FACTOR, maxMs, attempts);
  const spread = Math.floor((term * jitterPercent) / 100);
  const drawn = spread === 0 ? term : term - spread + below(prng, 2 * spread + 1);
  return Math.min(drawn, maxMs);
}

/** A backoff in ms with jitter, from the client's `…backoff.ms` and `…backoff.max.ms`. */
export const jitteredBackoff = (
  prng: PrngState,
  initialMs: number,
  maxMs: number,
  attempts: number,
): number => spreadBackoff(prng, { initialMs, maxMs, jitterPercent: JITTER_PERCENT }, attempts);

/** How long to wait before trying once more after so many attempts in vain, in ms. */
export const retryBackoff = (
  prng: PrngState,
  config: { readonly 'retry.backoff.ms': number; readonly 'retry.backoff.max.ms': number },
  attempts: number,
): number => jitteredBackoff(prng, config['retry.backoff.ms'], config['retry.backoff.max.ms'], attempts);
