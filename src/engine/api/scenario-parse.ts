import * as v from 'valibot';
import { err, ok, type Result } from '../base/result.ts';
import type { Scenario } from './scenario.ts';
import { plainCopy, type Fault } from './scenario-guard.ts';
import { locate, readJson } from './scenario-json.ts';
import { problemAt, shown, type Path, type PathStep, type Problem } from './scenario-problem.ts';
import { firstMisfit } from './scenario-references.ts';
import { SCENARIO_SCHEMA } from './scenario-schema.ts';

const NEWEST = 1;

/** From a version to the next: how a scenario of it is written in the newer one. */
const UPGRADES: ReadonlyMap<number, (old: Json) => Json> = new Map();

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a scenario that comes as a value, such as a part of a link. The scenario is a deeply frozen copy with every
 * default filled in; the problem is the first one in the order of the schema.
 */
export function parseScenario(value: unknown): Result<Scenario, Problem> {
  const read = readScenario(value);
  return read.ok ? read : err(problemAt(read.error.path, read.error.what));
}

/** Reads a scenario that comes as JSON text; the problem has its line and column. */
export function parseScenarioText(text: string): Result<Scenario, Problem> {
  const json = readJson(text);
  if (!json.ok) return json;
  const read = readScenario(json.value.value);
  if (read.ok) return read;
  const { path, what } = read.error;
  return err(locate(json.value, path, problemAt(path, what)));
}

/** Where a place of a scenario stands in its text, or the nearest place around it that is written there. */
export function placeIn(text: string, path: Path): { readonly line: number; readonly column: number } {
  const json = readJson(text);
  const { line = 1, column = 1 } = json.ok ? locate(json.value, path, problemAt(path, '')) : json.error;
  return { line, column };
}

function readScenario(value: unknown): Result<Scenario, Fault> {
  const copy = plainCopy(value);
  if (!copy.ok) return copy;
  const current = upgraded(copy.value);
  if (!current.ok) return current;
  const shape = v.safeParse(SCENARIO_SCHEMA, current.value, { abortEarly: true });
  if (!shape.success) return err(faultOf(shape.issues[0]));
  const scenario: Scenario = shape.output;
  const misfit = firstMisfit(scenario);
  return misfit === null ? ok(frozen(scenario)) : err(misfit);
}

/** What the schema found, as a place and the end of a sentence. */
const faultOf = (issue: v.BaseIssue<unknown>): Fault => ({
  path: (issue.path ?? []).map(({ key }) => key as PathStep),
  what: issue.message,
});

function upgraded(value: unknown): Result<unknown, Fault> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fault([], `must be an object, not ${shown(value)}.`);
  let scenario = value as Json;
  const { format, version } = scenario;
  if (format !== 'millrace-scenario')
    return fault(['format'], 'must be "millrace-scenario": this is something else.');
  if (version === undefined) return fault(['version'], 'is missing.');
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    return fault(['version'], `must be a whole number from 1, not ${shown(version)}.`);
  if (version > NEWEST)
    return fault(['version'], `is ${version}: the scenario was made by a newer version of Millrace.`);
  for (let from = version; from < NEWEST; from++) scenario = UPGRADES.get(from)?.(scenario) ?? scenario;
  return ok(scenario);
}

const fault = (path: Path, what: string): Result<never, Fault> => err({ path, what });

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
