import { below, prngStream } from '../../src/engine/base/prng.ts';
import { millis } from '../../src/engine/base/time.ts';
import { cpuSeconds, quantile, type BenchRow } from './bench-row.ts';
import { atRate, readClickstream, simulationOf } from './clickstream.ts';

const LENGTH_MS = 600_000;
const SEEKS = 40;
/** Records a second, so that the tape of 10,000 lasts for the whole run. */
const RATE = 16;

/** Random jumps in a run of ten minutes. */
export async function seekBench(): Promise<readonly BenchRow[]> {
  const simulation = simulationOf(atRate(await readClickstream(), RATE));
  const cpu = cpuSeconds(() => simulation.advance({ until: millis(LENGTH_MS), eventsMax: Infinity }));
  const prng = prngStream(1, 'seek');
  const times = Array.from({ length: SEEKS }, () => {
    const target = millis(below(prng, LENGTH_MS));
    return cpuSeconds(() => simulation.seek(target)) * 1_000;
  });
  const row = { bench: 'seek', unit: 'ms of CPU' };
  return [
    { ...row, what: 'jump in a run of 10 minutes, p50', value: quantile(times, 0.5) },
    { ...row, what: 'jump in a run of 10 minutes, p95', value: quantile(times, 0.95), target: 100 },
    { ...row, what: 'computing the 10 minutes', value: cpu * 1_000 },
  ];
}
