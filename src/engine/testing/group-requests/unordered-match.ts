import { isObject, type Json, type JsonObject } from '../conformance/case-file.ts';

const BINDER = /^\$[A-Za-z][A-Za-z0-9_.']*$/;

/** What `$name` stands for in a case. */
export type Bindings = ReadonlyMap<string, Json>;

/**
 * Matches an answer with the recorded one: every recorded field, lists as multisets, `$_` anything. Returns the
 * bindings with those that were seen first here, or undefined if the answer differs.
 */
export function match(actual: Json | undefined, expected: Json, bindings: Bindings): Bindings | undefined {
  if (expected === '$_') return bindings;
  if (typeof expected === 'string' && BINDER.test(expected)) return matchBinder(actual, expected, bindings);
  if (Array.isArray(expected))
    return Array.isArray(actual) ? matchSets(actual as Json[], expected as Json[], bindings) : undefined;
  if (isObject(expected)) return isObject(actual) ? matchObjects(actual, expected, bindings) : undefined;
  return actual === expected ? bindings : undefined;
}

function matchBinder(actual: Json | undefined, name: string, bindings: Bindings): Bindings | undefined {
  if (actual === undefined) return undefined;
  const bound = bindings.get(name);
  if (bound !== undefined) return actual === bound ? bindings : undefined;
  if ([...bindings].some(([other, value]) => kindOf(other) === kindOf(name) && value === actual))
    return undefined;
  return new Map([...bindings, [name, actual]]);
}

/** Two binders of one kind (`$member1`, `$member2`) are different values. */
const kindOf = (name: string): string => name.replace(/\d+$/, '');

function matchObjects(actual: JsonObject, expected: JsonObject, bindings: Bindings): Bindings | undefined {
  let found: Bindings | undefined = bindings;
  for (const [field, value] of Object.entries(expected)) {
    if (found === undefined || value === undefined) return found;
    found = matchField(field, actual[field], value, found);
  }
  return found;
}

/** Lists whose order means something. */
const ORDERED: readonly string[] = ['records', 'headers'];

function matchField(
  field: string,
  actual: Json | undefined,
  expected: Json,
  bindings: Bindings,
): Bindings | undefined {
  if (!ORDERED.includes(field) || !Array.isArray(actual) || !Array.isArray(expected))
    return match(actual, expected, bindings);
  if (actual.length !== expected.length) return undefined;
  let found: Bindings | undefined = bindings;
  for (const [i, item] of expected.entries()) found = found && match(actual[i] as Json, item as Json, found);
  return found;
}

/** Tries every assignment of recorded items to actual ones. */
function matchSets(
  actual: readonly Json[],
  expected: readonly Json[],
  bindings: Bindings,
): Bindings | undefined {
  const [first, ...others] = expected;
  if (first === undefined) return actual.length === 0 ? bindings : undefined;
  for (let i = 0; i < actual.length; i++) {
    const found = match(actual[i], first, bindings);
    const rest = found && matchSets(actual.toSpliced(i, 1), others, found);
    if (rest !== undefined) return rest;
  }
  return undefined;
}

/** The value with every binder replaced by what it stands for. */
export function substitute(value: Json, bindings: Bindings): Json {
  if (typeof value === 'string') return bindings.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item: Json) => substitute(item, bindings));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, item]) => [field, substitute(item ?? null, bindings)]),
  );
}
