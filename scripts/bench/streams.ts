import { benchStreams, WORKLOAD_NAMES, type BenchResult } from '../../src/engine/testing/bench-streams.ts';
import type { BenchOptions, BenchRow } from './bench-row.ts';
import { liveJvm, recordedJvm, type Jvm } from './jvm.ts';
import { stateRows } from './streams-state.ts';

const RECORDS = 200_000;
/** As many as the JVM's benchmark measures. */
const PASSES = 5;

/** Workloads that should be ten times as fast as the JVM; the others three times. */
const TENFOLD = new Set([
  'count',
  'tumbling-count',
  'hopping-count',
  'session-count',
  'stream-stream-join',
  'stream-table-join',
  'suppress-window-close',
]);

/**
 * The test driver against the JVM's TopologyTestDriver, both by CPU time, the faster of its two stores. With a folder of
 * the JVM's benchmark both run in turn, workload by workload; without one the recorded rates are what to compare with.
 */
export function streamsBench({ jvm: folder }: BenchOptions): readonly BenchRow[] {
  const live = folder === undefined ? undefined : liveJvm(folder, RECORDS, PASSES);
  if (folder !== undefined && live === undefined)
    console.log('There is no Java or no Maven on this machine: the rates of the JVM are the recorded ones.');
  return [...WORKLOAD_NAMES.map((name) => compared(name, live ?? recordedJvm)), ...stateRows()];
}

/** Ours before and after theirs: a machine that gets slower or faster meanwhile is no one's gain. */
function compared(name: string, jvm: Jvm): BenchRow {
  const before = measured(name);
  const [theirs] = [...jvm.results(name)].sort((a, b) => b.cpuBest - a.cpuBest);
  if (theirs === undefined) throw new Error(`the JVM has no figures of ${name}`);
  const after = jvm === recordedJvm ? before : measured(name);
  for (const { outputs, checksum } of [before, after])
    if (theirs.outputs !== outputs || theirs.checksum !== checksum)
      throw new Error(`${name} does not give the answers of the JVM`);
  const best = Math.max(before.best, after.best);
  const rates = `${best.toLocaleString('en')} records/s of CPU; the JVM ${theirs.cpuBest.toLocaleString('en')}`;
  return {
    bench: 'streams',
    what: name,
    value: best / theirs.cpuBest,
    unit: 'times the JVM',
    target: TENFOLD.has(name) ? 10 : 3,
    note: `${rates} with ${theirs.stores} ${jvm.from}`,
  };
}

/** All threads of this process count, those that collect garbage and compile too. */
function clock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function measured(name: string): BenchResult {
  const [result] = benchStreams({ records: RECORDS, passes: PASSES, clock, only: [name] });
  if (result === undefined) throw new Error(`no workload ${name}`);
  return result;
}
