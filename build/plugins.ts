import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

/** What the built page may do. `style-src` allows inline attributes because React sets the positions of marks with them. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
].join('; ');

/** The policy as a <meta>, in builds only: the dev server needs inline scripts for React refresh. */
export const csp = (): Plugin => ({
  name: 'csp',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      injectTo: 'head-prepend',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
    },
  ],
});

/** Writes dist/sw.js, which keeps every built file so that the page works offline after its first load. */
export const serviceWorker = (): Plugin => {
  let out = 'dist';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved: (config) => {
      if (!config.isWorker) out = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        const files = readdirSync(out, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !entry.name.endsWith('.map') && entry.name !== 'sw.js')
          .map((entry) => relative(out, join(entry.parentPath, entry.name)).split(sep).join('/'))
          .sort();
        const version = createHash('sha256');
        for (const file of files) version.update(file).update(readFileSync(join(out, file)));
        const template = readFileSync(new URL('./sw.template.js', import.meta.url), 'utf8');
        writeFileSync(
          join(out, 'sw.js'),
          template
            .replace("'__VERSION__'", JSON.stringify(version.digest('hex').slice(0, 16)))
            .replace("['__FILES__']", JSON.stringify(files)),
        );
      },
    },
  };
};
