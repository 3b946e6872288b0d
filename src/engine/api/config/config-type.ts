import { err, ok, type Result } from '../../base/result.ts';

/** Types of Kafka's `ConfigDef`. */
export type ConfigType =
  'BOOLEAN' | 'STRING' | 'SHORT' | 'INT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD';

/** A parsed value; null where a key has none. */
export type ConfigValue = number | string | boolean | readonly string[] | null;

/**
 * `Long.MAX_VALUE`, which Kafka's defaults use for "never". A LONG beyond 2^53 is held as this number: no run lasts so
 * long, and it is written as Kafka writes it. The same holds for `Long.MIN_VALUE` below −2^53.
 */
export const LONG_MAX = Number.MAX_SAFE_INTEGER;
const LONG_MAX_TEXT = '9223372036854775807';
const LONG_MIN_TEXT = '-9223372036854775808';

/** Bounds of the whole numbers, inclusive, as Java has them. */
const WHOLE: Readonly<Partial<Record<ConfigType, readonly [bigint, bigint]>>> = {
  SHORT: [-(2n ** 15n), 2n ** 15n - 1n],
  INT: [-(2n ** 31n), 2n ** 31n - 1n],
  LONG: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** Everything up to the space counts as blank (Java's `String.trim`). */
export function trimmed(written: string): string {
  let start = 0;
  let end = written.length;
  while (start < end && written.charCodeAt(start) <= 0x20) start++;
  while (end > start && written.charCodeAt(end - 1) <= 0x20) end--;
  return written.slice(start, end);
}

/** Reads a written value as its type. The error is Kafka's reason (`ConfigDef.parseType`). */
export function parseType(type: ConfigType, written: string): Result<ConfigValue, string> {
  const text = trimmed(written);
  switch (type) {
    case 'BOOLEAN':
      return parseBoolean(text);
    case 'SHORT':
    case 'INT':
    case 'LONG':
      return parseWhole(type, text);
    case 'DOUBLE':
      return parseDouble(text);
    case 'LIST':
      return ok(text === '' ? [] : text.split(/\s*,\s*/));
    case 'CLASS':
      // Only Kafka's own classes are on the class path of a simulated process.
      return /^org\.apache\.kafka\.[\w.$]+$/.test(text)
        ? ok(text)
        : err(`Class ${written} could not be found.`);
    default:
      return ok(text);
  }
}

function parseBoolean(text: string): Result<ConfigValue, string> {
  const word = text.toLowerCase();
  if (word !== 'true' && word !== 'false') return err('Expected value to be either true or false');
  return ok(word === 'true');
}

function parseWhole(type: ConfigType, text: string): Result<ConfigValue, string> {
  const [min, max] = WHOLE[type] ?? [0n, 0n];
  if (!/^[+-]?\d{1,40}$/.test(text)) return err(`Not a number of type ${type}`);
  const value = BigInt(text.replace('+', ''));
  if (value < min || value > max) return err(`Not a number of type ${type}`);
  return ok(Math.max(-LONG_MAX, Math.min(LONG_MAX, Number(value))));
}

/** `Double.parseDouble`, which knows words too. */
function parseDouble(text: string): Result<ConfigValue, string> {
  if (/^[+-]?(NaN|Infinity)$/.test(text)) return ok(text.endsWith('NaN') ? NaN : Number(text));
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?$/.test(text)) return err('Not a number of type DOUBLE');
  return ok(Number(text.replace(/[dDfF]$/, '')));
}

/** A value as it is written in a configuration file (`ConfigDef.convertToString`); a key without value is empty. */
export function configText(value: ConfigValue): string {
  if (value === null) return '';
  if (value === LONG_MAX) return LONG_MAX_TEXT;
  if (value === -LONG_MAX) return LONG_MIN_TEXT;
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** A value as Java prints it in an error. */
export function javaText(type: ConfigType, value: ConfigValue): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return type === 'DOUBLE' ? javaDouble(Number(value)) : configText(value);
}

/** `Double.toString`: always with a fraction, and with an exponent from 10^7 on and below 10^-3. */
export function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return withFraction(String(value));
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${withFraction(mantissa)}E${Number(exponent)}`;
}

const withFraction = (digits: string): string => (digits.includes('.') ? digits : `${digits}.0`);
