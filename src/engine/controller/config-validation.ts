import { parseConfigValue, type ConfigTable } from '../api/config/config-key.ts';

/** One sentence that says why this is not a value of this key, or undefined. */
export function configProblem(table: ConfigTable, name: string, value: string): string | undefined {
  const definition = Object.hasOwn(table, name) ? table[name] : undefined;
  if (definition === undefined) return `Unknown config name: ${name}`;
  const parsed = parseConfigValue(name, definition, value);
  return parsed.ok ? undefined : `Invalid value ${value} for configuration ${name}: ${parsed.error}`;
}
