import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Trial } from '../../src/engine/api/search.ts';
import type { Lane, SearchRequest } from '../../src/workers/search/lanes.ts';

/** A thread of Node that tries seeds; it runs the bundle that this is a part of. */
export function openNodeLane(request: SearchRequest): Lane {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: request });
  return { ask: (seed) => ask(worker, seed), close: () => void worker.terminate() };
}

const ask = (worker: Worker, seed: number): Promise<Trial | string> =>
  new Promise((done) => {
    const finish = (answer: Trial | string): void => {
      worker.off('message', finish).off('error', failed).off('exit', ended);
      done(answer);
    };
    const failed = (error: unknown): void =>
      finish(`Its worker failed: ${error instanceof Error ? error.message : String(error)}`);
    const ended = (code: number): void => finish(`Its worker ended with ${code}.`);
    worker.on('message', finish).on('error', failed).on('exit', ended);
    worker.postMessage(seed);
  });
