import * as v from 'valibot';
import { grouped, listed, nearest, quoted, shown } from './scenario-problem.ts';

// The pieces that the scenario schema is made of. Every message is the end of a sentence that begins with the place.

type Leaf<T> = v.GenericSchema<unknown, T>;

/** A value without parts; `expected` continues "must be". */
function leaf<T>(expected: string, test: (value: unknown) => boolean): Leaf<T> {
  return v.pipe(
    v.custom<T>(test, (issue) => `must be ${expected}, not ${shown(issue.input)}.`),
    v.description(expected),
  );
}

/** An integer of a range, ends included. */
export const whole = (min: number, max: number, unit = ''): Leaf<number> =>
  leaf(
    `a whole number from ${grouped(min)} to ${grouped(max)}${unit === '' ? '' : ` (${unit})`}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  );

/** A number of a range, ends included. */
export const amount = (min: number, max: number): Leaf<number> =>
  leaf(
    `a number from ${min} to ${grouped(max)}`,
    (value) => typeof value === 'number' && value >= min && value <= max,
  );

export const text = (pattern: RegExp, expected: string): Leaf<string> =>
  leaf(expected, (value) => typeof value === 'string' && pattern.test(value));

/** A value of a list of settings. */
export const scalar = (): Leaf<string | number | boolean> =>
  leaf('text, a number, true or false', (value) => ['string', 'number', 'boolean'].includes(typeof value));

export const flag = (): Leaf<boolean> => leaf('true or false', (value) => typeof value === 'boolean');

export const oneOf = <const T extends readonly (string | number)[]>(...allowed: T): Leaf<T[number]> =>
  leaf(
    listed(
      allowed.map((one) => (typeof one === 'string' ? quoted(one) : `${one}`)),
      'or',
    ),
    (value) => (allowed as readonly unknown[]).includes(value),
  );

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const anObject = v.custom<Record<string, unknown>>(
  isObject,
  (issue) => `must be an object, not ${shown(issue.input)}.`,
);

/** An object with exactly these fields, to stand in a {@link variant}. */
export const fields = <const E extends v.ObjectEntries>(entries: E) =>
  v.strictObject(entries, (issue) => fieldMessage(issue, Object.keys(entries)));

/** An object with exactly these fields. */
export const object = <const E extends v.ObjectEntries>(entries: E) => v.pipe(anObject, fields(entries));

/** An object with any field names and values of one kind. */
export const named = <T>(schema: Leaf<T>) => v.pipe(anObject, v.record(v.string(), schema));

/** An object whose other fields depend on its `tag`. */
export const variant = <const K extends string, const O extends v.VariantOptions<K>>(tag: K, options: O) =>
  v.variant(tag, options, (issue) =>
    issue.input === undefined
      ? 'is missing.'
      : isObject(issue.path?.at(-1)?.input) && issue.path?.at(-1)?.key === tag
        ? `must be one of ${issue.expected.replace(/[()]/g, '').replaceAll(' | ', ', ')}, not ${shown(issue.input)}.`
        : `must be an object, not ${shown(issue.input)}.`,
  );

export const list = <S extends v.GenericSchema>(schema: S, min: number, max: number) =>
  v.pipe(
    v.custom<unknown[]>(Array.isArray, (issue) => `must be a list, not ${shown(issue.input)}.`),
    v.check(
      (items) => items.length >= min && items.length <= max,
      (issue) => `must have ${bounds(min, max)} entries, not ${grouped(issue.input.length)}.`,
    ),
    v.description(`a list of ${bounds(min, max)} entries`),
    v.array(schema),
  );

const bounds = (min: number, max: number): string =>
  min === 0 ? `at most ${grouped(max)}` : `${grouped(min)} to ${grouped(max)}`;

function fieldMessage(issue: v.StrictObjectIssue, known: readonly string[]): string {
  if (issue.expected !== 'never') return issue.path === undefined ? 'must be an object.' : 'is missing.';
  const meant = nearest(String(issue.path?.at(-1)?.key), known);
  return meant === undefined
    ? `is not a field that is known here; known are ${listed(known)}.`
    : `is not a field that is known here; did you mean ${quoted(meant)}?`;
}
