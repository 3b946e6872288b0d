import { longAdd, longSubtract, type Long } from '../serdes/long.ts';
import { longSerde, stringSerde, type Serde } from '../serdes/serde.ts';
import { textOf } from '../serdes/text.ts';
import { fieldLong } from './fields.ts';
import { compile, integerArgument } from './function-spec.ts';

export type Initializer = () => unknown;
export type AggregateStep = (key: unknown, value: unknown, aggregate: unknown) => unknown;
export type Reducer = (aggregate: unknown, value: unknown) => unknown;
export type Merger = (key: unknown, first: unknown, second: unknown) => unknown;

/** A compiled aggregator and the type of the aggregate. */
export interface Aggregator {
  readonly apply: AggregateStep;
  readonly serde: Serde;
}

/** Null counts as 0. */
const orZero = (value: unknown): Long => (value === null ? 0 : (value as Long));
const isEmpty = (value: unknown): boolean => value === null || value === '';

const least = (a: unknown, b: unknown): unknown =>
  a === null ? b : b === null ? a : (a as Long) <= (b as Long) ? a : b;
const greatest = (a: unknown, b: unknown): unknown =>
  a === null ? b : b === null ? a : (a as Long) >= (b as Long) ? a : b;

function nullAt(argument: string): (sum: Long) => Long | null {
  const n = integerArgument(argument);
  return (sum) => (sum === n ? null : sum);
}

const INITIALIZERS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['0', 0],
  ['1', 1],
  ['empty', ''],
  ['null', null],
]);

/** Compiles an initializer. Throws `UnknownFunctionError`. */
export function initializer(spec: string): Initializer {
  const value = compile(
    'initializer',
    new Map([...INITIALIZERS].map(([name, it]) => [name, () => it])),
    spec,
  );
  return () => value;
}

/** What a list written with separators holds after one part equal to `part` is taken out (`String.split` of Java). */
function removePart(list: string, part: string, separator: string): string {
  const parts = separator === '' ? list.split('') : list.split(separator);
  while (parts.length > 1 && parts[parts.length - 1] === '') parts.pop();
  if (parts.length === 1 && parts[0] === '') parts.pop();
  const at = parts.indexOf(part);
  if (at >= 0) parts.splice(at, 1);
  return parts.join(separator);
}

interface Shape {
  readonly apply: AggregateStep;
  /** Absent: the type of the values. */
  readonly serde?: Serde;
}

const long = (apply: AggregateStep): Shape => ({ apply, serde: longSerde });
const text = (apply: AggregateStep): Shape => ({ apply, serde: stringSerde });

const AGGREGATORS: ReadonlyMap<string, (argument: string) => Shape> = new Map<
  string,
  (argument: string) => Shape
>([
  ['count', () => long((_key, _value, agg) => longAdd(orZero(agg), 1))],
  ['decr', () => long((_key, _value, agg) => longSubtract(orZero(agg), 1))],
  ['sum', () => long((_key, value, agg) => longAdd(orZero(agg), orZero(value)))],
  ['sub', () => long((_key, value, agg) => longSubtract(orZero(agg), orZero(value)))],
  ['sumField', (name) => long((_key, value, agg) => longAdd(orZero(agg), orZero(fieldLong(value, name))))],
  ['sumNullAt', sumNullAt],
  ['min', () => long((_key, value, agg) => least(agg, value))],
  ['max', () => long((_key, value, agg) => greatest(agg, value))],
  [
    'concat',
    (sep) => text((_key, value, agg) => (isEmpty(agg) ? textOf(value) : textOf(agg) + sep + textOf(value))),
  ],
  [
    'remove',
    (sep) => text((_key, value, agg) => (isEmpty(agg) ? '' : removePart(textOf(agg), textOf(value), sep))),
  ],
  ['last', () => ({ apply: (_key, value) => value })],
  ['first', () => ({ apply: (_key, value, agg) => (isEmpty(agg) ? value : agg) })],
  ['keep', () => ({ apply: (_key, _value, agg) => agg })],
]);

function sumNullAt(argument: string): Shape {
  const orNull = nullAt(argument);
  return long((_key, value, agg) => orNull(longAdd(orZero(agg), orZero(value))));
}

/** Compiles an aggregator over values of this type. Throws `UnknownFunctionError`. */
export function aggregator(spec: string, value: Serde): Aggregator {
  const { apply, serde } = compile('aggregator', AGGREGATORS, spec);
  return { apply, serde: serde ?? value };
}

const REDUCERS: ReadonlyMap<string, (argument: string) => Reducer> = new Map<
  string,
  (argument: string) => Reducer
>([
  ['sum', () => (a, b) => longAdd(orZero(a), orZero(b))],
  ['sub', () => (a, b) => longSubtract(orZero(a), orZero(b))],
  ['min', () => least],
  ['max', () => greatest],
  ['concat', (sep) => (a, b) => textOf(a) + sep + textOf(b)],
  ['last', () => (_a, b) => b],
  ['first', () => (a) => a],
  ['sumNullAt', reduceNullAt],
]);

function reduceNullAt(argument: string): Reducer {
  const orNull = nullAt(argument);
  return (a, b) => orNull(longAdd(orZero(a), orZero(b)));
}

/** Compiles a reducer. Throws `UnknownFunctionError`. */
export const reducer = (spec: string): Reducer => compile('reducer', REDUCERS, spec);

const MERGERS: ReadonlyMap<string, (argument: string) => Merger> = new Map<
  string,
  (argument: string) => Merger
>([
  ['sum', () => (_key, a, b) => longAdd(orZero(a), orZero(b))],
  ['min', () => (_key, a, b) => least(a, b)],
  ['max', () => (_key, a, b) => greatest(a, b)],
  ['concat', (sep) => (_key, a, b) => (isEmpty(a) ? b : isEmpty(b) ? a : textOf(a) + sep + textOf(b))],
  ['last', () => (_key, _a, b) => b],
  ['first', () => (_key, a) => a],
]);

/** Compiles a merger of sessions. Throws `UnknownFunctionError`. */
export const merger = (spec: string): Merger => compile('merger', MERGERS, spec);
