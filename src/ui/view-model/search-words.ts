import { ANCHOR_NAMES } from '../../engine/api/anchors.ts';
import { GOALS, type Counterexample } from '../../engine/api/search.ts';
import type { FaultKind } from '../../engine/api/weather.ts';
import { ticketWords } from './act-caption.ts';
import type { Names } from './caption.ts';
import { count, moment, plural } from './number-format.ts';

/** Kinds of faults in the words of a form. */
export const FAULT_WORDS: Readonly<Record<FaultKind, string>> = {
  crash: 'broker crashes',
  'power-off': 'power cuts',
  'wipe-disk': 'lost disks',
  'shut-down': 'orderly stops',
  pause: 'broker pauses',
  cut: 'cut links',
  slow: 'slow links',
  controller: 'controller faults',
  'client-crash': 'client crashes',
  'client-pause': 'client pauses',
  anchor: 'crashes at a step',
};

/** What a search should come across, and the names that a run gives it. */
const WORTH_REACHING: readonly (readonly [words: string, name: string])[] = [
  ['a broker fenced', 'broker-fenced'],
  ['a leader elected', 'leader-elected'],
  ['an ISR changed', 'isr-changed'],
  ['a log cut', 'log-truncated'],
  ['a batch sent again', 'batch-retried'],
  ['a duplicate answered', 'duplicate-answered'],
  ['a produce request refused', 'produce-refused'],
  ['a send given up', 'batch-failed'],
  ['a member put out', 'member-removed'],
  ['a commit failed', 'commit-failed'],
  ['a position reset', 'offset-reset'],
  ['a task restored', 'task-restoring'],
  ['a record dropped as late', 'late-record-dropped'],
  ['a transaction aborted', 'transaction: PrepareAbort'],
  ['a transaction committed', 'transaction: PrepareCommit'],
  ...ANCHOR_NAMES.map((anchor) => [`a crash ${anchor.replaceAll('-', ' ')}`, `crash at ${anchor}`] as const),
];

export interface Coverage {
  /** What came about, and in how many runs. */
  readonly reached: string;
  /** What never did. */
  readonly never: string;
}

export function coverageWords(reached: ReadonlyMap<string, number>): Coverage {
  const known = WORTH_REACHING.map(([words, name]) => ({ words, runs: reached.get(name) ?? 0 }));
  return {
    reached: known
      .filter(({ runs }) => runs > 0)
      .map(({ words, runs }) => `${words} in ${count(runs)}`)
      .join(', '),
    never: known
      .filter(({ runs }) => runs === 0)
      .map(({ words }) => words)
      .join(', '),
  };
}

/** A counterexample in a few sentences: what stands there, what is done when, what comes of it. */
export function storyOf({ scenario, found }: Counterexample, names: Names): readonly string[] {
  const acts = scenario.commands.map(({ at, act }) => `at ${moment(at)} ${ticketWords(act, names)}`);
  return [
    acts.length === 0 ? 'Nothing is done to it.' : `${sentenceCase(acts.join(', '))}.`,
    `At ${moment(found.at)}: ${found.sentence}`,
    `So ${GOALS[found.goal]}.`,
  ];
}

const sentenceCase = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What a finished search may say; never that there is nothing. */
export const noneFound = (runs: number): string =>
  `None found in ${plural(runs, 'run')}. That is no proof: see below what they came across, and what they did not.`;
