import { isoDuration } from './iso-duration.ts';
import { optimizationProblem } from './optimizations.ts';
import { javaText, type ConfigType, type ConfigValue } from './config-type.ts';

/** Validators of keys that take neither a range nor one of some texts. */
export type ConfigRule =
  | 'any-case'
  | 'non-empty'
  | 'gzip-level'
  | 'offset-reset'
  | 'share-offset-reset'
  | 'acknowledgement-mode'
  | 'acquire-mode'
  | 'optimizations'
  | 'throttled-replicas';

/** What Kafka lets a key be. */
export interface ConfigLimits {
  /** The least number, or the fewest items of a list. */
  readonly min?: number;
  readonly max?: number;
  /** Kafka has these limits as floating-point numbers, and says so (`1.0`). */
  readonly fractional?: boolean;
  /** The texts that it may be, or that its list may hold. */
  readonly allowed?: readonly string[];
  readonly rule?: ConfigRule;
}

/** What is wrong with a written value. */
export interface ConfigProblem {
  /** Kafka's own text, as its ConfigException carries it. */
  readonly message: string;
  /** Plain words that follow the name of the key: `must be at least 1, not 0.` */
  readonly plain: string;
}

interface Written {
  readonly key: string;
  readonly type: ConfigType;
  readonly value: ConfigValue;
  readonly limits: ConfigLimits;
}

/** Why Kafka does not take this value, by the key's own validator (`ConfigDef.Validator`). */
export function limitProblem(written: Written): ConfigProblem | undefined {
  const { type, value, limits } = written;
  if (value === null) return undefined;
  if (limits.rule !== undefined && limits.rule !== 'any-case') return RULES[limits.rule](written);
  if (Array.isArray(value)) return listProblem(written, value);
  if (typeof value === 'number') return rangeProblem(written, value);
  return type === 'STRING' && typeof value === 'string' ? textProblem(written, value) : undefined;
}

/** `Invalid value … for configuration …`, for a reason. */
export function invalidValue(key: string, value: string, reason: string): string {
  return `Invalid value ${value} for configuration ${key}: ${reason}`;
}

function refused({ key, type, value }: Written, reason: string, plain: string): ConfigProblem {
  const shown = javaText(type, value);
  return { message: invalidValue(key, shown, reason), plain: `${plain}, not ${quotedText(value, shown)}.` };
}

const quotedText = (value: ConfigValue, shown: string): string =>
  typeof value === 'number' ? shown : `"${shown}"`;

function rangeProblem(written: Written, value: number): ConfigProblem | undefined {
  const { min, max, fractional = false } = written.limits;
  const shown = (limit: number): string => javaText(fractional ? 'DOUBLE' : 'LONG', limit);
  if (min !== undefined && value < min)
    return refused(written, `Value must be at least ${shown(min)}`, `must be at least ${min}`);
  if (max !== undefined && value > max)
    return refused(written, `Value must be no more than ${shown(max)}`, `must be at most ${max}`);
  return undefined;
}

function textProblem(written: Written, value: string): ConfigProblem | undefined {
  const { allowed, rule } = written.limits;
  const anyCase = rule === 'any-case';
  if (allowed === undefined || allowed.includes(anyCase ? value.toUpperCase() : value)) return undefined;
  const texts = allowed.join(', ');
  const reason = `String must be one of${anyCase ? ' (case insensitive)' : ''}: ${texts}`;
  return refused(written, reason, `must be one of ${texts}`);
}

/** `ConfigDef.ValidList`: no item twice, none empty, and each one that is allowed (KIP-1161). */
function listProblem(written: Written, items: readonly string[]): ConfigProblem | undefined {
  const { key, limits } = written;
  const about = (what: string): ConfigProblem => ({
    message: `Configuration '${key}' ${what}`,
    plain: what,
  });
  if (items.length < (limits.min ?? 0))
    return about('must not be empty. Valid values include: any non-empty value');
  if (new Set(items).size < items.length) return about('values must not be duplicated.');
  for (const item of items) {
    if (item === '') return about('values must not be empty.');
    const problem = textProblem({ ...written, type: 'STRING', value: item }, item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const oneMode =
  (modes: readonly string[], anyCase: boolean) =>
  (written: Written): ConfigProblem | undefined => {
    const text = String(written.value);
    if (modes.includes(anyCase ? text.toLowerCase() : text)) return undefined;
    const either = modes.map((mode) => `'${mode}'`).join(' or ');
    return tickedProblem(written, `The value must either be ${either}.`, modes);
  };

function tickedProblem(written: Written, must: string, texts: readonly string[]): ConfigProblem {
  const reason = `Invalid value \`${String(written.value)}\` for configuration ${written.key}. ${must}`;
  return refused(written, reason, `must be one of ${texts.join(', ')}`);
}

const BY_DURATION = 'by_duration:';

/** The ms of a text like `by_duration:PT1H`; undefined for any other. */
export function durationOfReset(text: string): number | undefined {
  const ms = text.startsWith(BY_DURATION) ? isoDuration(text.slice(BY_DURATION.length)) : undefined;
  return ms !== undefined && ms >= 0 ? ms : undefined;
}

/** `AutoOffsetResetStrategy` (KIP-1106), `ShareGroupAutoOffsetResetStrategy`. */
const offsetResetProblem =
  (plain: readonly string[], format: string) =>
  (written: Written): ConfigProblem | undefined => {
    const text = String(written.value);
    if (plain.includes(text) || durationOfReset(text) !== undefined) return undefined;
    const either = plain.map((word) => `'${word}'`).join(', ');
    const must = `The value must be either ${either} or of the format 'by_duration:<${format}>'.`;
    return tickedProblem(written, must, [...plain, 'by_duration:PnDTnHnMn.nS']);
  };

function gzipProblem(written: Written): ConfigProblem | undefined {
  const level = Number(written.value);
  if (level === -1 || (level >= 1 && level <= 9)) return undefined;
  return refused(written, 'Value must be between 1 and 9 or equal to -1', 'must be from 1 to 9, or -1');
}

function throttledProblem(written: Written): ConfigProblem | undefined {
  const items = written.value as readonly string[];
  if (items.every((item) => /^(\d+:\d+)?$/.test(item)) || items.join('') === '*') return undefined;
  const must =
    "must be the literal '*' or a list of replicas in the following format: " +
    '[partitionId]:[brokerId],[partitionId]:[brokerId],...';
  return refused(written, `${written.key} ${must}`, must);
}

const RULES: Readonly<
  Record<Exclude<ConfigRule, 'any-case'>, (written: Written) => ConfigProblem | undefined>
> = {
  'non-empty': (written) =>
    written.value === '' ? refused(written, 'String must be non-empty', 'must be a text') : undefined,
  'gzip-level': gzipProblem,
  'offset-reset': offsetResetProblem(['earliest', 'latest', 'none'], 'PnDTnHnMn.nS.'),
  'share-offset-reset': offsetResetProblem(['earliest', 'latest'], 'PnDTnHnMn.nS'),
  'acknowledgement-mode': oneMode(['implicit', 'explicit'], false),
  'acquire-mode': oneMode(['batch_optimized', 'record_limit'], true),
  optimizations: ({ value }) => optimizationProblem(String(value)),
  'throttled-replicas': throttledProblem,
};
