import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { BrokerFacts } from '../api/entities/node.ts';
import { parseScenarioText } from '../api/scenario-parse.ts';
import type { Scenario } from '../api/scenario.ts';
import { millis } from '../base/time.ts';
import type { ConsumerMemory } from '../client/programs/consumer-memory.ts';
import { ClusterSimulation } from './simulation.ts';

const ROWS = 400;

function scenario(): Scenario {
  const parsed = parseScenarioText(readFileSync('public/scenarios/no-more-connections.json', 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function begin(): ClusterSimulation {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const timestamps = rows.map((row) => 1_431_857_100_000 + row);
  const keys = rows.map((row) => `k${row % 17}`);
  const tape = Object.freeze({ count: ROWS, timestamps, keys, values: keys });
  const bundled = scenario();
  const simulation = new ClusterSimulation({ ...bundled, commands: [] }, { p1: tape });
  expect(simulation.replaceCommands(bundled.commands).ok).toBe(true);
  return simulation;
}

type Seen = [connections: BrokerFacts['connections'], acknowledged: number | undefined];

/** What the broker says of its connections at this moment, and how many records were acknowledged. */
function at(simulation: ClusterSimulation, ms: number): Seen {
  simulation.advance({ until: millis(ms), eventsMax: Infinity });
  const { changed } = simulation.frame();
  const seen: Seen = [undefined, undefined];
  for (const entity of changed) {
    if (entity.kind === 'node' && entity.role === 'broker') seen[0] = entity.broker?.connections;
    if (entity.kind === 'producer') seen[1] = entity.acknowledged;
  }
  return seen;
}

test('who comes when max.connections is reached waits, is never told why, and is let in when there is a place', () => {
  const simulation = begin();
  const [full, none] = at(simulation, 35_000);
  // The producer gave up its first connection after request.timeout.ms and waits with another.
  expect(full).toEqual({ accepted: 8, limited: { waiting: 2, delayed: 3, refused: 0, throttled: 0 } });
  expect(none).toBe(0);
  const [room, all] = at(simulation, 60_000);
  expect(room).toMatchObject({ accepted: 10, limited: { waiting: 0, delayed: 3 } });
  expect(all).toBe(ROWS);
  const read = [1, 2, 3, 4].map((member) => {
    const { memory } = simulation.kernelState().nodes.get(`readers-${member}`) ?? {};
    return (memory as ConsumerMemory).processed;
  });
  expect(read.reduce((sum, records) => sum + records, 0)).toBe(ROWS);
  expect(Math.min(...read)).toBeGreaterThan(0);
});
