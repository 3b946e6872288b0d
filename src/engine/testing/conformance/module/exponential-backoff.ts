import { exponentialBackoff } from '../../../client/backoff.ts';
import type { Adapter } from '../adapter.ts';
import { numberOf, onlyFields, UnsupportedError } from '../case-file.ts';

/** `ExponentialBackoff`: how long clients wait between attempts. */
export const exponentialBackoffAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'initial', 'multiplier', 'max', 'jitter', 'attempts'], 'given');
    if (given.jitter !== 0) throw new UnsupportedError('jitter');
    const initial = numberOf(given.initial, 'initial');
    const multiplier = numberOf(given.multiplier, 'multiplier');
    const max = numberOf(given.max, 'max');
    const attempts = Array.from({ length: numberOf(given.attempts, 'attempts') }, (_, attempt) => attempt);
    const values = attempts.map((attempt) => exponentialBackoff(initial, multiplier, max, attempt));
    comparison.compare({ values }, expect);
  },
};
