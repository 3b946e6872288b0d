import { parseModelValue, type ConfigTable } from '../api/config/config-key.ts';

/** Kafka's words that say why this is not a value of this key, or undefined. */
export function configProblem(table: ConfigTable, name: string, value: string): string | undefined {
  const definition = Object.hasOwn(table, name) ? table[name] : undefined;
  if (definition === undefined) return `Unknown config name: ${name}`;
  const parsed = parseModelValue(name, definition, value);
  return parsed.ok ? undefined : parsed.error.message;
}
