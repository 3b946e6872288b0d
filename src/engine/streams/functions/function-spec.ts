import { parseLongText, type Long } from '../serdes/long.ts';

/** A function of the closed set, as written in a topology: `name` or `name:argument`. */
export interface FunctionSpec {
  readonly name: string;
  /** Everything after the first colon, taken literally. Empty if there is none. */
  readonly argument: string;
}

/** A function name that the set does not hold. */
export class UnknownFunctionError extends Error {
  constructor(family: string, spec: string) {
    super(`unknown ${family} "${spec}"`);
    this.name = 'UnknownFunctionError';
  }
}

/** What a function of the user may throw: it reaches the caller as the cause of a StreamsException. */
export class IllegalStateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'IllegalStateException';
  }
}

export function parseSpec(text: string): FunctionSpec {
  const colon = text.indexOf(':');
  if (colon < 0) return { name: text, argument: '' };
  return { name: text.slice(0, colon), argument: text.slice(colon + 1) };
}

/** Looks a function up by name and compiles it. Throws {@link UnknownFunctionError}. */
export function compile<C>(
  family: string,
  known: ReadonlyMap<string, (argument: string) => C>,
  text: string,
): C {
  const { name, argument } = parseSpec(text);
  const factory = known.get(name);
  if (factory === undefined) throw new UnknownFunctionError(family, text);
  return factory(argument);
}

export const integerArgument = (argument: string): Long => parseLongText(argument);
