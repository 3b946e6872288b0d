import type { ConformanceCase } from './case-file.ts';
import type { Comparison } from './comparison.ts';

/**
 * Puts one recorded question to the engine: translates `given` into calls of the engine's public modules and compares
 * what they answer. It contains no behaviour of its own and never looks at the case's id.
 * Throws `UnsupportedError` for whatever it does not know.
 */
export interface Adapter {
  check(testCase: ConformanceCase, comparison: Comparison): void;
}
