// `npm run -s unreached`: what of the engine the first scenario does not reach in three undisturbed minutes. Whole modules that
// build/rest-modules.ts could list are printed with their sizes; one that it lists though it is reached is an error. With
// `--write`, functions of the other modules that are not reached go into build/late-functions.json.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeCoverage } from 'node:v8';
import { transformWithOxc } from 'vite';
import { REST } from '../build/rest-modules.ts';
import { topLevelFunctions } from '../build/split-module.ts';
import { parseScenarioText } from '../src/engine/api/scenario-parse.ts';
import { createSimulation } from '../src/engine/cluster/simulation.ts';
import { readTapes } from './tapes.ts';

const SCENARIO = 'public/scenarios/clickstream.json';
const ENGINE = 'src/engine';
const END_MS = 180_000;
/** Modules of fewer characters are not worth a stub. */
const WORTH = 800;
/** Functions of fewer characters are not worth one. */
const FUNCTION_WORTH = 80;
const LATE = 'build/late-functions.json';

async function run(): Promise<void> {
  takeCoverage(); // what was called until here belongs to the beginning of modules
  const parsed = parseScenarioText(readFileSync(SCENARIO, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const tapes = await readTapes(parsed.value, SCENARIO);
  if (!tapes.ok) throw new Error(tapes.error.sentence);
  const created = createSimulation(parsed.value, tapes.value);
  if (!created.ok) throw new Error(created.error);
  const simulation = created.value;
  for (let ms = 0; ms <= END_MS; ms += 1_000) {
    simulation.advance({ until: ms * 1_000, eventsMax: Infinity });
    simulation.frame();
  }
  simulation.seek(30_000_000);
  simulation.seekToPreviousNotable();
  simulation.frame();
  simulation.replaceCommands([]); // as the worker does when it begins
  simulation.stateHash();
}

interface Reached {
  /** Names of the functions that the run called, by module. V8 forgets those that were never compiled. */
  readonly called: ReadonlyMap<string, ReadonlySet<string>>;
  /** Modules of which it called one after they had begun. */
  readonly inRun: ReadonlySet<string>;
  /** The modules in this bundle. */
  readonly all: Set<string>;
}

/** What V8's coverage reports of a script. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly startOffset: number; readonly count: number }[];
    }[];
  }[];
}

/** Says to this script that it is the one to be watched. */
const WATCHED = 'UNREACHED_WATCHED';

/** Runs the scenario in a process of its own, watched from before its first line: modules call functions while they begin. */
function reachedFunctions(): Reached {
  const folder = mkdtempSync(join(tmpdir(), 'unreached-'));
  const env = { ...process.env, NODE_V8_COVERAGE: folder, [WATCHED]: '1' };
  execFileSync(process.execPath, [fileURLToPath(import.meta.url)], { env, stdio: 'inherit' });
  const reports = readdirSync(folder)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Coverage);
  rmSync(folder, { recursive: true });
  const { map, sources, lineAt } = sourcesOf(readFileSync(fileURLToPath(import.meta.url), 'utf8'));
  const nameOf = (source: string) => source.replace(/^(?:\.\.\/)+/, '');
  const sourceAt = (offset: number): string => {
    const { line, column } = lineAt(offset);
    const entry = map.findEntry(line, column + 1);
    return 'originalSource' in entry ? nameOf(entry.originalSource) : '';
  };
  const called = new Map<string, Set<string>>();
  const inRun = new Set<string>();
  for (const [i, { result }] of reports.entries())
    for (const { functionName, ranges } of result.find(({ url }) => url === import.meta.url)?.functions ??
      []) {
      const [range] = ranges;
      if (range === undefined || range.count === 0) continue;
      const source = sourceAt(range.startOffset);
      if (!source.startsWith(ENGINE)) continue;
      // The bundler numbers functions of one name.
      called.set(source, (called.get(source) ?? new Set()).add(functionName.replace(/\$\d+$/, '')));
      if (i > 0) inRun.add(source);
    }
  return { called, inRun, all: new Set(sources.map(nameOf)) };
}

/** Functions at the top level of these modules that the run did not call. */
async function lateFunctions(modules: readonly string[], { called }: Reached) {
  const found: Record<string, readonly string[]> = {};
  for (const module of modules) {
    const { code } = await transformWithOxc(readFileSync(module, 'utf8'), module);
    const isUncalled = (name: string) => called.get(module)?.has(name) !== true;
    const names = [...topLevelFunctions(code)]
      .filter(([name, size]) => size >= FUNCTION_WORTH && isUncalled(name))
      .map(([name]) => name);
    if (names.length > 0) found[module.slice(ENGINE.length + 1, -'.ts'.length)] = names;
  }
  return found;
}

function sourcesOf(code: string) {
  const inline = /sourceMappingURL=data:application\/json[^,]*base64,([\w+/=]+)\s*$/.exec(code)?.[1] ?? '';
  const payload = JSON.parse(Buffer.from(inline, 'base64').toString('utf8')) as SourceMapPayload;
  const starts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lineAt = (offset: number) => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line, column: offset - (starts[line] ?? 0) };
  };
  return { map: new SourceMap(payload), sources: payload.sources, lineAt };
}

/** Something that a stub can stand for. */
const CODE = /^export (?:function|class|const \w+ = (?:<[^>]*>)?\()/m;
const IMPORT = /^(?:import|export) (?!type)([^;]*?)from '(\.[^']+)';/gm;

/** What a module imports at run time. */
function importsOf(module: string): string[] {
  const found = [...readFileSync(module, 'utf8').matchAll(IMPORT)];
  return found.flatMap(([, what = '', from = '']) => {
    const names = /\{([^}]*)\}/
      .exec(what)?.[1]
      ?.split(',')
      .map((name) => name.trim());
    const onlyTypes = names?.every((name) => name === '' || name.startsWith('type ')) ?? false;
    return onlyTypes ? [] : [normalize(join(dirname(module), from))];
  });
}

async function report(): Promise<void> {
  const reach = reachedFunctions();
  const isReached = (module: string) => reach.inRun.has(module);
  const listed = new Set(REST.map((module) => `${ENGINE}/${module}.ts`));
  const wrong = [...listed].filter(isReached);
  const reached = [...reach.inRun];
  const edge = new Set(
    reached.flatMap(importsOf).filter((module) => reach.all.has(module) && !isReached(module)),
  );
  const open = [...edge].filter((module) => !listed.has(module));
  const sized = open
    .map((module) => ({ module, text: readFileSync(module, 'utf8') }))
    .filter(({ text }) => text.length >= WORTH && CODE.test(text))
    .map(({ module, text }) => ({ module, size: text.length }))
    .sort((a, b) => b.size - a.size);
  for (const { module, size } of sized) console.log(`${String(size).padStart(7)}  ${module}`);
  for (const module of wrong) console.error(`reached, so it cannot be in the rest: ${module}`);
  if (wrong.length > 0) process.exitCode = 1;
  if (process.argv.includes('--write')) {
    const first = [...reached, ...open].filter((module) => module.startsWith(ENGINE)).sort();
    writeFileSync(LATE, `${JSON.stringify(await lateFunctions(first, reach), null, 2)}\n`);
  }
}

await (process.env[WATCHED] === '1' ? run() : report());
