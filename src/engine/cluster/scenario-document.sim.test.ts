import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Entity } from '../api/frame.ts';
import { parseScenarioText } from '../api/scenario-parse.ts';
import type { Scenario, TopologyNode } from '../api/scenario.ts';
import { millis } from '../base/time.ts';
import { leanTape, LEAN_ROWS } from '../testing/lean-scenario.ts';
import { createSimulation } from './simulation.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/scenario.md', import.meta.url), 'utf8');

function example(): Scenario {
  const parsed = parseScenarioText(/```json\n([^`]*)```/.exec(DOCUMENT)?.[1] ?? '');
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

test('the example of the document does what it looks like: its groups form, its records are counted and read', () => {
  const created = createSimulation({ ...example(), commands: [] }, { p1: leanTape() });
  if (!created.ok) throw new Error(created.error);
  const simulation = created.value;
  simulation.advance({ until: millis(70_000), eventsMax: Infinity });
  const { changed } = simulation.frame();
  const of = <K extends Entity['kind']>(kind: K) =>
    changed.filter((entity): entity is Extract<Entity, { kind: K }> => entity.kind === kind);
  expect(of('group').map(({ name, state }) => [name, state])).toEqual([
    ['views', 'Stable'],
    ['dashboard', 'Stable'],
  ]);
  expect(of('application')[0]?.processed).toBe(LEAN_ROWS);
  const written = of('partition').filter(({ topic }) => topic === 'clicks-by-user');
  expect(written.some(({ states }) => states.some(({ logEnd }) => logEnd > 0))).toBe(true);
});

test('a topology that cannot be built is one sentence with the node at which it stops', () => {
  const scenario = example();
  const [app] = scenario.applications;
  if (app === undefined) throw new Error('no application');
  const broken = (n: number, change: Partial<TopologyNode>): Scenario => {
    const topology = app.topology.map((node, i) => (i === n ? { ...node, ...change } : node));
    return { ...scenario, applications: [{ ...app, topology }] };
  };
  expect(createSimulation(broken(1, { of: 'nobody' }), {})).toEqual({
    ok: false,
    error: 'The application views cannot be built, applications[0].topology[1]: no node with id "nobody"',
  });
  expect(createSimulation(broken(1, { op: 'groupBy', keyFn: 'frob:1' }), {})).toEqual({
    ok: false,
    error:
      'The application views cannot be built, applications[0].topology[1]: unknown key function "frob:1"',
  });
});
