import { millis } from '../../src/engine/base/time.ts';
import { Checker } from '../../src/engine/checker/checker.ts';
import { buildCluster } from '../../src/engine/cluster/cluster-builder.ts';
import { PRELUDE } from '../../src/engine/cluster/prelude.ts';
import { RunView } from '../../src/engine/cluster/view/run-view.ts';
import type { Kernel } from '../../src/engine/sim/kernel.ts';
import { leanScenario, leanTape } from '../../src/engine/testing/lean-scenario.ts';
import { cpuSeconds, quantile, type BenchRow } from './bench-row.ts';

const LENGTH = millis(60_000);
/** Runs of one pass, each of its own seed. */
const RUNS = 12;
const PASSES = 4;

interface Pass {
  /** Seconds of CPU until the person's time 0, and from there on. */
  readonly boot: number;
  readonly run: number;
  /** From the person's time 0 on. */
  readonly events: number;
}

/** What a search for counterexamples pays for a run: three brokers, everything else as small as it can be. */
export function searchBench(): readonly BenchRow[] {
  pass(true);
  pass(false);
  // In turns, so that both meet the same hour of the machine.
  const pairs = Array.from({ length: PASSES }, () => ({ watched: pass(true), bare: pass(false) }));
  const median = (of: (pair: (typeof pairs)[number]) => number): number => quantile(pairs.map(of), 0.5);
  const row = { bench: 'search' };
  return [
    {
      ...row,
      what: 'runs of 60 simulated s with the checker',
      value: 1 / median(({ watched }) => watched.boot + watched.run),
      unit: 'runs/s of CPU',
      target: 200,
    },
    { ...row, what: 'events of a run', value: median(({ bare }) => bare.events), unit: 'events' },
    {
      ...row,
      what: 'boot to the run that follows',
      value: median(({ watched }) => watched.boot / watched.run),
      unit: 'times',
    },
    {
      ...row,
      what: 'with the checker to without',
      value: median(({ watched, bare }) => watched.run / bare.run),
      unit: 'times',
    },
  ];
}

/** The mean of a few runs. */
function pass(isWatched: boolean): Pass {
  let [boot, run, events] = [0, 0, 0];
  for (let seed = 1; seed <= RUNS; seed++) {
    const scenario = leanScenario(seed);
    const kernel = buildCluster(scenario, { p1: leanTape() });
    const checker = isWatched ? new Checker(new RunView(kernel, scenario)) : undefined;
    boot += cpuSeconds(() => runTo(kernel, PRELUDE, checker));
    const before = kernel.state.eventCount;
    run += cpuSeconds(() => runTo(kernel, PRELUDE + LENGTH, checker));
    events += kernel.state.eventCount - before;
  }
  return { boot: boot / RUNS, run: run / RUNS, events: events / RUNS };
}

function runTo(kernel: Kernel, end: number, checker: Checker | undefined): void {
  while ((kernel.nextAt() ?? Infinity) <= end) {
    kernel.step();
    checker?.afterEvent();
  }
}
