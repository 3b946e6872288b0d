import { applyAct } from '../cluster/commands.ts';
import { buildCluster } from '../cluster/cluster-builder.ts';
import { internal } from '../cluster/prelude.ts';
import { millis } from '../base/time.ts';
import type { Kernel } from '../sim/kernel.ts';
import { leanScenario, leanTape } from './lean-scenario.ts';
import { groupMembers, safeFaults } from './random-faults.ts';
import { LEAN_FAULTS } from './lean-runs.ts';

/** Every machine of the lean scenario that a fault may hit besides its brokers. */
export const LEAN_VICTIMS = [...groupMembers(leanScenario(0)), 'counter-1', 'p1'];

/**
 * The lean scenario with the faults of a seed, event by event on the bare kernel up to `endMs` of simulated time: no
 * checker, no checkpoints, no frames, no samples.
 */
export function bareRun(seed: number, endMs: number): Kernel {
  const scenario = leanScenario(seed);
  const kernel = buildCluster(scenario, { p1: leanTape() });
  const end = internal(millis(endMs));
  for (const { at, act } of safeFaults(scenario, seed, { ...LEAN_FAULTS, victims: LEAN_VICTIMS })) {
    if (internal(at) > end) break;
    while ((kernel.nextAt() ?? Infinity) < internal(at)) kernel.step();
    kernel.jumpTo(internal(at));
    applyAct(kernel, act);
  }
  while ((kernel.nextAt() ?? Infinity) <= end) kernel.step();
  kernel.jumpTo(end);
  return kernel;
}
