import type { GoalId, Trial } from '../../engine/api/search.ts';
import type { Scenario, Tape } from '../../engine/api/scenario.ts';
import type { Weather } from '../../engine/api/weather.ts';

/** What is searched, the same for all seeds. Plain data: it goes to workers as it is. */
export interface SearchRequest {
  readonly scenario: Scenario;
  /** By producer, cut to the rows that are played. */
  readonly tapes: Readonly<Record<string, Tape>>;
  readonly weather: Weather;
  readonly goals: readonly GoalId[];
}

/** What became of a seed. A seed whose worker died or hung is told with what happened to it, and no other is missing. */
export interface SeedReport {
  readonly seed: number;
  readonly trial?: Trial;
  /** Why there is no trial, in one sentence. */
  readonly problem?: string;
}

/** A worker that tries one seed after the other. */
export interface Lane {
  /** The trial, or in one sentence why there is none. */
  ask(seed: number): Promise<Trial | string>;
  close(): void;
}

export interface Lanes {
  readonly seeds: number;
  /** The first seed. */
  readonly from: number;
  readonly lanes: number;
  readonly open: () => Lane;
}

/** A run that takes longer hangs, in ms of the wall clock. */
const RUN_MAX_MS = 120_000;

/**
 * Has seeds tried side by side, in order, until `tell` says that it is enough: then those below the lowest seed of which it
 * did are still waited for, so that the answer does not depend on who is faster.
 */
export async function trySeeds(
  { seeds, from, lanes, open }: Lanes,
  tell: (report: SeedReport) => boolean,
): Promise<void> {
  let next = from;
  let end = from + seeds;
  const report = (one: SeedReport): void => {
    if (!tell(one)) end = Math.min(end, one.seed);
  };
  const run = async (): Promise<void> => {
    let lane = open();
    while (next < end) {
      const seed = next++;
      const answer = await inTime(lane.ask(seed));
      if (typeof answer !== 'string') {
        report({ seed, trial: answer });
        continue;
      }
      lane.close();
      lane = open();
      report({ seed, problem: answer });
    }
    lane.close();
  };
  await Promise.all(Array.from({ length: Math.min(lanes, seeds) }, run));
}

async function inTime(answer: Promise<Trial | string>): Promise<Trial | string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((done) => {
    const sentence = `The run took more than ${RUN_MAX_MS / 1_000} s of this machine and was given up.`;
    timer = setTimeout(() => done(sentence), RUN_MAX_MS);
  });
  const first = await Promise.race([answer, late]);
  clearTimeout(timer);
  return first;
}
