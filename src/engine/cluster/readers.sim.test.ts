import { describe, expect, test } from 'vitest';
import { groupMembers } from '../testing/random-faults.ts';
import { leanRun } from '../testing/lean-runs.ts';
import { LEAN_ROWS, leanScenario } from '../testing/lean-scenario.ts';

const BATCH = 25;
const FIRST = 10_001;
const batches = Array.from({ length: 6 }, (_, i) => FIRST + i * BATCH);
const victims = groupMembers(leanScenario(0));

describe('150 seeds of the same faults with crashing and pausing readers', () => {
  test.each(batches)('seeds from %i: the group converges and has read everything', (first) => {
    for (let seed = first; seed < first + BATCH; seed++) {
      const run = leanRun(seed, victims);
      const { lost, duplicated, counted } = run.ledger;
      expect({ seed, lost, duplicated, counted }).toEqual({
        seed,
        lost: 0,
        duplicated: 0,
        counted: LEAN_ROWS,
      });
      const readers = run.view.groups().find(({ groupId }) => groupId === 'readers');
      expect({ seed, state: readers?.state, members: readers?.members.length }).toEqual({
        seed,
        state: 'Stable',
        members: 2,
      });
      expect({ seed, lags: run.lags('readers') }).toEqual({ seed, lags: [0, 0, 0] });
    }
  });
});
