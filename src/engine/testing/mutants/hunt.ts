import { Checker } from '../../checker/checker.ts';
import { RunView } from '../../cluster/view/run-view.ts';
import { bareRun, harshFaults, type BareRun } from '../bare-run.ts';
import { REST_MS } from '../lean-runs.ts';
import { leanScenario } from '../lean-scenario.ts';
import { SwarmRun, type Script } from '../swarm/swarm-run.ts';
import type { Mutant } from './planting.ts';

/** What a hunt through seeds found. */
export interface Catch {
  readonly seed: number;
  readonly invariant: number;
  readonly sentence: string;
}

/** What is hunted for, and in which runs. */
type Prey = Pick<Mutant, 'caughtBy' | 'features' | 'script'>;

/**
 * Runs one seed after another until one of the prey's invariants is violated: of the swarm with its features, or else the
 * lean scenario under harsh faults.
 */
export function hunt({ caughtBy, features, script }: Prey, seeds: readonly number[]): Catch | undefined {
  for (const seed of seeds) {
    const found =
      features === undefined
        ? huntIn(seed, caughtBy)
        : huntInSwarm(new SwarmRun(seed, new Set(features)), caughtBy, script);
    if (found !== undefined) return { seed, ...found };
  }
  return undefined;
}

function huntInSwarm(
  run: SwarmRun,
  caughtBy: readonly number[],
  script?: Script,
): Omit<Catch, 'seed'> | undefined {
  const { checker } = run.watch((violation) => caughtBy.includes(violation.invariant), script);
  return checker.violations.find(({ invariant }) => caughtBy.includes(invariant));
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
