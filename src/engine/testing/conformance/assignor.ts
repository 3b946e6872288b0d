import type { Adapter } from './adapter.ts';
import { isObject, listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError } from './case-file.ts';
import type { Json, JsonObject } from './case-file.ts';
import type { Comparison } from './comparison.ts';
import { CLIENT_ASSIGNORS } from './assignor/client.ts';
import { SERVER_ASSIGNORS } from './assignor/server.ts';

/** Partitions by topic, ascending. */
export type Assigned = Readonly<Record<string, readonly number[]>>;

/** Answers one step: what each member gets, or a refusal. */
export type AskAssignor = (step: JsonObject) => Readonly<Record<string, Assigned>> | { readonly error: string };

/** Where it runs and its name → what can answer it. Topics have ids only where the coordinator assigns. */
const ASSIGNORS: ReadonlyMap<string, AskAssignor> = new Map([...CLIENT_ASSIGNORS, ...SERVER_ASSIGNORS]);

/** How partitions are shared out among the members of a group, step by step. */
export const assignorAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['assignor', 'steps'], 'given');
    const steps = listOf(given.steps, 'steps').map((step) => objectOf(step, 'step'));
    const expected = listOf(expect.steps, 'expected steps');
    steps.forEach((step, i) => {
      const ask = assignorOf(given, step);
      compareStep(comparison, { step, answer: ask(step), expected: objectOf(expected[i], 'step') }, `steps[${i}]`);
    });
  },
};

function assignorOf(given: JsonObject, step: JsonObject): AskAssignor {
  const topics = listOf(step.topics, 'topics').map((topic) => objectOf(topic, 'topic'));
  const side = topics.some(({ id }) => id !== undefined) ? 'server' : 'client';
  const name = `${side} ${textOf(given.assignor, 'assignor')}`;
  const ask = ASSIGNORS.get(name);
  if (ask === undefined) throw new UnsupportedError(`assignor "${name}"`);
  return ask;
}

interface Step {
  readonly step: JsonObject;
  readonly answer: ReturnType<AskAssignor>;
  readonly expected: JsonObject;
}

function compareStep(comparison: Comparison, { step, answer, expected }: Step, path: string): void {
  if ('error' in answer || expected.error !== undefined) {
    comparison.compare(answer, expected, path);
    return;
  }
  if (expected.exact === true) comparison.compare(sortedJson(answer), sortedJson(expected.assignment), `${path}.assignment`);
  else compareMeasures(comparison, { step, answer, expected }, path);
}

/** Partitions are sets. */
function sortedJson(assignment: unknown): Json {
  const members = objectOf(assignment as Json, 'assignment');
  const sorted: Record<string, Json> = {};
  for (const [member, topics] of Object.entries(members)) {
    const byTopic: Record<string, Json> = {};
    for (const [topic, partitions] of Object.entries(objectOf(topics, 'topics')))
      byTopic[topic] = numbersOf(partitions).sort((a, b) => a - b);
    sorted[member] = byTopic;
  }
  return sorted;
}

const numbersOf = (list: Json | undefined): number[] => listOf(list, 'partitions').map((p) => numberOf(p, 'partition'));

/** The real answer depends on hash order: any valid answer with the recorded measures will do. */
function compareMeasures(comparison: Comparison, { step, answer, expected }: Step, path: string): void {
  onlyFields(expected, ['exact', 'total', 'sizes', 'kept'], 'an inexact step');
  const members = listOf(step.members, 'members').map((member) => objectOf(member, 'member'));
  const given = Object.entries(answer as Readonly<Record<string, Assigned>>);
  const held = given.flatMap(([member, topics]) => namesOf(topics).map((name) => ({ member, name })));
  const twice = held.filter(({ name }, i) => held.findIndex((other) => other.name === name) !== i);
  comparison.compare(
    twice.map(({ name }) => name),
    [],
    `${path}.assigned twice`,
  );
  for (const [id, topics] of given) {
    const subscribed = members.find((member) => member.id === id)?.topics ?? [];
    const strange = Object.keys(topics).filter((topic) => !(subscribed as readonly Json[]).includes(topic));
    comparison.compare(strange, [], `${path}.not subscribed`);
  }
  const sizes = given.map(([, topics]) => namesOf(topics).length).sort((a, b) => b - a);
  const kept = members.flatMap((member) => ownedBy(member).filter((name) => holds(held, member.id, name))).length;
  const measures: JsonObject = { total: held.length, sizes, kept };
  for (const measure of ['total', 'sizes', 'kept'])
    if (expected[measure] !== undefined) comparison.compare(measures[measure], expected[measure], `${path}.${measure}`);
}

const holds = (held: readonly { member: string; name: string }[], id: Json | undefined, name: string): boolean =>
  held.some((pair) => pair.member === id && pair.name === name);

function ownedBy(member: JsonObject): string[] {
  const owned = member.owned ?? member.assigned;
  return isObject(owned) ? namesOf(owned) : [];
}

const namesOf = (topics: JsonObject | Assigned): string[] =>
  Object.entries(topics).flatMap(([topic, partitions]) => numbersOf(partitions).map((p) => `${topic}-${p}`));
