import { describe, expect, test, vi } from 'vitest';
import { allInvariants } from '../../checker/all-invariants.ts';
import { MUTANTS } from './mutants.ts';
import { plant, pullOut } from './planting.ts';

const FIRST = 40_001;
/** So many seeds are tried for what a rule is to see. */
const TRIES = 40;
const seedsFrom = (first: number): number[] => Array.from({ length: TRIES }, (_, i) => first + i);

describe('the checker catches planted bugs', () => {
  test.each(MUTANTS)('$id: $rule', async (mutant) => {
    vi.resetModules();
    plant(mutant);
    const { hunt } = await import('./hunt.ts');
    const expected = Object.entries(mutant.caughtBy).map(([rule, from]) => [Number(rule), from] as const);
    const found = [...new Set(expected.map(([, from]) => from))].flatMap((from) => {
      const rules = expected.filter(([, first]) => first === from).map(([rule]) => rule);
      return hunt(mutant, rules, seedsFrom(from));
    });
    pullOut(mutant);
    expect(found.sort((a, b) => a - b)).toEqual(expected.map(([rule]) => rule));
  });

  test('every rule catches one by itself', () => {
    const catching = new Set(MUTANTS.flatMap(({ caughtBy }) => Object.keys(caughtBy).map(Number)));
    const rules = allInvariants().map(({ id }) => id);
    expect(rules.filter((rule) => !catching.has(rule))).toEqual([]);
    expect(rules).toEqual(Array.from({ length: 56 }, (_, i) => i + 1));
  });

  test('and sees nothing where none is planted', async () => {
    vi.resetModules();
    const { hunt } = await import('./hunt.ts');
    const all = [...new Set(MUTANTS.flatMap(({ caughtBy }) => Object.keys(caughtBy).map(Number)))];
    expect(hunt({}, all, seedsFrom(FIRST).slice(0, 20))).toEqual([]);
  });
});
