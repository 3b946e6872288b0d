import * as Comlink from 'comlink';
import type { Counterexample, Trial } from '../../engine/api/search.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import type { Shrunk } from '../../engine/search/shrink.ts';
import type { Lane, SearchRequest } from './lanes.ts';
import type { SearchWorkerApi } from './search-worker.ts';

export type { Shrunk } from '../../engine/search/shrink.ts';
export { cutTapes } from '../../engine/search/cut-tapes.ts';
export { planOf } from '../../engine/search/plan.ts';

interface Life {
  readonly remote: Comlink.Remote<SearchWorkerApi>;
  /** Resolves with a sentence when the worker is no more. */
  readonly broken: Promise<string>;
  readonly end: () => void;
}

function begin(): Life {
  const worker = new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });
  let tell: (sentence: string) => void = () => undefined;
  const broken = new Promise<string>((resolve) => {
    tell = resolve;
    worker.onerror = () => resolve('A worker of the search failed.');
  });
  const end = (): void => {
    worker.terminate();
    tell('It was stopped.');
  };
  return { remote: Comlink.wrap<SearchWorkerApi>(worker), broken, end };
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A worker that tries seeds of this request. */
export function openLane(request: SearchRequest): Lane {
  const { remote, broken, end } = begin();
  const begun = remote.begin(request);
  return {
    ask: (seed) =>
      Promise.race([
        begun
          .then(async (): Promise<Trial> => remote.trySeed(seed))
          .catch((error: unknown) => sentenceOf(error)),
        broken,
      ]),
    close: end,
  };
}

/** Shrinks in a worker of its own. The error is one sentence. */
export function startShrinking(
  from: Counterexample,
  tapes: SearchRequest['tapes'],
  forMs: number,
): { readonly done: Promise<Result<Shrunk, string>>; readonly stop: () => void } {
  const { remote, broken, end } = begin();
  const work = remote.shrink(from, tapes, forMs).then(
    (shrunk): Result<Shrunk, string> => ok(shrunk),
    (error: unknown): Result<Shrunk, string> => err(sentenceOf(error)),
  );
  const done = Promise.race([work, broken.then((sentence): Result<Shrunk, string> => err(sentence))]);
  return { done: done.finally(end), stop: end };
}
