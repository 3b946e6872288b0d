import * as v from 'valibot';
import { err, ok, type Result } from '../../base/result.ts';
import { plainCopy } from '../../api/scenario-guard.ts';
import { locate, readJson, type JsonText } from '../../api/scenario-json.ts';
import { SCENARIO_LIMITS } from '../../api/scenario-limits.ts';
import { problemAt, type Path, type PathStep, type Problem } from '../../api/scenario-problem.ts';
import { list, named, object, text, whole } from '../../api/scenario-schema-kit.ts';
import { nodeMisfit, topicName, topologyNode } from '../../api/scenario-topology.ts';
import type { TopologyNode } from '../../api/scenario.ts';
import type { DriverSession, DriverStep, TopologySource } from '../../api/topology-driver.ts';
import { topologyProperties } from '../config.ts';
import { buildSource } from './build-source.ts';

/** Steps that one session may have. */
const STEPS_MAX = 2_000;
const TIME_MAX = 8_640_000_000_000_000;

const topologySchema = list(topologyNode, 1, SCENARIO_LIMITS.topologyNodesMax);

const header = v.custom<readonly [string, string | null]>(
  (value) =>
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === 'string' &&
    (value[1] === null || typeof value[1] === 'string'),
  'must be a list of a name and a text or null.',
);

const json = v.custom<never>((value) => value !== undefined, 'is missing.');

const step = v.union(
  [
    object({
      pipe: topicName,
      key: json,
      value: json,
      ts: whole(-TIME_MAX, TIME_MAX, 'ms'),
      headers: v.optional(list(header, 0, 100)),
    }),
    object({ advanceWallClock: whole(1, TIME_MAX, 'ms') }),
  ],
  () =>
    'must have pipe (a topic), key, value and ts (ms), and may have headers; or only advanceWallClock (ms).',
);

const sessionSchema = object({
  config: v.optional(named(text(/^.{0,1000}$/s, 'text'))),
  topology: topologySchema,
  steps: v.optional(list(step, 0, STEPS_MAX)),
});

type Schema<T> = v.GenericSchema<unknown, T>;

/** Reads a topology that comes as JSON text, a list of nodes, and builds it. */
export function readTopology(
  { applicationId, config }: Omit<TopologySource, 'topology'>,
  text: string,
): Result<TopologySource, Problem> {
  const read = readAs(text, topologySchema as Schema<TopologyNode[]>, ['topology']);
  if (!read.ok) return read;
  const { json, value: topology } = read.value;
  return checked(json, { applicationId, topology, config }, 1);
}

/** Reads a session as a case of kind `streams` has it in `given`. */
export function readSession(text: string): Result<DriverSession, Problem> {
  const read = readAs(text, sessionSchema as unknown as Schema<Given>, []);
  if (!read.ok) return read;
  const { json, value } = read.value;
  const { 'application.id': applicationId = 'app', ...config } = value.config ?? {};
  const source = checked(json, { applicationId, topology: value.topology, config }, 0);
  return source.ok ? ok({ source: source.value, steps: value.steps ?? [] }) : source;
}

/** A session as text that {@link readSession} reads. */
export function printSession({ source: { applicationId, topology, config }, steps }: DriverSession): string {
  const lines = (items: readonly unknown[]): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
  const given = JSON.stringify({ 'application.id': applicationId, ...topologyProperties(config) });
  return `{\n  "config": ${given},\n  "topology": ${lines(topology)},\n  "steps": ${lines(steps)}\n}\n`;
}

interface Given {
  readonly config?: Readonly<Record<string, string>>;
  readonly topology: readonly TopologyNode[];
  readonly steps?: readonly DriverStep[];
}

/** `within`: the place of the text's value, as a problem names it. */
function readAs<T>(
  text: string,
  schema: Schema<T>,
  within: Path,
): Result<{ readonly json: JsonText; readonly value: T }, Problem> {
  const json = readJson(text);
  if (!json.ok) return json;
  const fault = (path: Path, what: string) =>
    err(locate(json.value, path, problemOf([...within, ...path], what)));
  const copy = plainCopy(json.value.value);
  if (!copy.ok) return fault(copy.error.path, copy.error.what);
  const shape = v.safeParse(schema, copy.value, { abortEarly: true });
  if (shape.success) return ok({ json: json.value, value: shape.output });
  const [issue] = shape.issues;
  return fault(
    (issue.path ?? []).map(({ key }) => key as PathStep),
    issue.message,
  );
}

const problemOf = (path: Path, what: string): Problem =>
  path.length === 0 ? { message: `The text ${what}`, path: '' } : problemAt(path, what);

/**
 * What the shape does not say: fields that depend on each other, and whether it can be built. `outside`: so many steps of a
 * path that begins with `topology` are not in the text.
 */
function checked(json: JsonText, source: TopologySource, outside: 0 | 1): Result<TopologySource, Problem> {
  const located = (path: Path, found: Problem) => err(locate(json, path.slice(outside), found));
  for (const [i, node] of source.topology.entries())
    for (const { path, what } of nodeMisfit(node, ['topology', i]))
      return located(path, problemAt(path, what));
  const built = buildSource(source);
  if (built.ok) return ok(source);
  const index = /^topology\[(\d+)\]/.exec(built.error.path)?.[1];
  return located(index === undefined ? ['topology'] : ['topology', Number(index)], built.error);
}
