import type { Command } from '../api/command.ts';
import { applyAct } from '../cluster/commands.ts';
import { buildCluster } from '../cluster/cluster-builder.ts';
import { internal } from '../cluster/prelude.ts';
import { millis } from '../base/time.ts';
import type { Kernel } from '../sim/kernel.ts';
import { leanScenario, leanTape } from './lean-scenario.ts';
import { groupMembers } from './random-faults.ts';
import { leanFaults } from './lean-runs.ts';

/** Every machine of the lean scenario that a fault may hit besides its brokers. */
export const LEAN_VICTIMS = [...groupMembers(leanScenario(0)), 'counter-1', 'p1'];

/** One broker at a time, and back before the next. */
export const gentleFaults = (seed: number): Command[] => leanFaults(seed, LEAN_VICTIMS);

/** Two such plans at once: two brokers of three may be gone together. */
export const harshFaults = (seed: number): Command[] =>
  [...gentleFaults(seed), ...gentleFaults(seed + 500_000)].sort((x, y) => x.at - y.at);

export interface BareRun {
  readonly seed: number;
  /** How long it runs, simulated ms. */
  readonly endMs: number;
  readonly faults?: readonly Command[];
  /** Makes what is called after each event. */
  readonly watch?: (kernel: Kernel) => () => void;
}

/**
 * The lean scenario event by event on the bare kernel, with the gentle faults of its seed unless others are given: no
 * checker, no checkpoints, no frames, no samples.
 */
export function bareRun({ seed, endMs, faults = gentleFaults(seed), watch }: BareRun): Kernel {
  const kernel = buildCluster(leanScenario(seed), { p1: leanTape() });
  const end = internal(millis(endMs));
  const watched = watch?.(kernel) ?? (() => undefined);
  const stepWhile = (isDue: (at: number) => boolean): void => {
    for (let at = kernel.nextAt(); at !== undefined && isDue(at); at = kernel.nextAt()) {
      kernel.step();
      watched();
    }
  };
  for (const fault of faults) {
    const now = internal(fault.at);
    if (now > end) break;
    stepWhile((at) => at < now);
    kernel.jumpTo(now);
    applyAct(kernel, fault.act);
    watched();
  }
  stepWhile((at) => at <= end);
  kernel.jumpTo(end);
  return kernel;
}
