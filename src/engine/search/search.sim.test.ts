import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseScenario, parseScenarioText } from '../api/scenario-parse.ts';
import type { Counterexample } from '../api/search.ts';
import type { Scenario } from '../api/scenario.ts';
import { FAULT_KINDS, WEATHERS, type Weather } from '../api/weather.ts';
import { millis } from '../base/time.ts';
import { ClusterSimulation } from '../cluster/simulation.ts';
import { leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { planOf } from './plan.ts';
import { shrink } from './shrink.ts';
import { trial } from './trial.ts';

const wild = WEATHERS.find(({ id }) => id === 'jepsen') as Weather;
const calm = WEATHERS.find(({ id }) => id === 'calm') as Weather;
const tapes = { p1: leanTape() };
const TEN_SECONDS = 10_000;
const lean = (seed: number, acks: string): Scenario => {
  const scenario = leanScenario(seed);
  return {
    ...scenario,
    lengthMs: TEN_SECONDS,
    producers: scenario.producers.map((p) => ({
      ...p,
      tape: { ...p.tape, digest: '0123456789abcdef' },
      config: { ...p.config, acks, ...(acks === 'all' ? {} : { 'enable.idempotence': 'false' }) },
    })),
  };
};

describe('plans', () => {
  test('every plan is a scenario that anybody can run, the same for the same seed, another for another', () => {
    const bundled = parseScenarioText(readFileSync(join('public', 'scenarios', 'ledger.json'), 'utf8'));
    if (!bundled.ok) throw new Error(bundled.error.message);
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 200; seed++) {
      const plan = planOf(bundled.value, seed, wild);
      expect(parseScenario(plan).ok).toBe(true);
      expect(planOf(bundled.value, seed, wild)).toEqual(plan);
      for (const { act } of plan.commands) kinds.add(act.type);
    }
    for (const kind of [
      'crash',
      'power-off',
      'wipe-disk',
      'shut-down',
      'pause',
      'cut-link',
      'slow-link',
      'crash-at',
    ])
      expect(kinds).toContain(kind);
    expect(planOf(bundled.value, 1, wild)).not.toEqual(planOf(bundled.value, 2, wild));
    expect(FAULT_KINDS.length).toBeGreaterThan(8);
  });

  test('in calm weather only the seed is another', () => {
    const scenario = lean(1, 'all');
    expect(planOf(scenario, 7, calm)).toEqual({ ...scenario, seed: 7 });
  });
});

describe('a search for acknowledged records that are lost', () => {
  test('finds one with acks=1, shrinks it to a few acts, and whoever runs what is left sees the same', () => {
    const found = loss();
    const least = shrink({ from: found, tapes, mayGoOn: () => true });
    expect(least.isLeast).toBe(true);
    expect(least.found.goal).toBe('lost');
    expect(least.scenario.commands.length).toBeLessThanOrEqual(3);
    const fewer = least.scenario.commands.map((gone) => ({
      ...least.scenario,
      commands: least.scenario.commands.filter((command) => command !== gone),
    }));
    for (const scenario of fewer) expect(trial(scenario, tapes, ['lost']).verdict).toBe('right');

    const simulation = new ClusterSimulation({ ...least.scenario, commands: [] }, tapes);
    expect(simulation.replaceCommands(least.scenario.commands).ok).toBe(true);
    const lostAt = (): number => {
      const cluster = simulation.frame().changed.find(({ kind }) => kind === 'cluster');
      return cluster?.kind === 'cluster' ? cluster.ledger.lost : NaN;
    };
    simulation.seek(least.found.at - millis(1));
    expect(lostAt()).toBe(0);
    simulation.seek(least.found.at);
    expect(lostAt()).toBeGreaterThan(0);
  });

  test('stops when its time is over, with the smallest so far', () => {
    const found = loss();
    let runs = 5;
    const least = shrink({ from: found, tapes, mayGoOn: () => runs-- > 0 });
    expect(least).toMatchObject({ isLeast: false, runs: 5 });
    expect(trial(least.scenario, tapes, ['lost']).verdict).toBe('found');
  });

  test('finds none with acks=all where no machine loses its disk', () => {
    const kinds = wild.kinds.filter((kind) => kind !== 'power-off' && kind !== 'wipe-disk');
    for (let seed = 1; seed <= 20; seed++)
      expect(trial(planOf(lean(seed, 'all'), seed, { ...wild, kinds }), tapes, ['lost']).verdict).toBe(
        'right',
      );
  });
});

let known: Counterexample | undefined;

/** The first one among a few seeds, looked for once. */
function loss(): Counterexample {
  for (let seed = 1; seed <= 60 && known === undefined; seed++) {
    const scenario = planOf(lean(seed, '1'), seed, wild);
    const result = trial(scenario, tapes, ['lost']);
    if (result.verdict === 'found') known = { scenario, found: result.found };
  }
  if (known === undefined) throw new Error('none found');
  return known;
}
