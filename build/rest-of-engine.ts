import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformWithOxc, type Plugin } from 'vite';
import { REST } from './rest-modules.ts';
import { splitModule, topLevelFunctions } from './split-module.ts';

const ROOT = resolve(import.meta.dirname, '..');
const ENGINE = join(ROOT, 'src/engine');
const RUNTIME = join(ROOT, 'src/workers/rest.ts');

/** Functions of modules that do not wait as a whole, by module; written by `npm run -s unreached -- --write`. */
const LATE = JSON.parse(readFileSync(join(import.meta.dirname, 'late-functions.json'), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;

/** The worker that the first screen waits for: others are loaded whole, when they are asked for. */
const SPLIT_WORKER = /simulation-worker\.ts$/;

/** What the worker imports to have all of the rest. */
const REST_ID = 'virtual:rest-of-engine';
const STUB = '\0stub:';

const fileOf = (module: string): string => join(ENGINE, `${module}.ts`);
/** Modules go by their number in the list: shorter than their names. Those that wait in part follow those that wait whole. */
const numberOf = new Map(REST.map((module, i) => [fileOf(module), i]));
const split = Object.entries(LATE).map(([module, functions], i) => ({
  file: fileOf(module),
  number: REST.length + i,
  functions,
}));
const splitBy = new Map(split.map((each) => [each.file, each]));
/** The name of the part that waits. */
const lateOf = (file: string): string => `${file}?late`;
const isLate = (id: string): boolean => id.endsWith('?late');

/**
 * Splits the worker: in place of the modules of the rest stand stubs, which ask for the rest when they are called. In
 * development nothing is split, and of the page nothing ever: only the worker knows how to wait.
 */
export function restOfEngine(part: 'page' | 'worker'): Plugin {
  let isBuild = false;
  let splits = false;
  return {
    name: 'rest-of-engine',
    enforce: 'pre',
    configResolved: ({ command }) => {
      isBuild = command === 'build';
    },
    buildStart: ({ input }) => {
      splits = isBuild && part === 'worker' && Object.values(input).some((file) => SPLIT_WORKER.test(file));
    },
    resolveId(source, importer) {
      if (source === REST_ID) return `\0${REST_ID}`;
      if (isLate(source)) return source;
      if (!splits || importer === undefined || !source.startsWith('.') || numberOf.has(importer)) return null;
      const file = resolve(dirname(importer), source);
      if (isLate(importer)) return file;
      const number = numberOf.get(file);
      return number === undefined ? null : STUB + String(number);
    },
    async load(id) {
      if (id === `\0${REST_ID}`) return splits ? installer() : 'export {};';
      if (id.startsWith(STUB)) {
        const number = Number(id.slice(STUB.length));
        return stubOf(number, readFileSync(fileOf(REST[number] ?? ''), 'utf8'));
      }
      if (!splits) return null;
      const file = isLate(id) ? id.slice(0, -lateOf('').length) : id;
      const parts = splitBy.has(file) ? await partsOf(file) : null;
      return parts && (isLate(id) ? parts.late : parts.first);
    },
  };
}

/** A name of the list that has gone from its file makes no build fail; a test finds it. */
async function partsOf(file: string) {
  const { number = 0, functions = [] } = splitBy.get(file) ?? {};
  const code = await javascriptOf(file);
  const there = topLevelFunctions(code);
  const late = functions.filter((name) => there.has(name));
  const parts = splitModule(code, late, {
    self: file,
    stub: (name) => `/* @__PURE__ */ rest$(${number}, ${JSON.stringify(name)})`,
  });
  return { ...parts, first: `import { rest as rest$ } from ${JSON.stringify(RUNTIME)};\n${parts.first}` };
}

const javascriptOf = async (file: string): Promise<string> =>
  (await transformWithOxc(readFileSync(file, 'utf8'), file)).code;

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
  const files = [...REST.map(fileOf), ...split.map(({ file }) => lateOf(file))];
  return [
    `import { installRest } from ${JSON.stringify(RUNTIME)};`,
    ...files.map((file, i) => `import * as m${i} from ${JSON.stringify(file)};`),
    `installRest([${files.map((_, i) => `m${i}`).join(', ')}]);`,
  ].join('\n');
}

/** Modules of the lists that are not there. */
export const missingModules = (): readonly string[] =>
  [...REST, ...Object.keys(LATE)].filter((module) => !existsSync(fileOf(module)));

/** Functions of the list that are no longer there. */
export async function staleFunctions(): Promise<readonly string[]> {
  const stale = split.map(async ({ file, functions }) => {
    const there = topLevelFunctions(await javascriptOf(file));
    return functions.filter((name) => !there.has(name)).map((name) => `${file}: ${name}`);
  });
  return (await Promise.all(stale)).flat();
}
