// `npm run -s search -- [FILE] [--goal NAME]… [--weather NAME] [--seeds N] [--from N] [--workers N] [--out FILE]`: looks
// for a seed under which a scenario comes to harm, shrinks it, and writes it as a scenario file. Exit code 0: none found,
// 1: found, 2: bad input, 3: a defect of the simulator.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { GOAL_IDS, GOALS, type Counterexample, type GoalId } from '../src/engine/api/search.ts';
import { parseScenarioText } from '../src/engine/api/scenario-parse.ts';
import { printScenario } from '../src/engine/api/scenario-print.ts';
import { grouped } from '../src/engine/api/scenario-problem.ts';
import type { Scenario } from '../src/engine/api/scenario.ts';
import { WEATHERS, type Weather } from '../src/engine/api/weather.ts';
import { applicationFault } from '../src/engine/cluster/simulation.ts';
import { cutTapes } from '../src/engine/search/cut-tapes.ts';
import { planOf } from '../src/engine/search/plan.ts';
import { shrink } from '../src/engine/search/shrink.ts';
import { trySeeds, type SeedReport } from '../src/workers/search/lanes.ts';
import { openNodeLane } from './search/node-lane.ts';
import { serveSeeds } from './search/seed-worker.ts';
import { countsOf, words } from './search/words.ts';
import { readTapes } from './tapes.ts';

const USAGE =
  'Usage: npm run -s search -- [FILE] [--goal NAME] [--weather NAME] [--seeds N] [--from N] [--workers N] [--out FILE]';
const SHRINK_MS = 30_000;

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

interface Arguments {
  readonly file: string;
  readonly goals: readonly GoalId[];
  readonly weather: Weather;
  readonly seeds: number;
  readonly from: number;
  readonly workers: number;
  readonly out: string | null;
}

function whole(flag: string, text: string | undefined, [min, max]: readonly [number, number]): number {
  if (text === undefined || !/^\d{1,10}$/.test(text) || Number(text) > max || Number(text) < min)
    fail(`${flag} needs a whole number from ${min} to ${grouped(max)}. ${USAGE}`);
  return Number(text);
}

function parseArguments(args: readonly string[]): Arguments {
  let file: string | undefined;
  const goals: GoalId[] = [];
  const found = { weather: weatherOf('ordinary'), seeds: 200, from: 1, workers: availableParallelism() };
  let out: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const value = (): string | undefined => args[++i];
    if (arg === '--goal') goals.push(goalOf(value()));
    else if (arg === '--weather') found.weather = weatherOf(value());
    else if (arg === '--seeds') found.seeds = whole(arg, value(), [1, 10_000_000]);
    else if (arg === '--from') found.from = whole(arg, value(), [0, 0xffffffff]);
    else if (arg === '--workers') found.workers = whole(arg, value(), [1, 64]);
    else if (arg === '--out') out = value() ?? fail(`--out needs the name of a file. ${USAGE}`);
    else if (arg === '--help') {
      console.log(`${USAGE}\n\nGoals:`);
      for (const id of GOAL_IDS) console.log(`  ${id.padEnd(12)}${GOALS[id]}`);
      console.log('Weathers:');
      for (const { id, name } of WEATHERS) console.log(`  ${id.padEnd(12)}${name}`);
      process.exit(0);
    } else if (arg.startsWith('--')) fail(`There is no option ${arg}. ${USAGE}`);
    else if (file === undefined) file = arg;
    else fail(`One scenario at a time, please. ${USAGE}`);
  }

  return {
    file: file ?? 'public/scenarios/ledger.json',
    goals: goals.length === 0 ? GOAL_IDS : goals,
    out,
    ...found,
  };
}

const goalOf = (text: string | undefined): GoalId =>
  GOAL_IDS.find((id) => id === text) ??
  fail(`There is no goal ${text ?? '(none)'}; the goals are ${GOAL_IDS.join(', ')}.`);

const weatherOf = (text: string | undefined): Weather =>
  WEATHERS.find(({ id }) => id === text) ??
  fail(`There is no weather ${text ?? '(none)'}; there are ${WEATHERS.map(({ id }) => id).join(', ')}.`);

function readScenario(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    fail(`${file} cannot be read.`);
  }
  const parsed = parseScenarioText(text);
  if (!parsed.ok) {
    const { message, line, column } = parsed.error;
    fail(line === undefined ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`);
  }
  const fault = applicationFault(parsed.value);
  if (fault !== undefined) fail(`${file}: ${fault.what}`);
  return parsed.value;
}

async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  const scenario = readScenario(args.file);
  const read = await readTapes(scenario, args.file);
  if (!read.ok) fail(`${args.file}: ${read.error.sentence}`);
  const tapes = cutTapes(scenario, read.value);
  const began = performance.now();
  const reports: SeedReport[] = [];
  const request = { scenario, tapes, weather: args.weather, goals: args.goals };
  const { seeds, from: firstSeed, workers: lanes } = args;
  await trySeeds({ seeds, from: firstSeed, lanes, open: () => openNodeLane(request) }, (report) => {
    reports.push(report);
    return report.trial?.verdict !== 'found';
  });
  const found = reports
    .flatMap(({ seed, trial }) => (trial?.verdict === 'found' ? [{ seed, found: trial.found }] : []))
    .sort((a, b) => a.seed - b.seed)[0];
  const seconds = (performance.now() - began) / 1_000;
  console.log(
    `${grouped(reports.length)} runs of ${scenario.name} in ${args.weather.name}, ${(reports.length / seconds).toFixed(1)} runs/s on ${args.workers} workers.`,
  );
  console.log(`Reached: ${countsOf(reports)}`);
  const broken = reports.find(({ trial, problem }) => trial?.verdict === 'broken' || problem !== undefined);
  if (broken !== undefined) {
    const why = broken.trial?.verdict === 'broken' ? broken.trial.sentence : broken.problem;
    console.log(`Seed ${broken.seed} shows a defect of the simulator, not of Kafka: ${why ?? ''}`);
    return 3;
  }
  if (found === undefined) {
    console.log(
      `None found in ${grouped(reports.length)} runs: ${args.goals.map((id) => GOALS[id]).join('; ')}. That is no proof.`,
    );
    return 0;
  }
  const { seed } = found;
  const from: Counterexample = { scenario: planOf(scenario, seed, args.weather), found: found.found };
  console.log(`Seed ${seed}: ${words(from)}`);
  const until = performance.now() + SHRINK_MS;
  const least = shrink({ from, tapes, mayGoOn: () => performance.now() < until });
  const rest = least.isLeast ? '' : ', when its 30 s were over';
  console.log(`Shrunk by ${least.runs} runs${rest}: ${words(least)}`);
  const out = args.out ?? `${scenario.id}-${least.found.goal}-${seed}.json`;
  writeFileSync(out, printScenario(named(least, seed)));
  console.log(`Written to ${out}.`);
  return 1;
}

/** Says in the scenario itself what it shows. */
const named = ({ scenario, found }: Counterexample, seed: number): Scenario => ({
  ...scenario,
  id: `${scenario.id}-${found.goal}`.slice(0, 60),
  name: `${scenario.name}: ${GOALS[found.goal]}`.slice(0, 80),
  notes: [...(scenario.notes ?? []), `Found by seed ${seed}, and shrunk. ${found.sentence}`],
});

if (isMainThread) process.exitCode = await main();
else serveSeeds();
