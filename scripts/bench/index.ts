import type { Bench } from './bench-row.ts';
import { bundleBench } from './bundle.ts';
import { checkpointBench } from './checkpoint.ts';
import { clusterBench } from './cluster.ts';
import { eventsBench } from './events.ts';
import { frameBench } from './frame.ts';
import { kindsBench } from './kinds.ts';
import { largeBench } from './large.ts';
import { memoryBench } from './memory.ts';
import { kernelBench } from './kernel.ts';
import { pageFrameBench } from './page-frame.ts';
import { searchBench } from './search.ts';
import { seekBench } from './seek.ts';
import { streamsBench } from './streams.ts';

/** Every benchmark by its name, in the order in which they run. */
export const benches: ReadonlyMap<string, Bench> = new Map<string, Bench>([
  ['kernel', kernelBench],
  ['cluster', clusterBench],
  ['events', eventsBench],
  ['kinds', kindsBench],
  ['search', searchBench],
  ['memory', memoryBench],
  ['large', largeBench],
  ['checkpoint', checkpointBench],
  ['seek', seekBench],
  ['frame', frameBench],
  ['page-frame', pageFrameBench],
  ['streams', streamsBench],
  ['bundle', bundleBench],
]);
