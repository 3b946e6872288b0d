import * as Comlink from 'comlink';
import { err, type Result } from '../engine/base/result.ts';
import type { Problem } from '../engine/api/scenario-problem.ts';
import type { DriverRun, DriverSession, TopologySource } from '../engine/api/topology-driver.ts';
import type { DrawnTopology, TopologyDriverApi } from './topology-driver-worker.ts';

/** Wall time after which a call is given up and its worker ended. */
const PATIENCE_MS = 10_000;

/** Builds and drives topologies in a worker of its own, which begins with the first call. */
export interface TopologyDriver {
  draw(source: TopologySource): Promise<Result<DrawnTopology, Problem>>;
  run(session: DriverSession): Promise<Result<DriverRun, Problem>>;
  /** Reads a topology that comes as JSON text. The problem has its line and column. */
  read(of: Omit<TopologySource, 'topology'>, text: string): Promise<Result<TopologySource, Problem>>;
  readSession(text: string): Promise<Result<DriverSession, Problem>>;
  printSession(session: DriverSession): Promise<Result<string, Problem>>;
  close(): void;
}

const failed = (message: string): Result<never, Problem> => err({ message, path: '' });

interface Life {
  readonly worker: Worker;
  readonly remote: Comlink.Remote<TopologyDriverApi>;
  readonly broken: Promise<Result<never, Problem>>;
}

export function openTopologyDriver(): TopologyDriver {
  let life: Life | null = null;
  const end = () => {
    life?.worker.terminate();
    life = null;
  };
  const begin = (): Life => {
    const worker = new Worker(new URL('./topology-driver-worker.ts', import.meta.url), { type: 'module' });
    const broken = new Promise<Result<never, Problem>>((resolve) => {
      worker.onerror = () => {
        end();
        resolve(failed('The test driver could not be loaded. Is the connection gone?'));
      };
    });
    return { worker, remote: Comlink.wrap<TopologyDriverApi>(worker), broken };
  };
  async function call<T>(
    work: (remote: Life['remote']) => Promise<Result<T, Problem>>,
  ): Promise<Result<T, Problem>> {
    life ??= begin();
    const { remote, broken } = life;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<Result<never, Problem>>((resolve) => {
      timer = setTimeout(() => {
        end();
        resolve(failed('The test driver did not answer within 10 s and was ended.'));
      }, PATIENCE_MS);
    });
    const done = work(remote).catch((error: unknown) =>
      failed(`Simulator bug, not Kafka: ${error instanceof Error ? error.message : String(error)}`),
    );
    const result = await Promise.race([done, broken, late]);
    clearTimeout(timer);
    return result;
  }
  return {
    draw: (source) => call((remote) => remote.draw(source)),
    run: (session) => call((remote) => remote.run(session)),
    read: (of, text) => call((remote) => remote.read(of, text)),
    readSession: (text) => call((remote) => remote.readSession(text)),
    printSession: (session) =>
      call(async (remote) => ({ ok: true, value: await remote.printSession(session) })),
    close: end,
  };
}
