import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { parseScenarioText } from '../../src/engine/api/scenario-parse.ts';
import type { Scenario, Tape } from '../../src/engine/api/scenario.ts';
import { ClusterSimulation } from '../../src/engine/cluster/simulation.ts';
import { readTapes } from '../tapes.ts';

/** The scenario that comes first in the page, with its tape. */
export interface Clickstream {
  readonly scenario: Scenario;
  readonly tapes: Readonly<Record<string, Tape>>;
}

const FILE = join('public', 'scenarios', 'clickstream.json');

export async function readClickstream(): Promise<Clickstream> {
  const parsed = parseScenarioText(readFileSync(FILE, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const tapes = await readTapes(parsed.value, FILE);
  if (!tapes.ok) throw new Error(tapes.error.sentence);
  return { scenario: parsed.value, tapes: tapes.value };
}

/** The same with its tape played at another speed. */
export const atRate = ({ scenario, tapes }: Clickstream, perSecond: number): Clickstream => ({
  tapes,
  scenario: {
    ...scenario,
    producers: scenario.producers.map((producer) => ({ ...producer, pace: { kind: 'rate', perSecond } })),
  },
});

export const simulationOf = ({ scenario, tapes }: Clickstream): ClusterSimulation =>
  new ClusterSimulation(scenario, tapes);
