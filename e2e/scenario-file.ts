import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { parseScenarioText } from '../src/engine/api/scenario-parse.ts';
import type { Scenario } from '../src/engine/api/scenario.ts';
import { encodeLink } from '../src/workers/link/encode-link.ts';

interface TimedAct {
  readonly atMs: number;
  readonly type: 'crash' | 'start' | 'pause' | 'resume';
  readonly node: string;
}

/** A scenario that comes with the page, with things that happen to it. */
export function bundledWith(id: string, acts: readonly TimedAct[]): Scenario {
  const parsed = parseScenarioText(readFileSync(`public/scenarios/${id}.json`, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const commands = acts.map(({ atMs, type, node }, index) => ({
    id: index + 1,
    at: atMs * 1_000,
    act: { type, node },
  }));
  return { ...parsed.value, commands };
}

/** The fragment of an address that leads to a moment of a scenario. */
export async function fragmentOf(scenario: Scenario, atMs: number): Promise<string> {
  const fragment = await encodeLink({ scenario, at: atMs * 1_000 });
  if (!fragment.ok) throw new Error(fragment.error);
  return fragment.value;
}

export interface NodeRun {
  readonly hash: string;
  readonly atMs: number;
  readonly events: number;
}

/** Runs a scenario without a browser, as `npm run sim` does, and says where it is at a moment. */
export async function runInNode(scenario: Scenario, name: string, untilMs: number): Promise<NodeRun> {
  mkdirSync('test-results', { recursive: true });
  const file = `test-results/${name}.json`;
  writeFileSync(file, JSON.stringify(scenario));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/run-ts.mjs', 'sim', file, '--until', String(untilMs), '--json'],
    { maxBuffer: 1 << 26 },
  );
  return JSON.parse(stdout) as NodeRun;
}
