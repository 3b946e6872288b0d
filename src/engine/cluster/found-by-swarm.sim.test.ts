import { expect, test } from 'vitest';
import type { Feature } from '../testing/swarm/features.ts';
import { SwarmRun } from '../testing/swarm/swarm-run.ts';

/** Seeds that broke a promise once, with what they had: numbers of the rule, and what was wrong. */
const FOUND: readonly (readonly [seed: number, rule: number, what: string, features: string])[] = [
  [
    52_060,
    22,
    'a leader had appended what it then answered with NOT_LEADER_OR_FOLLOWER, and the producer told that it had failed',
    'power-off shut-down pause cut aimed copiers classic-group no-idempotence small-batches impatient-producer manual-commits preferred-leaders',
  ],
];

test.each(FOUND)(
  'seed %i breaks rule %i no more: %s',
  { timeout: 120_000 },
  (seed, _rule, _what, features) => {
    const run = new SwarmRun(seed, new Set(features.split(' ') as Feature[]));
    expect(run.run().map(({ invariant, sentence }) => `${invariant}: ${sentence}`)).toEqual([]);
  },
);
