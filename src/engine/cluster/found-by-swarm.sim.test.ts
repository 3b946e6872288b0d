import { expect, test } from 'vitest';
import type { Feature } from '../testing/swarm/features.ts';
import { SwarmRun } from '../testing/swarm/swarm-run.ts';

/** Seeds that broke a promise once, or did not end (0), with what they had: number of the rule, and what was wrong. */
const FOUND: readonly (readonly [seed: number, rule: number, what: string, features: string])[] = [
  [
    52_060,
    22,
    'a leader had appended what it then answered with NOT_LEADER_OR_FOLLOWER, and the producer told that it had failed',
    'power-off shut-down pause cut aimed copiers classic-group no-idempotence small-batches impatient-producer manual-commits preferred-leaders',
  ],
  [
    700_355,
    0,
    'a producer that had lost its coordinator while it asked what the cluster can do asked again for ever, in no time',
    'copiers classic-group impatient-leaders manual-commits application exactly-once client-faults crash pause cut',
  ],
  [
    700_001,
    44,
    'a task that was restored during a rebalance ran with the checkpoint that the rebalance had left',
    'power-off shut-down cut slow controller-faults transactional-producer cooperative-group application small-batches one-in-flight many-partitions client-faults exactly-once crash pause',
  ],
];

test.each(FOUND)('seed %i breaks rule %i no more: %s', (seed, _rule, _what, features) => {
  const run = new SwarmRun(seed, new Set(features.split(' ') as Feature[]));
  expect(run.run().map(({ invariant, sentence }) => `${invariant}: ${sentence}`)).toEqual([]);
});
