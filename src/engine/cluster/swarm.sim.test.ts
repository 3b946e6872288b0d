import { describe, expect, test } from 'vitest';
import { Sometimes } from '../testing/swarm/sometimes.ts';
import { SwarmRun } from '../testing/swarm/swarm-run.ts';

/** In batches, so that a failure names its neighbourhood and the report stays short. Two more suites judge 300 seeds. */
const BATCH = 25;
const FIRST = 50_001;
const SEEDS = 1_700;
const batches = Array.from({ length: SEEDS / BATCH }, (_, i) => FIRST + i * BATCH);

const sometimes = new Sometimes();

describe('1,700 seeds of the swarm: each has its own faults, parts and settings', () => {
  test.each(batches)('seeds from %i: no promise is broken', (first) => {
    for (let seed = first; seed < first + BATCH; seed++) {
      const run = new SwarmRun(seed);
      const broken = run.run().map(({ invariant, sentence }) => `${invariant}: ${sentence}`);
      expect({ seed, features: [...run.features].join(' '), broken }).toMatchObject({ seed, broken: [] });
      sometimes.add(run);
    }
  });

  test('what the rules are there for has happened', () => {
    const missing = Object.entries(sometimes.counts()).filter(([, runs]) => runs === 0);
    expect(missing).toEqual([]);
  });
});
