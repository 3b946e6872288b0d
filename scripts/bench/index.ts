import type { Bench } from './bench-row.ts';
import { kernelBench } from './kernel.ts';

/** Every benchmark by its name, in the order in which they run. */
export const benches: ReadonlyMap<string, Bench> = new Map([['kernel', kernelBench]]);
