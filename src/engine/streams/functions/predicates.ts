import { isLong, type Long } from '../serdes/long.ts';
import { textOf } from '../serdes/text.ts';
import { fieldLong, fieldText } from './fields.ts';
import { compile, IllegalStateError, integerArgument } from './function-spec.ts';
import { boom } from './value-functions.ts';

export type Predicate = (key: unknown, value: unknown) => boolean;

const onLong =
  (test: (value: Long) => boolean): Predicate =>
  (_key, value) =>
    isLong(value) && test(value);

const onText =
  (test: (text: string) => boolean): Predicate =>
  (_key, value) =>
    value !== null && test(textOf(value));

const onKeyText =
  (test: (text: string) => boolean): Predicate =>
  (key) =>
    key !== null && test(textOf(key));

/** Odd or even, for numbers and bigints alike. */
const isOdd = (value: Long): boolean => BigInt.asUintN(1, BigInt(value)) === 1n;
const isOddNumber = (value: Long): boolean => (typeof value === 'number' ? value % 2 !== 0 : isOdd(value));

function compared(test: (value: Long, n: Long) => boolean): (argument: string) => Predicate {
  return (argument) => {
    const n = integerArgument(argument);
    return onLong((value) => test(value, n));
  };
}

function split(argument: string): readonly [string, string] {
  const comma = argument.indexOf(',');
  return [argument.slice(0, comma), argument.slice(comma + 1)];
}

function fieldEquals(argument: string): Predicate {
  const [name, x] = split(argument);
  return (_key, value) => fieldText(value, name) === x;
}

function fieldGreater(argument: string): Predicate {
  const [name, text] = split(argument);
  const n = integerArgument(text);
  return (_key, value) => {
    const field = fieldLong(value, name);
    return field !== null && field > n;
  };
}

function throwOn(x: string): Predicate {
  return (_key, value) => {
    if (value !== null && textOf(value) === x) throw new IllegalStateError(`boom ${x}`);
    return true;
  };
}

const PREDICATES: ReadonlyMap<string, (argument: string) => Predicate> = new Map<
  string,
  (argument: string) => Predicate
>([
  ['true', () => () => true],
  ['false', () => () => false],
  ['gt', compared((value, n) => value > n)],
  ['ge', compared((value, n) => value >= n)],
  ['lt', compared((value, n) => value < n)],
  ['le', compared((value, n) => value <= n)],
  ['even', () => onLong((value) => !isOddNumber(value))],
  ['odd', () => onLong(isOddNumber)],
  ['eq', (x) => onText((text) => text === x)],
  ['ne', (x) => onText((text) => text !== x)],
  ['isNull', () => (_key, value) => value === null],
  ['notNull', () => (_key, value) => value !== null],
  ['contains', (x) => onText((text) => text.includes(x))],
  ['lenGt', (n) => onText((text) => text.length > Number(n))],
  ['keyEq', (x) => onKeyText((text) => text === x)],
  ['keyNe', (x) => onKeyText((text) => text !== x)],
  ['keyPrefix', (x) => onKeyText((text) => text.startsWith(x))],
  ['keyNull', () => (key) => key === null],
  ['fieldEq', fieldEquals],
  ['fieldGt', fieldGreater],
  ['throw', () => () => boom()],
  ['throwOn', throwOn],
]);

/** Compiles a predicate. Throws `UnknownFunctionError`. */
export const predicate = (spec: string): Predicate => compile('predicate', PREDICATES, spec);
