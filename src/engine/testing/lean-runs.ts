import type { Command } from '../api/command.ts';
import type { Ledger } from '../api/frame.ts';
import { millis } from '../base/time.ts';
import { ClusterSimulation } from '../cluster/simulation.ts';
import type { NodeId } from '../api/ids.ts';
import { leanScenario, leanTape } from './lean-scenario.ts';
import { safeFaults } from './random-faults.ts';

/** The tape and every fault are over by then (simulated ms). */
const FAULTS_UNTIL_MS = 34_000;
/** How many faults a run of the lean scenario has, and when. */
export const LEAN_FAULTS = { fromMs: 500, untilMs: FAULTS_UNTIL_MS, faults: 5 };
/** And by then everything has come to rest: sessions of 10 s have expired, members are back, lag is read. */
export const REST_MS = 75_000;

const TAPES = { p1: leanTape() };

export interface LeanRun {
  readonly seed: number;
  readonly faults: readonly Command[];
  readonly simulation: ClusterSimulation;
}

/** A run of the lean scenario at its moment 0 with the faults of its seed to come. */
export function leanRun(seed: number, victims: readonly NodeId[]): LeanRun {
  const scenario = leanScenario(seed);
  const faults = safeFaults(scenario, seed, { ...LEAN_FAULTS, victims });
  const simulation = new ClusterSimulation(scenario, TAPES);
  const replaced = simulation.replaceCommands(faults);
  if (!replaced.ok) throw new Error(replaced.error);
  return { seed, faults, simulation };
}

/** Runs to rest and judges. Throws with the seed when a promise is broken. */
export function judgedLedger({ seed, simulation }: LeanRun): Ledger {
  try {
    simulation.advance({ until: millis(REST_MS), eventsMax: Infinity });
    return simulation.atQuiescence();
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
