import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { BenchRow } from './bench-row.ts';
import { FIRST_LOAD_MAX, firstLoad, gzipped, laboratory, type Script } from './first-load.ts';

/** What a visitor loads before the first scenario can run, as a server sends it. Builds if nothing is built. */
export function bundleBench(): readonly BenchRow[] {
  if (!existsSync('dist')) execSync('npm run build', { stdio: 'ignore' });
  const load = firstLoad();
  const { page, worker } = load;
  return [
    row('page, gzipped', page),
    row('worker with the engine, gzipped', worker),
    {
      ...row('before the first scenario can be run, gzipped', [...page, ...worker]),
      target: FIRST_LOAD_MAX / 1_000,
    },
    row('laboratory, loaded behind the first screen', laboratory(load)),
  ];
}

const row = (what: string, scripts: readonly Script[]): BenchRow => ({
  bench: 'bundle',
  what,
  value: gzipped(scripts) / 1_000,
  unit: 'kB',
});
