import { describe, expect, test } from 'vitest';
import { leanRun } from '../testing/lean-runs.ts';
import { LEAN_ROWS } from '../testing/lean-scenario.ts';

/** In batches, so that a failure names its neighbourhood and the report stays short. */
const BATCH = 25;
const batches = Array.from({ length: 6 }, (_, i) => i * BATCH + 1);

describe('150 seeds of crashes, orderly stops, pauses, cuts and slow links, one broker at a time', () => {
  test.each(batches)(
    'seeds from %i: nothing acknowledged is lost or doubled, every row is accounted for',
    (first) => {
      for (let seed = first; seed < first + BATCH; seed++) {
        const { asked, acknowledged, failed, lost, duplicated, counted } = leanRun(seed, []).ledger;
        expect({ seed, asked, acknowledged, failed, lost, duplicated, counted }).toEqual({
          seed,
          asked: LEAN_ROWS,
          acknowledged: LEAN_ROWS,
          failed: 0,
          lost: 0,
          duplicated: 0,
          counted: LEAN_ROWS,
        });
      }
    },
  );
});
