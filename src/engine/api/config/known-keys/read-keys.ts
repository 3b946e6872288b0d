import { assert, ensure } from '../../../base/assert.ts';
import type { ConfigDefinition, ConfigDefinitions, ConfigType } from '../config-key.ts';
import type { ConfigLimits, ConfigRule } from '../config-rule.ts';
import { parseType } from '../config-type.ts';

/**
 * Reads a text of one key a line: name, type, default, limits. The default is `-` for none, `""` for an empty text and
 * `[…]` for a list; limits are a range `0..9`, allowed texts `{a,b}` and a rule `!name`.
 */
export function readKeys(text: string): ConfigDefinitions {
  const keys: Record<string, ConfigDefinition> = {};
  for (const line of text.trim().split('\n')) {
    const [name = '', type = '', byDefault = '', limits = ''] = line.split(' ');
    keys[name] = {
      type: type as ConfigType,
      default: readDefault(type as ConfigType, byDefault),
      ...readLimits(limits),
    };
  }
  return keys;
}

function readDefault(type: ConfigType, written: string): ConfigDefinition['default'] {
  if (written === '-') return null;
  const value = parseType(type, written === '""' ? '' : written.replace(/^\[(.*)\]$/, '$1'));
  assert(value.ok, 'a key in the tables has a default of another type', { written });
  return value.value;
}

const LIMITS = /^(?:(?<min>-?[\d.]+?)\.\.(?<max>[\d.]*))?(?:\{(?<allowed>.*)\})?(?:!(?<rule>[a-z-]+))?$/;

function readLimits(written: string): ConfigLimits {
  const { min, max, allowed, rule } = ensure(LIMITS.exec(written)?.groups, `limits ${written}`);
  return {
    ...(min === undefined ? {} : { min: Number(min) }),
    ...(max === undefined || max === '' ? {} : { max: Number(max) }),
    ...(min?.includes('.') === true ? { fractional: true } : {}),
    ...(allowed === undefined ? {} : { allowed: allowed.split(',') }),
    ...(rule === undefined ? {} : { rule: rule as ConfigRule }),
  };
}
