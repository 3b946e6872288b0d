import { expect, test } from 'vitest';
import { BY_HAND } from '../testing/swarm/by-hand.ts';
import { SwarmRun } from '../testing/swarm/swarm-run.ts';

const SEED = 1;

test.each(BY_HAND)('$name: $why', ({ name, features, script }) => {
  const run = new SwarmRun(SEED, new Set(features));
  expect(run.run(script).map(({ invariant, sentence }) => `${invariant}: ${sentence}`)).toEqual([]);
  expect([...run.reach.met]).toContain(name);
});
