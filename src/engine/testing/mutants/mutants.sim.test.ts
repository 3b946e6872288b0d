import { describe, expect, test, vi } from 'vitest';
import { MUTANTS, plant, pullOut } from './mutants.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => 40_001 + i);

describe('the checker catches planted bugs', () => {
  test.each(MUTANTS)('$id: $rule', { timeout: 300_000 }, async (mutant) => {
    vi.resetModules();
    plant(mutant);
    const { hunt } = await import('./hunt.ts');
    const found = hunt(mutant.caughtBy, SEEDS);
    pullOut(mutant);
    expect(mutant.caughtBy).toContain(found?.invariant);
  });

  test('and sees nothing where none is planted', { timeout: 300_000 }, async () => {
    vi.resetModules();
    const { hunt } = await import('./hunt.ts');
    const all = [...new Set(MUTANTS.flatMap(({ caughtBy }) => caughtBy))];
    expect(hunt(all, SEEDS.slice(0, 20))).toBeUndefined();
  });
});
