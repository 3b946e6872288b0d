import type { SimTime } from '../base/time.ts';
import type { Ledger } from './frame.ts';
import type { Scenario } from './scenario.ts';

/** What a search looks for. */
export const GOALS = {
  lost: 'an acknowledged record is lost',
  duplicated: 'a record stands twice in its log',
  repeated: 'a record is processed, or its effect done, twice',
  skipped: 'a group passes a record over',
  aborted: 'a reader of committed records is given one that is not',
  torn: 'a transaction is done in part',
  wrong: 'an application’s result is not what its input says',
  stuck: 'the system does not come to rest when everything is healed',
} as const;

export type GoalId = keyof typeof GOALS;

export const GOAL_IDS = Object.keys(GOALS) as readonly GoalId[];

/** The moment at which it became so, and why it is so, in one sentence. */
export interface Found {
  readonly goal: GoalId;
  readonly at: SimTime;
  readonly sentence: string;
}

/**
 * What became of one run. `found`: what was looked for came about. `right`: it came to rest, and nothing of it did.
 * `broken`: the simulator broke a promise of its own, which is a defect of ours and no finding.
 */
export type Trial =
  | { readonly verdict: 'found'; readonly found: Found; readonly facts: TrialFacts }
  | { readonly verdict: 'right'; readonly facts: TrialFacts }
  | { readonly verdict: 'broken'; readonly sentence: string; readonly facts: TrialFacts };

export interface TrialFacts {
  readonly ledger: Ledger;
  /** How far the run went. */
  readonly at: SimTime;
  readonly events: number;
  /** Names of what happened at least once: trace events, faults that took effect, anchors. Sorted. */
  readonly reached: readonly string[];
}

/** A run that shows what was looked for: a scenario with its acts, which anybody can run. */
export interface Counterexample {
  readonly scenario: Scenario;
  readonly found: Found;
}
