import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { bundledSims } from './build/bundled-sims.ts';
import { csp, serviceWorker } from './build/plugins.ts';
import { restOfEngine } from './build/rest-of-engine.ts';
import { secondMinifier } from './build/second-minifier.ts';

const SHARED =
  /src\/(?:engine\/(?:base\/(?:result|assert|digest)|api\/scenario-problem)|ui\/view-model\/(?:loom\/(?:sums|reader-rows|topic-rows|words)|picture\/glyphs))\.ts$|rolldown\/runtime/;

export default defineConfig({
  base: './', // works from any sub-path on static hosting
  plugins: [bundledSims(), react(), csp(), serviceWorker(), restOfEngine('page'), secondMinifier()],
  // The default 'iife' would inline every dynamic import of a worker.
  worker: {
    format: 'es',
    plugins: () => [restOfEngine('worker'), secondMinifier()],
    // Notes for bundlers that come later: there is none.
    rolldownOptions: { output: { comments: { annotation: false } } },
  },
  build: {
    target: 'es2022',
    sourcemap: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What the first script shares with later ones: small files would each be compressed by themselves.
        codeSplitting: { groups: [{ name: 'shared', test: SHARED }] },
      },
    },
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: false },
  preview: { host: '127.0.0.1', port: 4173, strictPort: false },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'build/**/*.test.ts'],
    pool: 'threads',
    maxWorkers: 2,
    isolate: false, // the modules keep no state of their own: each file need not load them anew
    testTimeout: 300_000, // of a very busy machine: no test is about time
    hookTimeout: 300_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'test-results/unit.json' }]] : ['default'],
  },
});
