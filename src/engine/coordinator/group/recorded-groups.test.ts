import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCaseFile, type ConformanceCase } from '../../testing/conformance/case-file.ts';
import { playGroupScript } from '../../testing/group-requests/group-script.ts';

const SUITES = ['classic-group', 'offsets'];
const ROOT = join(import.meta.dirname, '../../../../conformance/broker');

const casesOf = (suite: string): (readonly [string, ConformanceCase])[] =>
  parseCaseFile(readFileSync(join(ROOT, `${suite}.json`), 'utf8')).cases.map((testCase) => [
    `${testCase.id}: ${testCase.about}`,
    testCase,
  ]);

describe.each(SUITES)('%s: the coordinator answers as a real broker did', (suite) => {
  test.each(casesOf(suite))('%s', (_name, testCase) => {
    expect(playGroupScript(testCase)).toBeUndefined();
  });
});
