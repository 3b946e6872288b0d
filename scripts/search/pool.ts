import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Trial } from '../../src/engine/api/search.ts';
import type { Scenario } from '../../src/engine/api/scenario.ts';
import { planOf } from '../../src/engine/search/plan.ts';
import type { SearchRequest, SeedAnswer } from './seed-worker.ts';

/** What became of a seed. A seed whose worker died or hung is told with what happened to it, and no other is missing. */
export interface SeedReport {
  readonly seed: number;
  readonly plan: Scenario;
  readonly trial?: Trial;
  /** Why there is no trial. */
  readonly problem?: string;
}

/** A run that takes longer hangs. */
const RUN_MAX_MS = 120_000;

/**
 * Has seeds tried by workers side by side, until `tell` says that it is enough. Resolves with the report of the lowest
 * seed at which it did: seeds below it that were under way are waited for, so that the answer does not depend on who is
 * faster.
 */
export async function searchSeeds(
  request: SearchRequest,
  { seeds, from, workers }: { readonly seeds: number; readonly from: number; readonly workers: number },
  tell: (report: SeedReport) => boolean,
): Promise<SeedReport | undefined> {
  let next = from;
  let end = from + seeds;
  let found: SeedReport | undefined;
  const take = (): number | undefined => (next < end ? next++ : undefined);
  const report = (one: SeedReport): void => {
    if (tell(one)) return;
    if (found === undefined || one.seed < found.seed) found = one;
    end = Math.min(end, found.seed);
  };
  const lane = async (): Promise<void> => {
    let worker = start(request);
    for (let seed = take(); seed !== undefined; seed = take()) {
      const answer = await ask(worker, seed);
      const plan = planOf(request.scenario, seed, request.weather);
      if (typeof answer !== 'string') {
        report({ seed, plan, trial: answer.trial });
        continue;
      }
      await worker.terminate();
      worker = start(request);
      report({ seed, plan, problem: answer });
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(workers, seeds) }, lane));
  return found;
}

const start = (request: SearchRequest): Worker =>
  new Worker(fileURLToPath(import.meta.url), { workerData: request });

/** The answer, or in one sentence why there is none. */
const ask = (worker: Worker, seed: number): Promise<SeedAnswer | string> =>
  new Promise((done) => {
    const finish = (answer: SeedAnswer | string): void => {
      clearTimeout(timer);
      worker.off('message', finish).off('error', failed).off('exit', ended);
      done(answer);
    };
    const failed = (error: unknown): void =>
      finish(`its worker failed: ${error instanceof Error ? error.message : String(error)}`);
    const ended = (code: number): void => finish(`its worker ended with ${code}.`);
    const timer = setTimeout(
      () => finish(`the run took more than ${RUN_MAX_MS / 1_000} s of this machine.`),
      RUN_MAX_MS,
    );
    worker.on('message', finish).on('error', failed).on('exit', ended);
    worker.postMessage(seed);
  });
