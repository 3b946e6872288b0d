// `npm run conformance -- PATH… [--case ID] [--first N] [--only-supported]`: puts recorded questions to the engine.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { adapterFor } from '../src/engine/testing/conformance/adapters.ts';
import { isObject, parseCaseFile, UnsupportedError } from '../src/engine/testing/conformance/case-file.ts';
import type { CaseFile, ConformanceCase, Json } from '../src/engine/testing/conformance/case-file.ts';
import type { Difference } from '../src/engine/testing/conformance/comparison.ts';
import { runCase, type CaseResult } from '../src/engine/testing/conformance/run-case.ts';

interface Options {
  readonly paths: readonly string[];
  /** Show this case whole and run no other. */
  readonly only: string | undefined;
  /** How many failing cases of a file are shown. */
  readonly first: number;
  readonly onlySupported: boolean;
}

interface Tally {
  passed: number;
  failed: number;
  leftOut: number;
}

function parseOptions(args: readonly string[]): Options {
  const paths: string[] = [];
  let only: string | undefined;
  let first = 2;
  let onlySupported = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--case') only = args[++i] ?? fail('--case needs the id of a case');
    else if (arg === '--first') first = whole(arg, args[++i]);
    else if (arg === '--only-supported') onlySupported = true;
    else if (arg.startsWith('--')) fail(`unknown option ${arg}`);
    else paths.push(arg);
  }
  return { paths: paths.length === 0 ? ['conformance'] : paths, only, first, onlySupported };
}

function whole(flag: string, text: string | undefined): number {
  if (text === undefined || !/^\d{1,9}$/.test(text)) fail(`${flag} needs a whole number`);
  return Number(text);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

/** Case files below a path, in order of name. `tables/` holds tables, not cases. */
function filesBelow(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false }) ?? fail(`${path} does not exist`);
  if (!stats.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => {
      const below = join(path, name);
      if (statSync(below).isDirectory()) return name === 'tables' ? [] : filesBelow(below);
      return name.endsWith('.json') && name !== 'finished.json' ? [below] : [];
    });
}

const short = (value: Json | undefined): string => {
  const text = value === undefined ? '(absent)' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};

function showDifference({ path, expected, actual }: Difference): void {
  console.log(`      ${path === '' ? '(answer)' : path}`);
  if (typeof expected === 'string' && typeof actual === 'string' && expected.includes('\n')) {
    showLines(expected.split('\n'), actual.split('\n'));
    return;
  }
  console.log(`        recorded ${short(expected)}`);
  console.log(`        engine   ${short(actual)}`);
}

function showLines(expected: readonly string[], actual: readonly string[]): void {
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    if (expected[i] === actual[i]) continue;
    console.log(`        line ${i + 1}: recorded ${short(expected[i])}`);
    console.log(`        line ${i + 1}: engine   ${short(actual[i])}`);
  }
}

function showFailure(testCase: ConformanceCase, result: CaseResult, whole: boolean): void {
  console.log(`    ${testCase.id}: ${testCase.about}`);
  if (result.outcome === 'differs') {
    const shown = whole ? result.differences : result.differences.slice(0, 3);
    shown.forEach(showDifference);
    if (shown.length < result.differences.length)
      console.log(`      … and ${result.differences.length - shown.length} more differences`);
  } else if (result.outcome !== 'passed') console.log(`      ${result.outcome}: ${result.message}`);
}

function runFile(file: string, options: Options): Tally {
  const tally: Tally = { passed: 0, failed: 0, leftOut: 0 };
  const failures: (readonly [ConformanceCase, CaseResult])[] = [];
  const caseFile = readCaseFile(file);
  const cases = caseFile.cases.filter(({ id }) => options.only === undefined || id === options.only);
  for (const testCase of cases) {
    const result = answer(caseFile.kind, testCase);
    if (result.outcome === 'passed') tally.passed++;
    else if (result.outcome === 'unsupported' && options.onlySupported) tally.leftOut++;
    else {
      tally.failed++;
      failures.push([testCase, result]);
    }
    if (options.only !== undefined) console.log(JSON.stringify(testCase, null, 1));
  }
  if (cases.length === 0) return tally;
  const leftOut = tally.leftOut === 0 ? '' : `, ${tally.leftOut} left out`;
  console.log(
    `${basename(dirname(resolve(file)))}/${basename(file)}  ${tally.passed} passed, ${tally.failed} failed${leftOut}`,
  );
  for (const [testCase, result] of failures.slice(0, options.first))
    showFailure(testCase, result, options.only !== undefined);
  return tally;
}

function readCaseFile(file: string): CaseFile {
  try {
    return parseCaseFile(readFileSync(file, 'utf8'));
  } catch (error) {
    return fail(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function answer(kind: string, testCase: ConformanceCase): CaseResult {
  try {
    return runCase(adapterFor(kind), testCase);
  } catch (error) {
    if (error instanceof UnsupportedError) return { outcome: 'unsupported', message: error.message };
    throw error;
  }
}

/** The suites that `npm test` runs: paths relative to `conformance/`, in a file that only grows. */
function finishedSuites(): string[] {
  const list: unknown = JSON.parse(readFileSync('conformance/finished.json', 'utf8'));
  if (!isObject(list) || !Array.isArray(list.suites)) fail('conformance/finished.json needs a list "suites"');
  return (list.suites as readonly string[]).map((suite) => join('conformance', suite));
}

const args = process.argv.slice(2);
const finished = args.includes('--finished');
const options = parseOptions(args.filter((arg) => arg !== '--finished'));
const paths = finished ? finishedSuites() : options.paths;
let passed = 0;
let failed = 0;
for (const file of paths.flatMap(filesBelow)) {
  const tally = runFile(file, options);
  passed += tally.passed;
  failed += tally.failed;
}
if (options.only !== undefined && passed + failed === 0) fail(`no case ${options.only}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
