import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { REST } from './rest-modules.ts';

const ROOT = resolve(import.meta.dirname, '..');
const ENGINE = join(ROOT, 'src/engine');
const RUNTIME = join(ROOT, 'src/workers/rest.ts');

/** What the worker imports to have all of the rest. */
const REST_ID = 'virtual:rest-of-engine';
const STUB = '\0stub:';

const fileOf = (module: string): string => join(ENGINE, `${module}.ts`);
/** Modules go by their number in the list: shorter than their names. */
const numberOf = new Map(REST.map((module, i) => [fileOf(module), i]));

/**
 * Splits the worker: in place of the modules of the rest stand stubs, which ask for the rest when they are called. In
 * development nothing is split.
 */
export function restOfEngine(): Plugin {
  let splits = false;
  return {
    name: 'rest-of-engine',
    enforce: 'pre',
    configResolved: ({ command }) => {
      splits = command === 'build';
    },
    resolveId(source, importer) {
      if (source === REST_ID) return `\0${REST_ID}`;
      if (!splits || importer === undefined || !source.startsWith('.') || numberOf.has(importer)) return null;
      const number = numberOf.get(resolve(dirname(importer), source));
      return number === undefined ? null : STUB + String(number);
    },
    load(id) {
      if (id === `\0${REST_ID}`) return splits ? installer() : 'export {};';
      if (!id.startsWith(STUB)) return null;
      const number = Number(id.slice(STUB.length));
      return stubOf(number, readFileSync(fileOf(REST[number] ?? ''), 'utf8'));
    },
  };
}

const EXPORT = /^export (?:function\*?|class|const) (\w+)(.*)$/gm;
const LITERAL = /^ = ('[^']*'|-?[\d_.]+);$/;
const FUNCTION = /^ = (?:<[^>]*>)?\(|^ = \w+ =>|^ =$/;

/**
 * A module of the same exports as `source`: functions and classes that ask for the rest, and constants that are literals.
 * What is neither is left out, so that the build fails if somebody imports it.
 */
export function stubOf(module: number, source: string): string {
  const lines = [`import { rest } from ${JSON.stringify(RUNTIME)};`];
  for (const [line, name = '', after = ''] of source.matchAll(EXPORT)) {
    const literal = LITERAL.exec(after)?.[1];
    if (literal !== undefined) lines.push(`export const ${name} = ${literal};`);
    else if (!line.startsWith('export const') || FUNCTION.test(after))
      lines.push(`export const ${name} = /* @__PURE__ */ rest(${module}, ${JSON.stringify(name)});`);
  }
  return lines.join('\n');
}

/** The module that brings the rest and says so. */
function installer(): string {
  const imports = REST.map((module, i) => `import * as m${i} from ${JSON.stringify(fileOf(module))};`);
  return [
    `import { installRest } from ${JSON.stringify(RUNTIME)};`,
    ...imports,
    `installRest([${REST.map((_, i) => `m${i}`).join(', ')}]);`,
  ].join('\n');
}

/** Modules of the list that are not there. */
export const missingModules = (): readonly string[] => REST.filter((module) => !existsSync(fileOf(module)));
