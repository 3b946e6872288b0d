import { Checker } from '../../checker/checker.ts';
import type { Violation } from '../../checker/violation.ts';
import { RunView } from '../../cluster/view/run-view.ts';
import { bareRun, harshFaults, type BareRun } from '../bare-run.ts';
import { REST_MS } from '../lean-runs.ts';
import { leanScenario } from '../lean-scenario.ts';
import { SwarmRun } from '../swarm/swarm-run.ts';
import type { Mutant } from './planting.ts';

/** In which runs is hunted. */
type Grounds = Pick<Mutant, 'features' | 'script'>;

/**
 * Runs one seed after another until all these invariants were violated: of the swarm with its features, or else the lean
 * scenario under harsh faults. Returns those that were.
 */
export function hunt(grounds: Grounds, rules: readonly number[], seeds: readonly number[]): number[] {
  const left = new Set(rules);
  for (const seed of seeds) {
    if (left.size === 0) break;
    for (const { invariant } of violationsOf(grounds, seed, left)) left.delete(invariant);
  }
  return rules.filter((rule) => !left.has(rule));
}

function violationsOf(
  { features, script }: Grounds,
  seed: number,
  rules: ReadonlySet<number>,
): readonly Violation[] {
  if (features === undefined) return harshViolations(seed);
  const areAllThere = (violations: readonly Violation[]): boolean =>
    new Set(violations.map(({ invariant }) => invariant).filter((rule) => rules.has(rule))).size ===
    rules.size;
  return new SwarmRun(seed, new Set(features)).watch(areAllThere, script).checker.violations;
}

function harshViolations(seed: number): readonly Violation[] {
  const checkers: Checker[] = [];
  const watch: BareRun['watch'] = (kernel) => {
    const checker = new Checker(new RunView(kernel, leanScenario(seed)));
    checkers.push(checker);
    return () => checker.afterEvent();
  };
  bareRun({ seed, endMs: REST_MS, faults: harshFaults(seed), watch });
  const [checker] = checkers;
  checker?.atQuiescence();
  return checker?.violations ?? [];
}
