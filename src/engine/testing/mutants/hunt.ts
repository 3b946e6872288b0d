import { Checker } from '../../checker/checker.ts';
import { RunView } from '../../cluster/view/run-view.ts';
import { bareRun, harshFaults, type BareRun } from '../bare-run.ts';
import { REST_MS } from '../lean-runs.ts';
import { leanScenario } from '../lean-scenario.ts';

/** What a hunt through seeds found. */
export interface Catch {
  readonly seed: number;
  readonly invariant: number;
  readonly sentence: string;
}

/**
 * Runs the lean scenario under the harsh faults of one seed after another until one of these invariants is violated.
 */
export function hunt(caughtBy: readonly number[], seeds: readonly number[]): Catch | undefined {
  for (const seed of seeds) {
    const found = huntIn(seed, caughtBy);
    if (found !== undefined) return { seed, ...found };
  }
  return undefined;
}

function huntIn(seed: number, caughtBy: readonly number[]): Omit<Catch, 'seed'> | undefined {
  const checkers: Checker[] = [];
  const watch: BareRun['watch'] = (kernel) => {
    const checker = new Checker(new RunView(kernel, leanScenario(seed)));
    checkers.push(checker);
    return () => checker.afterEvent();
  };
  bareRun({ seed, endMs: REST_MS, faults: harshFaults(seed), watch });
  const [checker] = checkers;
  checker?.atQuiescence();
  return checker?.violations.find(({ invariant }) => caughtBy.includes(invariant));
}
