import { parentPort, workerData } from 'node:worker_threads';
import { planOf } from '../../src/engine/search/plan.ts';
import { trial } from '../../src/engine/search/trial.ts';
import type { SearchRequest } from '../../src/workers/search/lanes.ts';

/** Answers seeds with what became of them. */
export function serveSeeds(): void {
  const { scenario, tapes, weather, goals } = workerData as SearchRequest;
  parentPort?.on('message', (seed: number) =>
    parentPort?.postMessage(trial(planOf(scenario, seed, weather), tapes, goals)),
  );
}
