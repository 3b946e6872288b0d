import * as v from 'valibot';
import { canonicalJson } from '../../engine/api/scenario-print.ts';
import { named, object, oneOf, text, whole } from '../../engine/api/scenario-schema-kit.ts';
import { SCENARIO_LIMITS } from '../../engine/api/scenario-limits.ts';
import type { Scenario } from '../../engine/api/scenario.ts';
import { digestOf } from '../../engine/base/digest.ts';
import type { SimTime } from '../../engine/base/time.ts';
import { LINK_LIMITS } from './link-limits.ts';

/** What a link leads to: a run, its acts, the moment and what is looked at. Tapes are named with digest, never held. */
export interface LinkContent {
  /** With the person's acts as its commands. */
  readonly scenario: Scenario;
  readonly at: SimTime;
  /** Id of what is selected. */
  readonly selected: string | null;
  readonly rung: 'topology' | 'partition';
  readonly focusPartition: string | null;
  /** Version of the engine that made the run. */
  readonly engine: string;
}

/** How a link holds its scenario: whole, or as the fields that differ from one that comes with the page. */
export type LinkScenario =
  | { readonly scenario: unknown }
  | {
      readonly base: string;
      readonly baseDigest: string;
      readonly changes: Readonly<Record<string, unknown>>;
    };

const id = v.nullable(
  text(new RegExp(`^.{1,${LINK_LIMITS.idMax}}$`, 's'), `1 to ${LINK_LIMITS.idMax} characters`),
);

const rest = {
  at: whole(0, SCENARIO_LIMITS.lengthMsMax * 1_000, 'µs'),
  selected: v.optional(id, null),
  rung: v.optional(oneOf('topology', 'partition'), 'topology'),
  focusPartition: v.optional(id, null),
  engine: text(/^[0-9A-Za-z.+-]{1,40}$/, 'a version such as 0.1.0'),
};

export const WHOLE_SCHEMA = object({ scenario: v.unknown(), ...rest });

export const BASED_SCHEMA = object({
  base: text(/^[a-z0-9-]{1,32}$/, 'the id of a scenario'),
  baseDigest: text(/^[0-9a-f]{16}$/, 'sixteen hexadecimal digits'),
  changes: named(v.unknown()),
  ...rest,
});

/** Digest of what a scenario means. */
export const scenarioDigest = (scenario: Scenario): string => digestOf(canonicalJson(scenario));

/** The fields of a scenario that differ from another's. */
export function changesFrom(base: Scenario, scenario: Scenario): Readonly<Record<string, unknown>> {
  const before: Readonly<Record<string, unknown>> = { ...base };
  const after = Object.entries({ ...before, notes: undefined, ...scenario });
  return Object.fromEntries(
    after
      .filter(([field, value]) => canonicalJson(value ?? null) !== canonicalJson(before[field] ?? null))
      .map(([field, value]: [string, unknown]) => [field, value ?? null]),
  );
}

/** The scenario that changes make of another; a field that is null is left out. */
export function changed(base: Scenario, changes: Readonly<Record<string, unknown>>): unknown {
  const fields = Object.entries({ ...base, ...changes });
  return Object.fromEntries(fields.filter(([, value]) => value !== null));
}
