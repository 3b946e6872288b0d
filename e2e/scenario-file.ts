import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';

/** A scenario as it stands in a file; its commands are what these tests add. */
export type ScenarioFile = Readonly<Record<string, unknown>>;

interface FileCommand {
  readonly atMs: number;
  readonly type: 'crash' | 'start' | 'pause' | 'resume';
  readonly node: string;
}

/** A scenario that comes with the page, with things that happen to it. */
export function bundledWith(id: string, commands: readonly FileCommand[]): ScenarioFile {
  const bundled = JSON.parse(readFileSync(`public/scenarios/${id}.json`, 'utf8')) as ScenarioFile;
  return {
    ...bundled,
    commands: commands.map(({ atMs, type, node }, index) => ({
      id: index + 1,
      at: atMs * 1_000,
      act: { type, node },
    })),
  };
}

/** The fragment of an address that leads to a moment of a scenario. */
export function fragmentOf(scenario: ScenarioFile, atMs: number): string {
  const bookmark = { scenario, at: atMs * 1_000, selected: null, rung: 'topology', focusPartition: null };
  return `#s=${deflateRawSync(JSON.stringify(bookmark)).toString('base64url')}`;
}

export interface NodeRun {
  readonly hash: string;
  readonly atMs: number;
  readonly events: number;
}

/** Runs a scenario without a browser, as `npm run sim` does, and says where it is at a moment. */
export async function runInNode(scenario: ScenarioFile, name: string, untilMs: number): Promise<NodeRun> {
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
