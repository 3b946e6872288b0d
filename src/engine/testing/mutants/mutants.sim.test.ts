import { describe, expect, test, vi } from 'vitest';
import { ensure } from '../../base/assert.ts';
import { MUTANTS, ONE_BY_ONE } from './mutants.ts';
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

  test.each(ONE_BY_ONE)('$id by rule $by alone', { timeout: 300_000 }, async ({ id, by, from }) => {
    const mutant = ensure(
      MUTANTS.find((candidate) => candidate.id === id),
      'mutant',
    );
    vi.resetModules();
    plant(mutant);
    const { hunt } = await import('./hunt.ts');
    const found = hunt({ ...mutant, caughtBy: [by] }, seedsFrom(from));
    pullOut(mutant);
    expect(found?.invariant).toBe(by);
  });

  test('and sees nothing where none is planted', { timeout: 300_000 }, async () => {
    vi.resetModules();
    const { hunt } = await import('./hunt.ts');
    const all = [...new Set(MUTANTS.flatMap(({ caughtBy }) => caughtBy))];
    expect(hunt({ caughtBy: all }, seedsFrom(FIRST).slice(0, 20))).toBeUndefined();
  });
});
