import { rolldown } from 'rolldown';
import type { Plugin } from 'vite';

/** What a bundle cannot do for a test: swap a module, or say where a file lies. */
const NEEDS_MODULES = /\bvi\.(?:doMock|mock)\(|\bimport\.meta\b/;

/**
 * Gives seeded whole-cluster tests to the runner as one module each, as the page runs the engine. Loaded module by module,
 * each use of an import goes through a property of the runner's, which costs a third of their time.
 */
export const bundledSims = (): Plugin => ({
  name: 'bundled-sims',
  enforce: 'pre',
  async load(id) {
    if (process.env.VITEST === undefined || !id.endsWith('.sim.test.ts')) return null;
    const bundle = await rolldown({
      input: id,
      platform: 'node',
      external: [/^node:/, 'vitest', 'fast-check'],
    });
    const { output } = await bundle.generate({ format: 'esm', sourcemap: true, codeSplitting: false });
    await bundle.close();
    const [{ code, map }] = output;
    return NEEDS_MODULES.test(code) ? null : { code, map };
  },
});
