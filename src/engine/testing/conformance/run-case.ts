import type { Adapter } from './adapter.ts';
import { UnsupportedError, type ConformanceCase } from './case-file.ts';
import { Comparison, type Difference } from './comparison.ts';

/** What became of one case. */
export type CaseResult =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'differs'; readonly differences: readonly Difference[] }
  | { readonly outcome: 'unsupported'; readonly message: string }
  | { readonly outcome: 'crashed'; readonly message: string };

/** Puts one case to the engine. Never throws: a simulator bug is an outcome too. */
export function runCase(adapter: Adapter, testCase: ConformanceCase): CaseResult {
  const comparison = new Comparison();
  try {
    adapter.check(testCase, comparison);
  } catch (error) {
    if (error instanceof UnsupportedError) return { outcome: 'unsupported', message: error.message };
    return { outcome: 'crashed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const { differences } = comparison;
  return differences.length === 0 ? { outcome: 'passed' } : { outcome: 'differs', differences };
}
