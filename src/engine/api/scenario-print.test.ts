import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { printTopology } from './scenario-print.ts';
import type { Scenario } from './scenario.ts';

const scenarios = readdirSync('public/scenarios').map(
  (file) => JSON.parse(readFileSync(`public/scenarios/${file}`, 'utf8')) as Scenario,
);
const topologies = scenarios.flatMap(({ applications }) => applications.map(({ topology }) => topology));

test('a topology is read back as the same one, whatever its texts hold, a node a line', () => {
  const odd = { op: 'mapValues', of: 's', fn: 'withKey:-', args: ['a,1', '{"b":true}', 5, -1, true, null] };
  expect(JSON.stringify(topologies)).toMatch(/"excess:temperature,limit"/);
  for (const topology of [...topologies, [odd, { op: 'to', of: 'x', topic: 'out' }]]) {
    const text = printTopology(topology);
    expect(JSON.parse(text)).toEqual(topology);
    expect(text.trimEnd().split('\n')).toHaveLength(topology.length + 2);
  }
});
