import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { expect, test } from '@playwright/test';
import type * as BareRuns from '../src/engine/testing/bare-run.ts';

const SEEDS = 1_000;
const BATCH = 50;

/** Simulated ms. Every fiftieth run is long enough for sessions to expire and members to come back. */
const lengthOf = (seed: number): number => (seed % 50 === 0 ? 30_000 : 500 + (seed % 7) * 250);

/** The engine with its lean scenario as one module that Node and Chromium both can load. */
async function bundle(): Promise<string> {
  mkdirSync('test-results', { recursive: true });
  const file = resolve('test-results', `bare-run-${process.pid}.mjs`);
  const built = await rolldown({ input: 'src/engine/testing/bare-run.ts' });
  await built.write({ file, format: 'esm', codeSplitting: false });
  await built.close();
  return file;
}

let file = '';
let inNode: typeof BareRuns;

test.beforeAll(async () => {
  file = await bundle();
  inNode = (await import(pathToFileURL(file).href)) as typeof BareRuns;
});

for (let first = 30_001; first < 30_001 + SEEDS; first += BATCH)
  test(`seeds from ${first}: Chromium and Node come to the same state`, async ({ page }) => {
    test.slow();
    const runs = Array.from({ length: BATCH }, (_, i) => ({ seed: first + i, endMs: lengthOf(first + i) }));
    const address = 'https://engine.test/bare-run.mjs';
    await page.route('https://engine.test/**', (route) =>
      route.request().url() === address
        ? route.fulfill({ body: readFileSync(file), contentType: 'text/javascript' })
        : route.fulfill({ body: '<!doctype html><title>Engine</title>', contentType: 'text/html' }),
    );
    await page.goto('https://engine.test/');
    const inPage = await page.evaluate(
      async ({ module, wanted }) => {
        const { bareRun } = (await import(module)) as typeof BareRuns;
        return wanted.map((run) => bareRun(run).stateHash());
      },
      { module: address, wanted: runs },
    );
    expect(inPage).toEqual(runs.map((run) => inNode.bareRun(run).stateHash()));
    expect(new Set(inPage).size).toBe(BATCH);
  });
