import { err, ok, type Result } from '../../base/result.ts';

export type ConfigValue = number | string | boolean;

/** When a changed value takes effect: at once, or when the process starts next. */
export type ConfigUpdate = 'dynamic' | 'restart';

export type ConfigUnit = 'ms' | 'µs' | 'bytes' | 'records' | 'requests' | 's' | '';

/** One configuration key: Kafka's own name, type, default and range, and what it does here. */
export interface ConfigKey<T extends ConfigValue = ConfigValue> {
  readonly type: 'int' | 'string' | 'boolean';
  readonly default: T;
  readonly unit: ConfigUnit;
  readonly update: ConfigUpdate;
  readonly min?: number;
  readonly max?: number;
  readonly allowed?: readonly string[];
  /** What a person sees change, one sentence. */
  readonly effect: string;
}

export type ConfigTable = Readonly<Record<string, ConfigKey>>;

/** The values of a table with every key present. */
export type ConfigOf<T extends ConfigTable> = { readonly [K in keyof T]: Widen<T[K]['default']> };

type Widen<T> = T extends number ? number : T extends boolean ? boolean : string;

interface Options {
  readonly unit?: ConfigUnit;
  readonly update?: ConfigUpdate;
  readonly min?: number;
  readonly max?: number;
}

export const int = (byDefault: number, effect: string, options: Options = {}): ConfigKey<number> => ({
  type: 'int',
  default: byDefault,
  unit: '',
  update: 'restart',
  ...options,
  effect,
});

export const flag = (
  byDefault: boolean,
  effect: string,
  update: ConfigUpdate = 'restart',
): ConfigKey<boolean> => ({
  type: 'boolean',
  default: byDefault,
  unit: '',
  update,
  effect,
});

export const text = (
  byDefault: string,
  effect: string,
  options: { readonly allowed?: readonly string[]; readonly update?: ConfigUpdate } = {},
): ConfigKey<string> => ({
  type: 'string',
  default: byDefault,
  unit: '',
  update: 'restart',
  ...options,
  effect,
});

/** Values as they are written: text, by key. */
export type ConfigOverrides = Readonly<Record<string, string>>;

/** Reads one written value. The error is one plain sentence. */
export function parseConfigValue(
  key: string,
  definition: ConfigKey,
  written: string,
): Result<ConfigValue, string> {
  const value = written.trim();
  if (definition.type === 'boolean')
    return value === 'true' || value === 'false'
      ? ok(value === 'true')
      : err(`${key} must be true or false, not "${written}".`);
  if (definition.type === 'string') return parseText(key, definition, value);
  if (!/^-?\d{1,16}$/.test(value)) return err(`${key} must be a whole number, not "${written}".`);
  const number = Number(value);
  const { min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = definition;
  if (number < min) return err(`${key} must be at least ${min}, not ${written}.`);
  return number > max ? err(`${key} must be at most ${max}, not ${written}.`) : ok(number);
}

function parseText(key: string, definition: ConfigKey, value: string): Result<ConfigValue, string> {
  if (definition.allowed === undefined || definition.allowed.includes(value)) return ok(value);
  return err(`${key} must be one of ${definition.allowed.join(', ')}, not "${value}".`);
}

/** All values of a table: the defaults, overridden by what is written. Frozen. */
export function parseConfig<T extends ConfigTable>(
  table: T,
  overrides: ConfigOverrides,
): Result<ConfigOf<T>, string> {
  const values: Record<string, ConfigValue> = {};
  for (const key of Object.keys(table)) values[key] = (table[key] as ConfigKey).default;
  for (const key of Object.keys(overrides).sort()) {
    const definition = Object.hasOwn(table, key) ? table[key] : undefined;
    if (definition === undefined) return err(`${key} is not a configuration key this model knows here.`);
    const parsed = parseConfigValue(key, definition, overrides[key] ?? '');
    if (!parsed.ok) return parsed;
    values[key] = parsed.value;
  }
  return ok(Object.freeze(values) as ConfigOf<T>);
}
