import { configText, LONG_MAX, parseValueAlone, type ConfigValue } from '../../../api/config/config-key.ts';
import { definitionsOf, type ConfigSet } from '../../../api/config/known-keys/known-keys.ts';
import type { Adapter } from '../adapter.ts';
import { listOf, onlyFields, textOf, UnsupportedError, type Json } from '../case-file.ts';

/** A long beyond 2^53 is written as a text, and so is a double that JSON has no number for. */
export const configJson = (value: ConfigValue): Json =>
  typeof value === 'number' && (Math.abs(value) === LONG_MAX || !Number.isFinite(value))
    ? configText(value)
    : value;

/** `ConfigDef.parseType` and the key's validator, each value alone. */
export const configValueAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'set', 'key', 'values'], 'config-value');
    const key = textOf(given.key, 'key');
    const definition = definitionsOf(textOf(given.set, 'set') as ConfigSet)[key];
    if (definition === undefined) throw new UnsupportedError(`configuration key ${key}`);
    const results = listOf(given.values, 'values').map((written) => {
      const parsed = parseValueAlone(key, definition, textOf(written, 'value'));
      return parsed.ok
        ? { value: configJson(parsed.value) }
        : { error: 'ConfigException', message: parsed.error.message };
    });
    comparison.compare({ results }, expect);
  },
};
