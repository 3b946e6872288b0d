import { consumerValues, producerValues } from '../../../api/config/client-checks.ts';
import { parseConfigValue, type ConfigOverrides, type ConfigValue } from '../../../api/config/config-key.ts';
import { definitionsOf } from '../../../api/config/known-keys/known-keys.ts';
import type { Adapter } from '../adapter.ts';
import { isObject, objectOf, onlyFields, textOf, UnsupportedError, type Json } from '../case-file.ts';
import { configJson } from './config-value.ts';
import { inDefinitionOrder } from './definition-order.ts';

/** `new ProducerConfig(map)` with the delivery timeout of the producer, or `new ConsumerConfig(map)`. */
const clientConfigAdapter = (set: 'producer' | 'consumer'): Adapter => ({
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'config'], `${set}-config`);
    const config = objectOf(given.config, 'config');
    const written: Record<string, string> = {};
    for (const key of Object.keys(config)) written[key] = textOf(config[key], key);
    const recorded = isObject(expect.effective) ? Object.keys(expect.effective) : [];
    comparison.compare(answer(set, written, recorded), expect);
  },
});

/** The effective values of these keys, or the refusal. */
function answer(set: 'producer' | 'consumer', written: ConfigOverrides, keys: readonly string[]): Json {
  const definitions = definitionsOf(set);
  const parsed: Record<string, ConfigValue> = {};
  for (const key of Object.keys(definitions)) parsed[key] = definitions[key]?.default ?? null;
  for (const key of inDefinitionOrder(set, Object.keys(written))) {
    const definition = definitions[key];
    if (definition === undefined) throw new UnsupportedError(`configuration key ${key}`);
    const value = parseConfigValue(key, definition, written[key] ?? '');
    if (!value.ok) return { error: 'ConfigException', message: value.error.message };
    parsed[key] = value.value;
  }
  const values = set === 'producer' ? producerValues(parsed, written) : consumerValues(parsed, written);
  if (!values.ok) return { error: values.error.exception, message: values.error.message };
  const inForce = values.value;
  return { effective: Object.fromEntries(keys.map((key) => [key, configJson(inForce[key] ?? null)])) };
}

export const producerConfigAdapter = clientConfigAdapter('producer');
export const consumerConfigAdapter = clientConfigAdapter('consumer');
