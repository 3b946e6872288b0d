import { fork } from '../../src/engine/base/fork.ts';
import { millis } from '../../src/engine/base/time.ts';
import { cpuSeconds, type BenchRow } from './bench-row.ts';
import { readClickstream, simulationOf } from './clickstream.ts';

/** Copies to measure by. */
const COPIES = 100;
/** Simulated time between two copies, so that they share no more than those of a run do. */
const STEP = millis(800);

/** What a checkpoint of the running clickstream costs. Heap is measured only under `--expose-gc`. */
export async function checkpointBench(): Promise<readonly BenchRow[]> {
  const simulation = simulationOf(await readClickstream());
  simulation.advance({ until: millis(30_000), eventsMax: Infinity });
  const state = simulation.kernelState();
  // What a checkpoint is compared with: the one before it, as in a run.
  const older = fork(state);
  simulation.advance({ until: millis(30_000) + STEP, eventsMax: Infinity });
  const later = simulation.kernelState();
  for (let i = 0; i < COPIES; i++) fork(later, older);
  const elapsed = cpuSeconds(() => {
    for (let i = 0; i < COPIES; i++) fork(later, older);
  });
  const time = {
    bench: 'checkpoint',
    what: 'copy of the state',
    value: (elapsed * 1_000) / COPIES,
    unit: 'ms',
  };
  const heap = heapOfCopies(await readClickstream());
  return heap === undefined ? [time] : [time, heap];
}

/** Heap that the checkpoints of a run hold beyond what the run itself holds. */
function heapOfCopies(clickstream: Parameters<typeof simulationOf>[0]): BenchRow | undefined {
  const collect = globalThis.gc;
  if (collect === undefined) return undefined;
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const simulation = simulationOf(clickstream);
  const kept: ReturnType<typeof simulation.kernelState>[] = [];
  for (let i = 1; i <= COPIES; i++) {
    simulation.advance({ until: i * STEP, eventsMax: Infinity });
    const state = simulation.kernelState();
    kept.push(fork(state, kept.at(-1)));
  }
  const held = used();
  kept.length = 0;
  const value = (held - used()) / COPIES / 1_024;
  return { bench: 'checkpoint', what: 'heap held by one of many', value, unit: 'KiB' };
}
