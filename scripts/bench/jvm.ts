import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import recorded from './jvm-results.json' with { type: 'json' };

/** What the JVM's benchmark says of one workload with one kind of store. */
export interface JvmResult {
  readonly workload: string;
  /** `inMemory` or `rocksDB`. */
  readonly stores: string;
  /** Input records for a second of CPU time of the driving thread, in the best pass. */
  readonly cpuBest: number;
  readonly outputs: number;
  readonly checksum: number;
}

/** Where the JVM's figures come from. */
export interface Jvm {
  /** Both stores of one workload; `undefined` if there are no figures. */
  results(workload: string): readonly JvmResult[];
  /** How the figures were got, for a person. */
  readonly from: string;
}

/** What `results.json` of the JVM's benchmark says: from another machine, at another time. */
export const recordedJvm: Jvm = {
  results: (workload) => recorded.results.filter((result) => result.workload === workload),
  from: 'as recorded',
};

/** True if this machine has a JDK and Maven. */
const hasJava = (): boolean =>
  ['java', 'mvn'].every((command) => spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0);

/**
 * The JVM's benchmark, run on this machine when its figures are asked for. Builds it in a copy of its folder, which is to
 * have a `run.sh` that takes workload, stores, records and passes, and prints JSON. Undefined if there is no Java.
 */
export function liveJvm(folder: string, records: number, passes: number): Jvm | undefined {
  if (!existsSync(join(folder, 'run.sh'))) throw new Error(`${folder} has no run.sh`);
  if (!hasJava()) return undefined;
  const copy = join(mkdtempSync(join(tmpdir(), 'jvm-bench-')), 'bench');
  cpSync(folder, copy, { recursive: true, filter: (path) => basename(path) !== 'target' });
  return { results: (workload) => runJvm(copy, workload, [records, passes]), from: 'in this run' };
}

function runJvm(folder: string, workload: string, numbers: readonly number[]): readonly JvmResult[] {
  const args = [join(folder, 'run.sh'), workload, 'both', ...numbers.map(String)];
  const { status, stdout } = spawnSync('sh', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (status !== 0) throw new Error(`run.sh ended with ${String(status)} on ${workload}`);
  // Maven may write the codes of a terminal before it.
  const json = stdout.slice(stdout.indexOf('{'));
  return (JSON.parse(json) as { readonly results: readonly JvmResult[] }).results;
}
