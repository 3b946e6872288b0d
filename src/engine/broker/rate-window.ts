import { ensure } from '../base/assert.ts';

/** One sample of a rate: what was recorded since it began, in ms of the wall clock. */
interface RateSample {
  beganAt: number;
  lastAt: number;
  sum: number;
}

/** What a client sent or took lately, in samples (`SampledStat`). Plain data. */
export interface RateWindow {
  /** Oldest first. */
  samples: RateSample[];
}

/** How a rate is taken: over so many samples of so many ms. */
export interface RateSettings {
  readonly samples: number;
  readonly sampleMs: number;
}

export const newRateWindow = (): RateWindow => ({ samples: [] });

/** Adds to the newest sample, or begins one when that is full. A negative value takes back. */
export function recordRate(window: RateWindow, value: number, nowMs: number, settings: RateSettings): void {
  let sample = window.samples.at(-1);
  if (sample === undefined || nowMs - sample.beganAt >= settings.sampleMs) {
    sample = { beganAt: nowMs, lastAt: nowMs, sum: 0 };
    window.samples.push(sample);
    if (window.samples.length > settings.samples + 1) window.samples.shift();
  }
  sample.sum += value;
  sample.lastAt = nowMs;
}

/** Named windows; one is begun when it is first asked for. */
export function rateNamed(rates: Map<string, RateWindow>, name: string): RateWindow {
  if (!rates.has(name)) rates.set(name, newRateWindow());
  return ensure(rates.get(name), 'a rate');
}

/** What there is a second, over the samples that are not too old and at least one (`SimpleRate`). Changes nothing. */
export function simpleRate(window: RateWindow, nowMs: number, { samples, sampleMs }: RateSettings): number {
  const young = window.samples.filter(({ lastAt }) => nowMs - lastAt < samples * sampleMs);
  const sum = young.reduce((total, sample) => total + sample.sum, 0);
  return (sum * 1_000) / Math.max(nowMs - (young[0]?.beganAt ?? nowMs), sampleMs);
}

/**
 * Total of what is not too old, and the ms that it is spread over (`Rate.windowSize`): at least all samples but one, so
 * that a client that has just begun is not taken for a fast one.
 */
export function measureRate(
  window: RateWindow,
  nowMs: number,
  { samples, sampleMs }: RateSettings,
): { readonly sum: number; readonly windowMs: number } {
  window.samples = window.samples.filter(({ lastAt }) => nowMs - lastAt < samples * sampleMs);
  const elapsed = nowMs - (window.samples[0]?.beganAt ?? nowMs);
  const missing = Math.max(samples - 1 - Math.floor(elapsed / sampleMs), 0);
  const sum = window.samples.reduce((total, sample) => total + sample.sum, 0);
  return { sum, windowMs: elapsed + missing * sampleMs || sampleMs };
}
