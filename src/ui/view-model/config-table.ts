import type { ConfigRow } from '../../engine/api/detail.ts';
import { grouped } from './number-format.ts';

/** A configuration key with its values in words. */
export interface ConfigLine {
  readonly key: string;
  /** The value in force, with its unit. */
  readonly value: string;
  /** As it is written and edited. */
  readonly raw: string;
  readonly changed: boolean;
  /** `default 30,000 ms` or `default`. */
  readonly byDefault: string;
  /** Set, but only in force after the next start; null if nothing waits. */
  readonly pending: string | null;
  readonly effect: string;
  /** When a new value comes into force. */
  readonly when: string;
  readonly range: string;
  readonly row: ConfigRow;
}

/** Rows that match a search, changed ones first, otherwise by key. */
export function configLines(
  rows: readonly ConfigRow[],
  search: string,
  changedOnly: boolean,
): readonly ConfigLine[] {
  const wanted = search.trim().toLowerCase();
  return rows
    .filter((row) => !changedOnly || isChanged(row))
    .filter((row) => row.key.includes(wanted) || row.effect.toLowerCase().includes(wanted))
    .sort((a, b) => Number(isChanged(b)) - Number(isChanged(a)) || (a.key < b.key ? -1 : 1))
    .map(configLine);
}

/** Changed already, or at the next start. */
export const isChanged = (row: ConfigRow): boolean => row.changed || row.pending !== null;

function configLine(row: ConfigRow): ConfigLine {
  const changed = isChanged(row);
  return {
    key: row.key,
    value: withUnit(row.value, row.unit),
    raw: row.pending ?? row.value,
    changed,
    byDefault: changed ? `default ${withUnit(row.default, row.unit)}` : 'default',
    pending: row.pending === null ? null : withUnit(row.pending, row.unit),
    effect: row.effect,
    when: row.update === 'dynamic' ? 'at once' : 'at the next start',
    range: rangeOf(row),
    row,
  };
}

function rangeOf({ allowed, min, max, unit }: ConfigRow): string {
  if (allowed.length > 0) return allowed.join(', ');
  if (min !== null && max !== null) return `${withUnit(String(min), '')} to ${withUnit(String(max), unit)}`;
  if (min !== null) return `${withUnit(String(min), unit)} or more`;
  return max === null ? '' : `at most ${withUnit(String(max), unit)}`;
}

/** What Kafka writes for a limit that is never reached: the greatest INT, LONG and DOUBLE of Java. */
const ENDLESS: readonly string[] = ['2147483647', '9223372036854775807', String(Number.MAX_VALUE)];

function withUnit(value: string, unit: string): string {
  if (value === '') return 'not set';
  if (ENDLESS.includes(value)) return 'no limit';
  const text = /^-?\d+$/.test(value) ? grouped(value.replace('-', '\u2212')) : value;
  return unit === '' ? text : `${text} ${unit}`;
}
