import { existsSync } from 'node:fs';
import { execSync } from 'node:child_process';
import { chromium, type Browser } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGS, findChromium } from '../chromium.mjs';
import { quantile, type BenchRow } from './bench-row.ts';

const PLAY_MS = 15_000;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** As `dur`, of CPU time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * What the built page costs per frame while the clickstream plays at real speed, the lab with its panels open: the time
 * that the main thread works between two animation frames (scripts, style, layout, paint), from Chromium's own trace.
 */
export async function pageFrameBench(): Promise<readonly BenchRow[]> {
  if (!existsSync('dist')) execSync('npm run build', { stdio: 'ignore' });
  const server = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: CHROMIUM_ARGS,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  try {
    return rowsOf(await traceOfPlaying(browser, server.resolvedUrls?.local[0] ?? ''));
  } finally {
    await browser.close();
    await server.close();
  }
}

async function traceOfPlaying(browser: Browser, address: string): Promise<readonly TraceEvent[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(address);
  await page.getByRole('link', { name: 'Open the lab' }).click();
  await page.getByRole('region', { name: 'Timeline' }).waitFor();
  await page.keyboard.press('e'); // the evidence drawer, which changes most
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForTimeout(2_000); // the first frames compile the code
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', '__metadata'] });
  await page.waitForTimeout(PLAY_MS);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: readonly TraceEvent[];
  };
  return traceEvents;
}

/** Splits the main thread's tasks into frames: a frame ends where its animation callbacks have run. */
function rowsOf(trace: readonly TraceEvent[]): readonly BenchRow[] {
  const fired = trace.filter(({ name }) => name === 'FireAnimationFrame');
  const main = fired[0];
  if (main === undefined) throw new Error('The trace holds no animation frame: the page did not play.');
  const here = trace.filter(({ pid, tid }) => pid === main.pid && tid === main.tid);
  const tasks = here.filter(({ name }) => name.endsWith('RunTask')).sort((a, b) => a.ts - b.ts);
  const work: number[] = [];
  let sum = 0;
  for (const task of tasks) {
    sum += (task.tdur ?? task.dur ?? 0) / 1_000;
    const end = task.ts + (task.dur ?? 0);
    if (!fired.some(({ ts }) => ts >= task.ts && ts < end)) continue;
    work.push(sum);
    sum = 0;
  }
  const longest = Math.max(...tasks.map(({ tdur, dur = 0 }) => (tdur ?? dur) / 1_000));
  const row = { bench: 'page-frame', unit: 'ms' };
  return [
    { ...row, what: 'main thread for a frame while playing, p50', value: quantile(work, 0.5) },
    { ...row, what: 'main thread for a frame while playing, p95', value: quantile(work, 0.95), target: 16.7 },
    { ...row, what: 'longest task', value: longest, target: 50 },
    { ...row, unit: '1/s', what: 'frames', value: work.length / (PLAY_MS / 1_000) },
  ];
}
