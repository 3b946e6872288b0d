import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parseScenarioText } from './scenario-parse.ts';
import { printScenario } from './scenario-print.ts';
import { SCENARIO_SCHEMA } from './scenario-schema.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/scenario.md', import.meta.url), 'utf8');

interface Piece {
  readonly type: string;
  readonly pipe?: readonly Piece[];
  readonly entries?: Readonly<Record<string, Piece>>;
  readonly options?: readonly Piece[];
  readonly wrapped?: Piece;
  readonly default?: unknown;
  readonly item?: Piece;
  readonly value?: Piece;
  readonly literal?: unknown;
}

interface Field {
  readonly path: string;
  /** In the words of the schema. */
  readonly expected: string;
}

/** Every field of a piece of the schema that has no parts, lists with their lengths included. */
function fields(piece: Piece, path: string): readonly Field[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const described = v.getDescription(piece as unknown as v.GenericSchema);
  const own = described === undefined ? [] : [{ path, expected: described }];
  const inner = (piece.pipe ?? [piece]).flatMap((part): readonly Field[] => {
    if (part.type === 'array' && part.item !== undefined) return fields(part.item, `${path}[]`);
    if (part.type === 'record' && part.value !== undefined) return fields(part.value, `${path}.*`);
    if (part.wrapped !== undefined) return fields(part.wrapped, path);
    if (part.options !== undefined) return part.options.flatMap((option) => fields(option, path));
    if (part.type === 'literal') return [{ path, expected: JSON.stringify(part.literal) }];
    return Object.entries(part.entries ?? {}).flatMap(([name, entry]) => fields(entry, at(name)));
  });
  return [...own, ...inner];
}

test('the document names every field with what it may be, and no field that does not exist', () => {
  const rows = DOCUMENT.split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const known = fields(SCENARIO_SCHEMA, '');
  expect(known.length).toBeGreaterThan(60);
  const missing = known.filter(
    ({ path, expected }) => !rows.some(([, name, is]) => name === `\`${path}\`` && is?.includes(expected)),
  );
  expect(missing).toEqual([]);
  const unknown = rows.filter(([, name]) => !known.some(({ path }) => name === `\`${path}\``));
  expect(unknown).toEqual([]);
});

test('the example of the document is a scenario in canonical form', () => {
  const example = /```json\n([^`]*)```/.exec(DOCUMENT)?.[1] ?? '';
  const parsed = parseScenarioText(example);
  if (!parsed.ok) throw new Error(parsed.error.message);
  expect(printScenario(parsed.value)).toBe(example);
});
