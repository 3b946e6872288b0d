import { describe, expect, test, vi } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { plant, pullOut } from './planting.ts';

const FIRST = 40_001;
/** So many are tried from a mutant's own first seed on. */
const TRIES = 40;
const seedsFrom = (first: number): number[] => Array.from({ length: TRIES }, (_, i) => first + i);

describe('the checker catches planted bugs', () => {
  test.each(MUTANTS)('$id: $rule', { timeout: 300_000 }, async (mutant) => {
    vi.resetModules();
    plant(mutant);
    const { hunt } = await import('./hunt.ts');
    const found = hunt(mutant, seedsFrom(mutant.from ?? FIRST));
    pullOut(mutant);
    expect(mutant.caughtBy).toContain(found?.invariant);
  });

  test('and sees nothing where none is planted', { timeout: 300_000 }, async () => {
    vi.resetModules();
    const { hunt } = await import('./hunt.ts');
    const all = [...new Set(MUTANTS.flatMap(({ caughtBy }) => caughtBy))];
    expect(hunt({ caughtBy: all }, seedsFrom(FIRST).slice(0, 20))).toBeUndefined();
  });
});
