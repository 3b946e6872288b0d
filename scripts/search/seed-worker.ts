import { parentPort, workerData } from 'node:worker_threads';
import type { GoalId, Trial } from '../../src/engine/api/search.ts';
import type { Scenario, Tape } from '../../src/engine/api/scenario.ts';
import type { Weather } from '../../src/engine/api/weather.ts';
import { planOf } from '../../src/engine/search/plan.ts';
import { trial } from '../../src/engine/search/trial.ts';

/** What is searched, the same for all seeds. */
export interface SearchRequest {
  readonly scenario: Scenario;
  readonly tapes: Readonly<Record<string, Tape>>;
  readonly weather: Weather;
  readonly goals: readonly GoalId[];
}

export interface SeedAnswer {
  readonly seed: number;
  readonly trial: Trial;
}

/** Answers seeds with what became of them. */
export function serveSeeds(): void {
  const { scenario, tapes, weather, goals } = workerData as SearchRequest;
  parentPort?.on('message', (seed: number) => {
    const answer: SeedAnswer = { seed, trial: trial(planOf(scenario, seed, weather), tapes, goals) };
    parentPort?.postMessage(answer);
  });
}
