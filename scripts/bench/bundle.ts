import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BenchRow } from './bench-row.ts';

/** A relative address of a script in HTML or in JavaScript: entry, preload, static import, worker. */
const IN_HTML = /(?:src|href)="\.\/([^"]+\.js)"/g;
const STATIC_IMPORT = /(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g;
const WORKER = /["'`/]([\w-]*simulation-worker-[\w-]+\.js)["'`]/g;
/** The desk around the stage, loaded on demand but always before a scenario is seen. */
const SHELL = /["'`/](shell-[\w-]+\.js)["'`]/g;

/** What a visitor loads before the first scenario can run, as a server sends it. Builds if nothing is built. */
export function bundleBench(): readonly BenchRow[] {
  if (!existsSync('dist')) execSync('npm run build', { stdio: 'ignore' });
  const page = files(names(readFileSync(join('dist', 'index.html'), 'utf8'), IN_HTML));
  const worker = files(page.flatMap(({ text }) => names(text, WORKER)).map((name) => join('assets', name)));
  const shell = files(page.flatMap(({ text }) => names(text, SHELL)).map((name) => join('assets', name)));
  const known = new Set(page.map(({ name }) => name));
  return [
    row('page, gzipped', page),
    row('worker with the engine, gzipped', worker),
    { ...row('before the first scenario can be run, gzipped', [...page, ...worker]), target: 200 },
    row(
      'loaded on demand with the desk',
      shell.filter(({ name }) => !known.has(name)),
    ),
  ];
}

interface Script {
  readonly name: string;
  readonly text: string;
}

const names = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

/** These scripts and all that they import at once, each one time. */
function files(entries: readonly string[]): Script[] {
  const found = new Map<string, Script>();
  const open = [...entries];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    const text = readFileSync(join('dist', name), 'utf8');
    found.set(name, { name, text });
    open.push(...names(text, STATIC_IMPORT).map((imported) => join('assets', imported)));
  }
  return [...found.values()];
}

function row(what: string, scripts: readonly Script[]): BenchRow {
  const bytes = scripts.reduce((sum, { text }) => sum + gzipSync(text, { level: 9 }).length, 0);
  return { bench: 'bundle', what, value: bytes / 1_000, unit: 'kB' };
}
