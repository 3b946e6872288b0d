import { parseConfigValue, parseModelValue } from '../api/config/config-key.ts';
import type { ConfigDefinitions, ConfigOverrides, ConfigTable } from '../api/config/config-key.ts';
import { topicDefinitions } from '../api/config/topic-values.ts';

const unknownName = (name: string): string => `Unknown config name: ${name}`;

/** Kafka's words that say why this is not a value of this key, or undefined. */
export function configProblem(table: ConfigTable, name: string, value: string): string | undefined {
  const definition = Object.hasOwn(table, name) ? table[name] : undefined;
  if (definition === undefined) return unknownName(name);
  const parsed = parseModelValue(name, definition, value);
  return parsed.ok ? undefined : parsed.error.message;
}

/**
 * Why a topic cannot have these values, or undefined (`LogConfig.validate`). Every key of Kafka's may be set, also one
 * that this model does not honour; a broker then goes by the default.
 */
export function topicConfigProblem(values: ConfigOverrides): string | undefined {
  const names = Object.keys(values).sort();
  if (names.length === 0) return undefined;
  const definitions = topicDefinitions();
  const problems = names.map((name) => topicValueProblem(definitions, name, values[name] ?? ''));
  return problems.find((problem) => problem !== undefined) ?? conflict(definitions, values);
}

function topicValueProblem(definitions: ConfigDefinitions, name: string, value: string): string | undefined {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (definition === undefined) return unknownName(name);
  const parsed = parseConfigValue(name, definition, value);
  if (!parsed.ok) return parsed.error.message;
  // Brokers have no storage besides their own.
  return name === 'remote.storage.enable' && parsed.value === true
    ? 'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.'
    : undefined;
}

/** Values that are in order each, and not together. */
function conflict(definitions: ConfigDefinitions, values: ConfigOverrides): string | undefined {
  const lag = (name: string): number => Number(values[name] ?? definitions[name]?.default);
  const min = lag('min.compaction.lag.ms');
  const max = lag('max.compaction.lag.ms');
  if (min <= max) return undefined;
  return `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`;
}
