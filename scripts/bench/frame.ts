import { millis } from '../../src/engine/base/time.ts';
import { quantile, seconds, type BenchRow } from './bench-row.ts';
import { readClickstream, simulationOf } from './clickstream.ts';

const FRAMES = 1_000;
/** Simulated time between two frames at real speed. */
const STEP = millis(16);

/** What the worker spends on telling the page what changed, while the clickstream plays. */
export async function frameBench(): Promise<readonly BenchRow[]> {
  const simulation = simulationOf(await readClickstream());
  simulation.advance({ until: millis(5_000), eventsMax: Infinity });
  const start = simulation.now();
  const times: number[] = [];
  for (let i = 1; i <= FRAMES; i++) {
    simulation.advance({ until: start + i * STEP, eventsMax: Infinity });
    times.push(seconds(() => simulation.frame()) * 1_000);
  }
  const row = { bench: 'frame', unit: 'ms' };
  return [
    { ...row, what: 'building a frame, p50', value: quantile(times, 0.5) },
    { ...row, what: 'building a frame, p95', value: quantile(times, 0.95) },
  ];
}
