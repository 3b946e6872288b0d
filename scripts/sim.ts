// `npm run -s sim -- FILE.json [--seed N] [--until MS] [--json]`: runs a scenario file without a page and prints where it
// ended: state hash, events, facts of partitions, groups and applications, and the sums of the ledger.
import { readFileSync } from 'node:fs';
import type { Entity } from '../src/engine/api/frame.ts';
import { SCENARIO_LIMITS } from '../src/engine/api/scenario-limits.ts';
import { grouped, type Path } from '../src/engine/api/scenario-problem.ts';
import { parseScenarioText, placeIn } from '../src/engine/api/scenario-parse.ts';
import type { Scenario, Tape } from '../src/engine/api/scenario.ts';
import type { Simulation } from '../src/engine/api/simulation.ts';
import { millis, toMillis } from '../src/engine/base/time.ts';
import { applicationFault, createSimulation } from '../src/engine/cluster/simulation.ts';
import { readTapes } from './tapes.ts';

interface Arguments {
  readonly file: string;
  readonly seed: number | undefined;
  readonly untilMs: number | undefined;
  readonly json: boolean;
}

const USAGE = 'Usage: npm run -s sim -- FILE.json [--seed N] [--until MS] [--json]';

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

function whole(flag: string, text: string | undefined, max: number): number {
  if (text === undefined || !/^\d{1,15}$/.test(text) || Number(text) > max)
    fail(`${flag} needs a whole number from 0 to ${grouped(max)}. ${USAGE}`);
  return Number(text);
}

function parseArguments(args: readonly string[]): Arguments {
  let file: string | undefined;
  let seed: number | undefined;
  let untilMs: number | undefined;
  let json = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--json') json = true;
    else if (arg === '--seed') seed = whole(arg, args[++i], 0xffffffff);
    else if (arg === '--until') untilMs = whole(arg, args[++i], SCENARIO_LIMITS.lengthMsMax);
    else if (arg === '--help') {
      console.log(USAGE);
      process.exit(0);
    } else if (arg.startsWith('--')) fail(`There is no option ${arg}. ${USAGE}`);
    else if (file === undefined) file = arg;
    else fail(`One scenario at a time, please. ${USAGE}`);
  }
  if (file === undefined) fail(USAGE);
  return { file, seed, untilMs, json };
}

/** A scenario file that is one, and its text. */
interface Read {
  readonly scenario: Scenario;
  readonly text: string;
}

function readScenario({ file, seed }: Arguments): Read {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    fail(`${file} cannot be read.`);
  }
  const parsed = parseScenarioText(text);
  if (parsed.ok) return { text, scenario: seed === undefined ? parsed.value : { ...parsed.value, seed } };
  const { message, line, column } = parsed.error;
  fail(line === undefined ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`);
}

/** What only shows when the scenario is to run, at the place in the file that says it. */
function failAt(file: string, text: string, path: Path, sentence: string): never {
  const { line, column } = placeIn(text, path);
  fail(`${file}:${line}:${column}: ${sentence}`);
}

async function tapesFor({ scenario, text }: Read, file: string): Promise<Readonly<Record<string, Tape>>> {
  const tapes = await readTapes(scenario, file, (sentence) => console.error(sentence));
  return tapes.ok ? tapes.value : failAt(file, text, tapes.error.path, tapes.error.sentence);
}

/** Where a run ended, as plain data. */
function outcome(simulation: Simulation): object {
  const { changed } = simulation.frame();
  const of = <K extends Entity['kind']>(kind: K) =>
    changed.filter((entity): entity is Extract<Entity, { kind: K }> => entity.kind === kind);
  return {
    scenario: simulation.scenario.id,
    seed: simulation.scenario.seed,
    atMs: toMillis(simulation.now()),
    events: simulation.eventCount(),
    hash: simulation.stateHash(),
    ledger: of('cluster')[0]?.ledger,
    nodes: of('node').map(({ id, status, incarnation }) => ({ id, status, incarnation })),
    partitions: of('partition').map(({ name, leader, leaderEpoch, isr, states }) => ({
      name,
      leader,
      leaderEpoch,
      isr,
      replicas: states.map(({ broker, logStart, highWatermark, logEnd }) => ({
        broker,
        logStart,
        highWatermark,
        logEnd,
      })),
    })),
    groups: of('group').map(({ name, state, generation, partitions }) => ({
      name,
      state,
      generation,
      partitions: partitions.map(({ name: partition, owner, position, committed, end, lag }) => ({
        partition,
        owner,
        position,
        committed,
        end,
        lag,
      })),
    })),
    applications: of('application').map(({ name, processed, droppedLate, windows }) => ({
      name,
      processed,
      droppedLate,
      windows: windows?.rows ?? [],
    })),
  };
}

const args = parseArguments(process.argv.slice(2));
const read = readScenario(args);
const { scenario } = read;
const fault = applicationFault(scenario);
if (fault !== undefined) failAt(args.file, read.text, fault.path, fault.what);
const created = createSimulation(scenario, await tapesFor(read, args.file));
if (!created.ok) fail(created.error);
const simulation = created.value;
simulation.advance({ until: millis(args.untilMs ?? scenario.lengthMs), eventsMax: Infinity });
const result = outcome(simulation);
if (args.json) console.log(JSON.stringify(result, null, 1));
else
  for (const [key, value] of Object.entries(result))
    if (!Array.isArray(value))
      console.log(key.padEnd(12), typeof value === 'object' ? JSON.stringify(value) : value);
    else for (const row of value) console.log(key.padEnd(12), JSON.stringify(row));
