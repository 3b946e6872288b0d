import { longAdd, longSubtract, type Long } from '../serdes/long.ts';
import { jsonSerde, longSerde, stringSerde, type Serde } from '../serdes/serde.ts';
import { textOf } from '../serdes/text.ts';
import { compile } from './function-spec.ts';

export type ValueJoiner = (key: unknown, left: unknown, right: unknown) => unknown;

/** A compiled joiner and the type of its result. */
export interface Joiner {
  readonly apply: ValueJoiner;
  readonly serde: Serde;
}

interface Shape {
  readonly apply: ValueJoiner;
  readonly serde: (left: Serde, right: Serde) => Serde;
}

const text = (apply: ValueJoiner): Shape => ({ apply, serde: () => stringSerde });
const long = (apply: ValueJoiner): Shape => ({ apply, serde: () => longSerde });
const orZero = (value: unknown): Long => (value === null ? 0 : (value as Long));

/** Nothing, or both sides with a separator. */
const unless = (isNull: (left: unknown, right: unknown) => boolean, separator: string): Shape =>
  text((_key, left, right) => (isNull(left, right) ? null : textOf(left) + separator + textOf(right)));

const JOINERS: ReadonlyMap<string, (argument: string) => Shape> = new Map<
  string,
  (argument: string) => Shape
>([
  ['concat', (sep) => unless(() => false, sep)],
  ['keyConcat', (sep) => text((key, left, right) => textOf(key) + sep + textOf(left) + sep + textOf(right))],
  ['sum', () => long((_key, left, right) => longAdd(orZero(left), orZero(right)))],
  ['diff', () => long((_key, left, right) => longSubtract(orZero(left), orZero(right)))],
  ['left', () => ({ apply: (_key, left) => left, serde: (left) => left })],
  ['right', () => ({ apply: (_key, _left, right) => right, serde: (_left, right) => right })],
  ['concatOrNull', (sep) => unless((left, right) => left === null || right === null, sep)],
  ['nullIfSame', (sep) => unless((left, right) => textOf(left) === textOf(right), sep)],
  ['merge', () => ({ apply: (_key, left, right) => merged(left, right), serde: () => jsonSerde })],
]);

/** The fields of the left object, then those of the right one, which wins. */
const merged = (left: unknown, right: unknown): unknown => ({ ...(left as object), ...(right as object) });

/** Compiles a joiner of values of these types. Throws `UnknownFunctionError`. */
export function joiner(spec: string, left: Serde, right: Serde): Joiner {
  const { apply, serde } = compile('joiner', JOINERS, spec);
  return { apply, serde: serde(left, right) };
}
