import { isLong, longFloorMod } from '../serdes/long.ts';
import { innerSerde, longSerde, stringSerde, type Serde } from '../serdes/serde.ts';
import { textOf } from '../serdes/text.ts';
import { Windowed } from '../serdes/windowed.ts';
import { fieldText } from './fields.ts';
import { compile, integerArgument } from './function-spec.ts';

export type KeyMapper = (key: unknown, value: unknown) => unknown;

/** A compiled key function and the type of the new key. */
export interface KeyFunction {
  readonly apply: KeyMapper;
  readonly serde: Serde;
}

interface Shape {
  readonly apply: KeyMapper;
  /** The new key's type from the old one's. Absent: string. */
  readonly serde?: (key: Serde) => Serde;
}

const textOrNull = (value: unknown): string | null => (value === null ? null : textOf(value));

const onKeyText = (apply: (text: string) => string): Shape => ({
  apply: (key) => (key === null ? null : apply(textOf(key))),
});

const onValueText = (apply: (text: string) => string | null): Shape => ({
  apply: (_key, value) => (value === null ? null : apply(textOf(value))),
});

const KEY_FUNCTIONS: ReadonlyMap<string, (argument: string) => Shape> = new Map<
  string,
  (argument: string) => Shape
>([
  ['key', () => ({ apply: (key) => key, serde: (key) => key })],
  ['value', () => ({ apply: (_key, value) => textOrNull(value) })],
  ['constKey', (x) => ({ apply: () => x })],
  ['keyPrefix', (n) => onKeyText((text) => text.slice(0, Number(n)))],
  ['valuePrefix', (n) => onValueText((text) => text.slice(0, Number(n)))],
  ['keyUpper', () => onKeyText((text) => text.toUpperCase())],
  ['keyAppend', (x) => onKeyText((text) => text + x)],
  ['valueMod', valueMod],
  ['valueAsKey', () => ({ apply: (_key, value) => value, serde: () => longSerde })],
  ['nullKey', () => ({ apply: () => null, serde: (key) => key })],
  ['field', (name) => ({ apply: (_key, value) => fieldText(value, name) })],
  ['windowKey', () => ({ apply: (key) => (key instanceof Windowed ? key.key : key), serde: innerSerde })],
  ['keyString', () => ({ apply: (key) => textOrNull(key) })],
  ['before', (x) => onValueText((text) => (text.includes(x) ? text.slice(0, text.indexOf(x)) : null))],
]);

function valueMod(argument: string): Shape {
  const n = integerArgument(argument);
  return { apply: (_key, value) => (isLong(value) ? String(longFloorMod(value, n)) : null) };
}

/** Compiles a key function for keys of this type. Throws `UnknownFunctionError`. */
export function keyFunction(spec: string, key: Serde): KeyFunction {
  const { apply, serde } = compile('key function', KEY_FUNCTIONS, spec);
  return { apply, serde: serde === undefined ? stringSerde : serde(key) };
}
