// `npm run -s unreached`: which modules of the engine the first scenario does not reach in three undisturbed minutes. Those
// that build/rest-modules.ts could list are printed with their sizes; one that it lists though it is reached is an error.
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REST } from '../build/rest-modules.ts';
import { parseScenarioText } from '../src/engine/api/scenario-parse.ts';
import { createSimulation } from '../src/engine/cluster/simulation.ts';
import { readTapes } from './tapes.ts';

const SCENARIO = 'public/scenarios/clickstream.json';
const ENGINE = 'src/engine';
const END_MS = 180_000;
/** Modules of fewer characters are not worth a stub. */
const WORTH = 800;

async function run(): Promise<void> {
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
  simulation.stateHash();
}

/** Modules of which the run called a function, and all that are in this bundle. */
async function reachedModules(): Promise<{ readonly reached: Set<string>; readonly all: Set<string> }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await run();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const own = result.find(({ url }) => url === import.meta.url);
  const { map, sources, lineAt } = sourcesOf(readFileSync(fileURLToPath(import.meta.url), 'utf8'));
  const nameOf = (source: string) => source.replace(/^(?:\.\.\/)+/, '');
  const reached = new Set<string>();
  for (const { ranges } of own?.functions ?? []) {
    const [range] = ranges;
    if (range === undefined || range.count === 0) continue;
    const { line, column } = lineAt(range.startOffset);
    const entry = map.findEntry(line, column + 1);
    const source = 'originalSource' in entry ? nameOf(entry.originalSource) : '';
    if (source.startsWith(ENGINE)) reached.add(source);
  }
  return { reached, all: new Set(sources.map(nameOf)) };
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

const { reached, all } = await reachedModules();
const listed = new Set(REST.map((module) => `${ENGINE}/${module}.ts`));
const wrong = [...listed].filter((module) => reached.has(module));
const edge = new Set(
  [...reached].flatMap(importsOf).filter((module) => all.has(module) && !reached.has(module)),
);
const sized = [...edge]
  .filter((module) => !listed.has(module))
  .map((module) => ({ module, text: readFileSync(module, 'utf8') }))
  .filter(({ text }) => text.length >= WORTH && CODE.test(text))
  .map(({ module, text }) => ({ module, size: text.length }))
  .sort((a, b) => b.size - a.size);
for (const { module, size } of sized) console.log(`${String(size).padStart(7)}  ${module}`);
for (const module of wrong) console.error(`reached, so it cannot be in the rest: ${module}`);
if (wrong.length > 0) process.exitCode = 1;
