import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapterFor } from './adapters.ts';
import { parseCaseFile } from './case-file.ts';
import { runCase } from './run-case.ts';

const ROOT = join(import.meta.dirname, '../../../../conformance');
const { suites } = JSON.parse(readFileSync(join(ROOT, 'finished.json'), 'utf8')) as { suites: string[] };

describe('the engine answers as the real systems did', () => {
  test.each(suites)('%s', (suite) => {
    const file = parseCaseFile(readFileSync(join(ROOT, suite), 'utf8'));
    const adapter = adapterFor(file.kind);
    const failures = file.cases.flatMap((testCase) => {
      const result = runCase(adapter, testCase);
      return result.outcome === 'passed' ? [] : [{ id: testCase.id, result }];
    });
    expect(file.cases.length).toBeGreaterThan(0);
    expect(failures).toEqual([]);
  }, 120_000);
});
