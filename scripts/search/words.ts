import { GOALS, type Counterexample } from '../../src/engine/api/search.ts';
import { ticketWords } from '../../src/ui/view-model/act-caption.ts';
import type { Names } from '../../src/ui/view-model/caption.ts';
import type { SeedReport } from '../../src/workers/search/lanes.ts';

/** Machines are called as in the file. */
const NAMES: Names = { node: (id) => id };

/** What happened and in how many runs, the rarest first. */
export function countsOf(reports: readonly SeedReport[]): string {
  const counts = new Map<string, number>();
  for (const { trial } of reports)
    for (const name of trial?.facts.reached ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => a - b)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');
}

/** A counterexample told: what is done when, and what comes of it. */
export function words({ scenario, found }: Counterexample): string {
  const acts = scenario.commands.map(({ at, act }) => `at ${at / 1_000_000} s ${ticketWords(act, NAMES)}`);
  const before = acts.length === 0 ? 'nothing is done' : acts.join(', ');
  return `${GOALS[found.goal]}. ${capital(before)}. At ${found.at / 1_000_000} s: ${found.sentence}`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
