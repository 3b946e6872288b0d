// Bundles one TypeScript entry of scripts/ and runs it in this Node: `node scripts/run-ts.mjs sim ARGS…`.
// A bundle (not a loader) so that the engine runs here as it does in the page, and as fast.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, ensureDeps, ROOT } from './setup.mjs';

checkNode();
ensureDeps();
const [name = '', ...args] = process.argv.slice(2);
const entry = join(ROOT, 'scripts', `${name}.ts`);
const cache = join(ROOT, 'node_modules', '.cache', 'millrace');
mkdirSync(cache, { recursive: true });

/** Changes whenever any source file does. */
function stamp() {
  const hash = createHash('sha256');
  for (const folder of ['src', 'scripts'])
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || !/\.(ts|json)$/.test(file.name)) continue;
      const path = join(file.parentPath, file.name);
      hash.update(`${path}:${statSync(path).mtimeMs};`);
    }
  return hash.digest('hex').slice(0, 16);
}

const out = join(cache, `${name}-${stamp()}.mjs`);
if (!existsSync(out)) {
  for (const old of readdirSync(cache))
    if (old.startsWith(`${name}-`)) rmSync(join(cache, old), { force: true });
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    external: [/^node:/, 'vite', '@playwright/test'],
    cwd: ROOT,
  });
  await bundle.write({ file: out, format: 'esm', sourcemap: 'inline', codeSplitting: false });
  await bundle.close();
}
process.argv = [process.argv[0] ?? 'node', entry, ...args];
await import(pathToFileURL(out).href);
