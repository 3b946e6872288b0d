import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A built script. */
export interface Script {
  /** Its path below `dist`. */
  readonly name: string;
  readonly text: string;
}

/** What the budget of DESIGN allows before the first scenario can be run, in bytes as a server sends them. */
export const FIRST_LOAD_MAX = 200_000;

/** All JavaScript that a visitor's browser fetches before the button “Let it run” can be pressed and the run runs. */
export interface FirstLoad {
  readonly page: readonly Script[];
  /** Of a page as narrow as a phone's: the stage is drawn in another way there. */
  readonly narrowPage: readonly Script[];
  readonly worker: readonly Script[];
}

/** Entry and preloads in HTML. */
const IN_HTML = /(?:src|href)="\.\/([^"]+\.js)"/g;
const STATIC_IMPORT = /(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g;
const WORKER = /["'`/]([\w-]*simulation-worker-[\w-]+\.js)["'`]/g;
/** The two ways to draw the stage; a page fetches the one that it needs. */
const WAYS = { across: /["'`/](across-[\w-]+\.js)["'`]/g, turned: /["'`/](turned-[\w-]+\.js)["'`]/g };
const LABORATORY = /["'`/](lab-[\w-]+\.js)["'`]/g;

/**
 * Reads `dist`. What the page imports on demand is left out: none of it is needed, as the journey of the first load shows
 * by letting a run begin while everything else is kept away.
 */
export function firstLoad(): FirstLoad {
  const entries = names(readFileSync(join('dist', 'index.html'), 'utf8'), IN_HTML);
  const named = (pattern: RegExp): string[] => [
    ...new Set(withImports(entries).flatMap(({ text }) => names(text, pattern).map(inAssets))),
  ];
  const [workers, across, turned] = [named(WORKER), named(WAYS.across), named(WAYS.turned)];
  if (workers.length !== 1 || across.length !== 1 || turned.length !== 1)
    throw new Error('dist has no page, no worker or no stage: build it anew');
  return {
    page: withImports([...entries, ...across]),
    narrowPage: withImports([...entries, ...turned]),
    worker: withImports(workers),
  };
}

/** What is fetched behind the first screen: React and the laboratory. */
export function laboratory({ page }: FirstLoad): readonly Script[] {
  const known = new Set(page.map(({ name }) => name));
  const entries = page.flatMap(({ text }) => names(text, LABORATORY)).map(inAssets);
  return withImports(entries).filter(({ name }) => !known.has(name));
}

/** Bytes that a server sends for these scripts, each compressed by itself. */
export const gzipped = (scripts: readonly Script[]): number =>
  scripts.reduce((sum, { text }) => sum + gzipSync(text, { level: 9 }).length, 0);

const inAssets = (name: string): string => join('assets', name);

const names = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

/** These scripts and all that they import at once, each one time. */
function withImports(entries: readonly string[]): Script[] {
  const found = new Map<string, Script>();
  const open = [...entries];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    const text = readFileSync(join('dist', name), 'utf8');
    found.set(name, { name, text });
    open.push(...names(text, STATIC_IMPORT).map(inAssets));
  }
  return [...found.values()];
}
