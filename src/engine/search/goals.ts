import type { Scenario } from '../api/scenario.ts';
import type { Found, GoalId } from '../api/search.ts';
import type { SimTime } from '../base/time.ts';
import type { Checker } from '../checker/checker.ts';
import { shown } from '../cluster/prelude.ts';

/** What a run is judged by. */
export interface Judged {
  readonly checker: Checker;
  readonly scenario: Scenario;
  readonly goals: readonly GoalId[];
  /** The person's time. */
  readonly now: SimTime;
}

/** The first goal that is met, or null. Whether a run is stuck shows only at its end. */
export function judge(judged: Judged): Found | null {
  for (const goal of judged.goals) {
    const found = TESTS[goal]?.(judged) ?? null;
    if (found !== null) return { goal, at: found.at ?? judged.now, sentence: found.sentence };
  }
  return null;
}

interface Met {
  readonly sentence: string;
  /** Left out: now. */
  readonly at?: SimTime;
}

type Test = (judged: Judged) => Met | null;

const TESTS: Partial<Record<GoalId, Test>> = {
  lost: ({ checker }) => {
    const { lost } = checker.ledger();
    return lost === 0
      ? null
      : { sentence: `${records(lost)} that ${were(lost)} acknowledged ${are(lost)} lost.` };
  },
  duplicated: ({ checker }) => {
    const { duplicated } = checker.ledger();
    return duplicated === 0
      ? null
      : { sentence: `${records(duplicated)} ${are(duplicated)} in the log twice.` };
  },
  repeated: ({ checker, scenario }) => {
    for (const { id, service } of callsOf(scenario)) {
      const { repeated } = checker.serviceOf(service);
      if (repeated > 0)
        return { sentence: `The service ${service} did the same twice for ${records(repeated)} of ${id}.` };
    }
    return first(scenario, (id) => {
      const { repeated = 0 } = checker.processingOf(id) ?? {};
      return repeated === 0 ? null : `${id} worked on ${records(repeated)} twice.`;
    });
  },
  skipped: ({ checker, scenario }) =>
    first(scenario, (id) => {
      const { skipped = 0 } = checker.processingOf(id) ?? {};
      return skipped === 0
        ? null
        : `${id} passed over ${records(skipped)} without working on ${skipped === 1 ? 'it' : 'them'}.`;
    }),
  aborted: byRule(27, 28),
  torn: byRule(29, 30),
  wrong: byRule(43, 44, 45, 46, 47, 48),
};

const callsOf = ({ groups }: Scenario): readonly { id: string; service: string }[] =>
  groups.flatMap(({ id, calls }) => (calls === undefined ? [] : [{ id, service: calls.service }]));

function first({ groups }: Scenario, test: (group: string) => string | null): Met | null {
  for (const { id } of groups) {
    const sentence = test(id);
    if (sentence !== null) return { sentence };
  }
  return null;
}

/** A rule of the checker with one of these numbers was broken, which the configuration does not promise. */
function byRule(...rules: readonly number[]): Test {
  return ({ checker }) => {
    const broken = checker.violations.find(({ invariant }) => rules.includes(invariant));
    return broken === undefined ? null : { sentence: broken.sentence, at: shown(broken.at) };
  };
}

const records = (n: number): string => (n === 1 ? 'One record' : `${n} records`);
const are = (n: number): string => (n === 1 ? 'is' : 'are');
const were = (n: number): string => (n === 1 ? 'was' : 'were');
