import { err, ok, type Result } from '../../base/result.ts';
import { invalidValue, limitProblem, type ConfigLimits, type ConfigProblem } from './config-rule.ts';
import { parseType, type ConfigType, type ConfigValue } from './config-type.ts';

export type { ConfigLimits, ConfigProblem } from './config-rule.ts';
export { configText, LONG_MAX, type ConfigType, type ConfigValue } from './config-type.ts';

/** A key as Kafka defines it. */
export interface ConfigDefinition<T extends ConfigValue = ConfigValue> extends ConfigLimits {
  readonly type: ConfigType;
  /** Null if there is none. */
  readonly default: T;
}

export type ConfigDefinitions = Readonly<Record<string, ConfigDefinition>>;

/** When a changed value takes effect: at once, or when the process starts next. */
export type ConfigUpdate = 'dynamic' | 'restart';

export type ConfigUnit = 'ms' | 'µs' | 'bytes' | 'records' | 'requests' | 's' | '';

/** What the model takes of a key that Kafka limits less. */
export interface ModelLimits {
  readonly min?: number;
  readonly max?: number;
  readonly allowed?: readonly string[];
}

/** A key that this model honours: Kafka's definition, and how the key is used here. What it does, `effects/` says. */
export interface ConfigKey<T extends ConfigValue = ConfigValue> extends ConfigDefinition<T> {
  readonly unit: ConfigUnit;
  readonly update: ConfigUpdate;
  /** It is no key of server.properties: brokers go by what the metadata says of it, and by nothing else. */
  readonly onlyDynamic?: true;
  readonly model?: ModelLimits;
}

export type ConfigTable = Readonly<Record<string, ConfigKey>>;

/** The values of a table with every key present. */
export type ConfigOf<T extends ConfigTable> = { readonly [K in keyof T]: T[K]['default'] };

interface Options extends ConfigLimits {
  readonly unit?: ConfigUnit;
  readonly update?: ConfigUpdate;
  readonly onlyDynamic?: true;
  readonly model?: ModelLimits;
}

const keyOf =
  <T extends ConfigValue>(type: ConfigType) =>
  (byDefault: T, options: Options = {}): ConfigKey<T> => ({
    type,
    default: byDefault,
    unit: '',
    update: 'restart',
    ...options,
  });

export const short = keyOf<number>('SHORT');
export const int = keyOf<number>('INT');
export const long = keyOf<number>('LONG');
export const double = keyOf<number>('DOUBLE');
export const flag = keyOf<boolean>('BOOLEAN');
export const text = keyOf<string>('STRING');
/** A class by its full Java name. */
export const className = keyOf<string>('CLASS');
export const optionalText = keyOf<string | null>('STRING');
export const list = keyOf<readonly string[]>('LIST');
export const optionalList = keyOf<readonly string[] | null>('LIST');

/** Values as they are written: text, by key. */
export type ConfigOverrides = Readonly<Record<string, string>>;

/**
 * Reads one value of a configuration as Kafka does: its type, then the key's own validator (`ConfigDef.parseValue`). What
 * a list has twice is left out with no more than a warning, before the validator could refuse it.
 */
export function parseConfigValue(
  key: string,
  definition: ConfigDefinition,
  written: string,
): Result<ConfigValue, ConfigProblem> {
  const parsed = typedValue(key, definition, written);
  if (!parsed.ok || !Array.isArray(parsed.value) || definition.rule !== undefined)
    return validated(key, definition, parsed);
  return validated(key, definition, ok([...new Set(parsed.value as readonly string[])]));
}

/** Reads one value that stands for itself: its type, then the key's own validator, which refuses items that come twice. */
export const parseValueAlone = (
  key: string,
  definition: ConfigDefinition,
  written: string,
): Result<ConfigValue, ConfigProblem> => validated(key, definition, typedValue(key, definition, written));

function typedValue(
  key: string,
  { type }: ConfigDefinition,
  written: string,
): Result<ConfigValue, ConfigProblem> {
  const parsed = parseType(type, written);
  if (parsed.ok) return parsed;
  return err({ message: invalidValue(key, written, parsed.error), plain: mistyped(type, written) });
}

function validated(
  key: string,
  definition: ConfigDefinition,
  parsed: Result<ConfigValue, ConfigProblem>,
): Result<ConfigValue, ConfigProblem> {
  if (!parsed.ok) return parsed;
  const problem = limitProblem({ key, type: definition.type, value: parsed.value, limits: definition });
  return problem === undefined ? parsed : err(problem);
}

/** Reads one written value of a key that the model honours: what Kafka takes, unless the model takes less. */
export function parseModelValue(
  key: string,
  definition: ConfigKey,
  written: string,
): Result<ConfigValue, ConfigProblem> {
  const parsed = parseConfigValue(key, definition, written);
  if (parsed.ok && typeof parsed.value === 'number' && !Number.isFinite(parsed.value))
    return err({
      message: invalidValue(key, written, 'Not finite'),
      plain: mistyped(definition.type, written),
    });
  if (!parsed.ok || definition.model === undefined) return parsed;
  const problem = limitProblem({ key, type: definition.type, value: parsed.value, limits: definition.model });
  return problem === undefined
    ? parsed
    : err({ ...problem, plain: `${problem.plain.slice(0, -1)}, in this model.` });
}

function mistyped(type: ConfigType, written: string): string {
  if (type === 'BOOLEAN') return `must be true or false, not "${written}".`;
  if (type === 'CLASS') return `must be a class of Kafka, not "${written}".`;
  return `must be a ${type === 'DOUBLE' ? '' : 'whole '}number, not "${written}".`;
}

/** All values of a table: the defaults, overridden by what is written. Frozen. The error is one sentence. */
export function parseConfig<T extends ConfigTable>(
  table: T,
  overrides: ConfigOverrides,
): Result<ConfigOf<T>, string> {
  const values: Record<string, ConfigValue> = {};
  for (const key of Object.keys(table)) values[key] = (table[key] as ConfigKey).default;
  for (const key of Object.keys(overrides).sort()) {
    const definition = Object.hasOwn(table, key) ? table[key] : undefined;
    if (definition === undefined) return err(`${key} is not a configuration key this model knows here.`);
    const parsed = parseModelValue(key, definition, overrides[key] ?? '');
    if (!parsed.ok) return err(`${key} ${parsed.error.plain}`);
    values[key] = parsed.value;
  }
  return ok(Object.freeze(values) as ConfigOf<T>);
}
