import * as Comlink from 'comlink';
import type { Counterexample, Trial } from '../../engine/api/search.ts';
import { planOf } from '../../engine/search/plan.ts';
import { shrink, type Shrunk } from '../../engine/search/shrink.ts';
import { trial } from '../../engine/search/trial.ts';
import type { SearchRequest } from './lanes.ts';

let request: SearchRequest | null = null;

/** What the page calls over Comlink: the same code as `npm run search`. */
const api = {
  begin(wanted: SearchRequest): void {
    request = wanted;
  },
  trySeed(seed: number): Trial {
    if (request === null) throw new Error('no search has begun');
    const { scenario, weather, tapes, goals } = request;
    return trial(planOf(scenario, seed, weather), tapes, goals);
  },
  /** Shrinks for so many ms of the wall clock at most. */
  shrink(from: Counterexample, tapes: SearchRequest['tapes'], forMs: number): Shrunk {
    const until = performance.now() + forMs;
    return shrink({ from, tapes, mayGoOn: () => performance.now() < until });
  },
};

export type SearchWorkerApi = typeof api;

Comlink.expose(api);
