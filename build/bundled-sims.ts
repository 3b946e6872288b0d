import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rolldown, type OutputChunk } from 'rolldown';
import type { Plugin } from 'vite';

/** What a bundle cannot do for a test: swap a module, or say where a file lies. */
const NEEDS_MODULES = /\bvi\.(?:doMock|mock|resetModules)\(|\bimport\.meta\b/;

/** Before the name of a chunk that several tests share. */
const SHARED = '\0bundled-sims/';

/**
 * Gives seeded whole-cluster tests to the runner with all that they share as one module, as the page runs the engine. Loaded module
 * by module, each use of an import goes through a property of the runner's, which costs a third of their time; bundled each by
 * itself, every test brings an engine of its own that has to be read and to get warm again.
 */
export const bundledSims = (): Plugin => {
  let bundled: Promise<ReadonlyMap<string, OutputChunk>> | undefined;
  let isOn = false;
  return {
    name: 'bundled-sims',
    enforce: 'pre',
    // Who watches wants to see a change of one module at once.
    configureServer: ({ config }) => {
      isOn = process.env.VITEST !== undefined && config.server.watch === null;
    },
    resolveId(id, importer) {
      const isShared = importer?.endsWith('.sim.test.ts') === true || importer?.startsWith(SHARED) === true;
      return isShared && id.startsWith('./shared-') ? SHARED + id.slice(2) : null;
    },
    async load(id) {
      if (!isOn) return null;
      if (!id.startsWith(SHARED) && !id.endsWith('.sim.test.ts')) return null;
      bundled ??= bundle();
      const chunk = (await bundled).get(id.startsWith(SHARED) ? id.slice(SHARED.length) : id);
      return chunk === undefined ? null : { code: chunk.code, map: chunk.map };
    },
  };
};

/** Tests by their files, and what they share by its name. */
async function bundle(): Promise<ReadonlyMap<string, OutputChunk>> {
  const input = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sim.test.ts'))
    .map((file) => resolve('src', file))
    .filter((file) => !NEEDS_MODULES.test(readFileSync(file, 'utf8')));
  const built = await rolldown({ input, platform: 'node', external: [/^node:/, 'vitest', 'fast-check'] });
  const { output } = await built.generate({
    format: 'esm',
    sourcemap: true,
    chunkFileNames: 'shared-[name].js',
    codeSplitting: { groups: [{ name: 'engine', test: /(?<!\.test)\.ts$/ }] },
  });
  await built.close();
  const chunks = output.filter((one) => one.type === 'chunk');
  return new Map(
    chunks.map((chunk) => [chunk.isEntry ? resolve(chunk.facadeModuleId ?? '') : chunk.fileName, chunk]),
  );
}
