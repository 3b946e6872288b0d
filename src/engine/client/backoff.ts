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

/** A backoff in ms with jitter, from the client's `…backoff.ms` and `…backoff.max.ms`. */
export function jitteredBackoff(prng: PrngState, initialMs: number, maxMs: number, attempts: number): number {
  const term = exponentialBackoff(Math.min(initialMs, maxMs), FACTOR, maxMs, attempts);
  const spread = Math.floor((term * JITTER_PERCENT) / 100);
  const drawn = spread === 0 ? term : term - spread + below(prng, 2 * spread + 1);
  return Math.min(drawn, maxMs);
}

/** How long to wait before trying once more after so many attempts in vain, in ms. */
export const retryBackoff = (
  prng: PrngState,
  config: { readonly 'retry.backoff.ms': number; readonly 'retry.backoff.max.ms': number },
  attempts: number,
): number => jitteredBackoff(prng, config['retry.backoff.ms'], config['retry.backoff.max.ms'], attempts);
