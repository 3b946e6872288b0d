import { isLong, longAdd, longMultiply, longRemainder, longSubtract, type Long } from '../serdes/long.ts';
import { jsonSerde, longSerde, stringSerde, type Serde } from '../serdes/serde.ts';
import { textOf } from '../serdes/text.ts';
import { compile, IllegalStateError, integerArgument } from './function-spec.ts';
import { fieldLong, fieldText, textAsLong } from './fields.ts';

export type ValueMapper = (key: unknown, value: unknown) => unknown;

/** A compiled value function and the type of its result. */
export interface ValueFunction {
  readonly apply: ValueMapper;
  readonly serde: Serde;
}

interface Shape {
  readonly apply: ValueMapper;
  /** Absent: the type of the input. */
  readonly serde?: Serde;
}

/** A function that gives null for null. */
const nonNull = (apply: (value: unknown) => unknown, serde?: Serde): Shape => {
  const guarded: ValueMapper = (_key, value) => (value === null ? null : apply(value));
  return serde === undefined ? { apply: guarded } : { apply: guarded, serde };
};

const onText = (apply: (text: string) => unknown, serde: Serde = stringSerde): Shape =>
  nonNull((value) => apply(textOf(value)), serde);

const onLong = (apply: (value: Long) => Long): Shape =>
  nonNull((value) => (isLong(value) ? apply(value) : null), longSerde);

const always = (apply: ValueMapper, serde?: Serde): Shape =>
  serde === undefined ? { apply } : { apply, serde };

function throwOn(value: unknown, text: string): unknown {
  if (textOf(value) === text) throw new IllegalStateError(`boom ${text}`);
  return value;
}

const VALUE_FUNCTIONS: ReadonlyMap<string, (argument: string) => Shape> = new Map<
  string,
  (argument: string) => Shape
>([
  ['identity', () => always((_key, value) => value)],
  ['upper', () => onText((text) => text.toUpperCase())],
  ['lower', () => onText((text) => text.toLowerCase())],
  ['append', (x: string) => onText((text) => text + x)],
  ['prepend', (x: string) => onText((text) => x + text)],
  ['reverse', () => onText((text) => [...text].reverse().join(''))],
  ['const', (x: string) => always(() => x, stringSerde)],
  ['constLong', (n: string) => constant(integerArgument(n), longSerde)],
  ['null', () => always(() => null)],
  ['nullIf', (x: string) => nonNull((value) => (textOf(value) === x ? null : value))],
  ['toString', () => onText((text) => text)],
  ['orNone', () => always((_key, value) => (value === null ? 'none' : textOf(value)), stringSerde)],
  ['length', () => onText((text) => text.length, longSerde)],
  ['parseLong', () => onText(textAsLong, longSerde)],
  ['add', (n: string) => withInteger(n, longAdd)],
  ['mul', (n: string) => withInteger(n, longMultiply)],
  ['neg', () => onLong((value) => longSubtract(0, value))],
  ['mod', (n: string) => withInteger(n, longRemainder)],
  ['withKey', (sep: string) => always((key, value) => textOf(key) + sep + textOf(value), stringSerde)],
  ['key', () => always((key) => textOf(key), stringSerde)],
  ['field', (name: string) => nonNull((value) => fieldText(value, name), stringSerde)],
  ['fieldLong', (name: string) => nonNull((value) => fieldLong(value, name), longSerde)],
  ['excess', excess],
  ['wrap', (name: string) => nonNull((value) => ({ [name]: value }), jsonSerde)],
  ['throw', () => always(() => boom())],
  ['throwOn', (x: string) => nonNull((value) => throwOn(value, x))],
]);

const constant = (value: unknown, serde: Serde): Shape => always(() => value, serde);

function withInteger(argument: string, operation: (a: Long, b: Long) => Long): Shape {
  const n = integerArgument(argument);
  return onLong((value) => operation(value, n));
}

/** One of Millrace's own, `excess:A,B`: by how much the field A is above the field B; null where either is no long. */
function excess(argument: string): Shape {
  const [of = '', over = ''] = argument.split(',');
  const difference = (value: unknown): Long | null => {
    const [a, b] = [fieldLong(value, of), fieldLong(value, over)];
    return a === null || b === null ? null : longSubtract(a, b);
  };
  return nonNull(difference, longSerde);
}

/** Throws what the user function `throw` throws. */
export function boom(): never {
  throw new IllegalStateError('boom');
}

/** Compiles a value function for an input of this type. Throws `UnknownFunctionError`. */
export function valueFunction(spec: string, input: Serde): ValueFunction {
  const { apply, serde } = compile('value function', VALUE_FUNCTIONS, spec);
  return { apply, serde: serde ?? input };
}

type ListMapper = (value: unknown) => readonly unknown[];

/** A compiled list function and the type of its elements. */
export interface ListFunction {
  readonly apply: ListMapper;
  readonly serde: Serde;
}

const NOTHING: readonly unknown[] = Object.freeze([]);

interface ListShape {
  readonly apply: ListMapper;
  readonly serde?: Serde;
}

const LIST_FUNCTIONS: ReadonlyMap<string, (argument: string) => ListShape> = new Map<
  string,
  (argument: string) => ListShape
>([
  [
    'splitOn',
    (sep: string) => ({ apply: (v: unknown) => nonEmptyParts(textOf(v), sep), serde: stringSerde }),
  ],
  ['chars', () => ({ apply: (v: unknown) => textOf(v).split(''), serde: stringSerde })],
  ['repeat', (n: string) => ({ apply: (v: unknown) => new Array<unknown>(Number(n)).fill(v) })],
  ['upTo', () => ({ apply: (v: unknown) => countUp(v), serde: longSerde })],
  ['none', () => ({ apply: () => NOTHING })],
]);

const nonEmptyParts = (text: string, separator: string): string[] =>
  text.split(separator).filter((part) => part !== '');

function countUp(value: unknown): readonly number[] {
  const end = isLong(value) ? Math.max(0, Math.min(9, Number(value))) : 0;
  return Array.from({ length: end }, (_, i) => i);
}

/** Compiles a list function; a null value gives the empty list. Throws `UnknownFunctionError`. */
export function listFunction(spec: string, input: Serde): ListFunction {
  const { apply, serde } = compile('list function', LIST_FUNCTIONS, spec);
  return { apply: (value) => (value === null ? NOTHING : apply(value)), serde: serde ?? input };
}
