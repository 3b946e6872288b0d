import { basename } from 'node:path';
import { minify, type MinifyOptions } from 'terser';
import type { Plugin } from 'vite';

const OPTIONS: MinifyOptions = {
  module: true,
  ecma: 2020,
  // Sequences and inlined functions are shorter, but not when they are compressed.
  compress: { passes: 3, inline: 1, sequences: false },
};

/**
 * Minifies once more what the bundler has minified: a hundredth less to load, and the first load has a budget. It cannot stand in
 * for the bundler's own minifier, which prints the code of workers anew after it.
 */
export function secondMinifier(): Plugin {
  return {
    name: 'second-minifier',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || chunk.map === null) continue;
        const url = `${basename(chunk.fileName)}.map`;
        const { code, map } = await minify(chunk.code, {
          ...OPTIONS,
          sourceMap: { content: chunk.map.toString(), url },
        });
        if (code === undefined || typeof map !== 'string') throw new Error(`no code for ${chunk.fileName}`);
        chunk.code = code;
        // Of a worker the bundler writes the map that the chunk has, of the page what stands beside it.
        Object.assign(chunk.map, JSON.parse(map), { toString: () => map });
        const beside = bundle[`${chunk.fileName}.map`];
        if (beside?.type === 'asset') beside.source = map;
      }
    },
  };
}
