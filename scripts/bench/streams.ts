import { benchStreams } from '../../src/engine/testing/bench-streams.ts';
import type { BenchRow } from './bench-row.ts';
import jvm from './jvm-results.json' with { type: 'json' };

const RECORDS = 200_000;
const PASSES = 2;

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

/** The test driver against the recorded rates of the JVM's TopologyTestDriver, both by CPU time, the faster of its two stores. */
export function streamsBench(): readonly BenchRow[] {
  const clock = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  return benchStreams({ records: RECORDS, passes: PASSES, clock }).flatMap(
    ({ workload, best, outputs, checksum }) => {
      const [known] = jvm.results
        .filter((result) => result.workload === workload)
        .sort((a, b) => b.cpuBest - a.cpuBest);
      if (known === undefined) return [];
      if (known.outputs !== outputs || known.checksum !== checksum)
        throw new Error(`${workload} does not give the answers of the JVM`);
      const target = TENFOLD.has(workload) ? 10 : 3;
      const note = `${best.toLocaleString('en')} records/s of CPU; the JVM ${known.cpuBest.toLocaleString('en')}`;
      return [
        {
          bench: 'streams',
          what: workload,
          value: best / known.cpuBest,
          unit: 'times the JVM',
          target,
          note,
        },
      ];
    },
  );
}
