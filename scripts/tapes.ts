import { openAsBlob, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Scenario, Tape, TapeSpec } from '../src/engine/api/scenario.ts';
import { grouped, type Path } from '../src/engine/api/scenario-problem.ts';
import { err, ok, type Result } from '../src/engine/base/result.ts';
import { buildTape } from '../src/workers/tape/build-tape.ts';
import { readTapeFile } from '../src/workers/tape/read-tape-file.ts';
import { digestTape, type BadLines } from '../src/workers/tape/tape-table.ts';

/** Where the tapes lie that come with the page, from the repository's root. */
const BUNDLED = join('public', 'tapes');

/** Why there is no tape, in one sentence, and which part of the scenario says otherwise. */
export interface NoTape {
  readonly sentence: string;
  readonly path: Path;
}

/**
 * The tapes of a scenario by producer. A person's own file is looked for beside the scenario. What `tell` gets is one
 * sentence about lines that could not be used.
 */
export async function readTapes(
  scenario: Scenario,
  scenarioFile: string,
  tell: (sentence: string) => void = () => undefined,
): Promise<Result<Readonly<Record<string, Tape>>, NoTape>> {
  const tapes: Record<string, Tape> = {};
  for (const [i, { id, tape: spec }] of scenario.producers.entries()) {
    const folder = spec.origin === 'bundled' ? BUNDLED : dirname(scenarioFile);
    const tape = await readTape(join(folder, spec.file), spec, tell);
    if (!tape.ok) return err({ ...tape.error, path: ['producers', i, 'tape', ...tape.error.path] });
    tapes[id] = tape.value;
  }
  return ok(tapes);
}

async function readTape(
  path: string,
  spec: TapeSpec,
  tell: (sentence: string) => void,
): Promise<Result<Tape, NoTape>> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    return wrong('file', `The tape ${path} cannot be read: there is no such file.`);
  const table = await readTapeFile(await openAsBlob(path), { format: spec.format });
  if (!table.ok) return wrong('format', `The tape ${path}: ${table.error}`);
  const digest = digestTape(table.value);
  if (digest !== spec.digest)
    return wrong(
      'digest',
      `The tape ${path} is not the one that this scenario was made with: its digest is ${digest}, not ${spec.digest}.`,
    );
  const built = buildTape(table.value, spec);
  if (!built.ok) return wrong(null, `The tape ${path}: ${built.error}`);
  for (const lines of [table.value.bad, built.value.skipped]) tellUnused(path, lines, tell);
  return ok(built.value.tape);
}

const wrong = (field: keyof TapeSpec | null, sentence: string): Result<never, NoTape> =>
  err({ sentence, path: field === null ? [] : [field] });

function tellUnused(path: string, { count, examples }: BadLines, tell: (sentence: string) => void): void {
  const [first] = examples;
  if (first === undefined) return;
  const lines = count === 1 ? '1 line was left out' : `${grouped(count)} lines were left out`;
  tell(`The tape ${path}: ${lines}; line ${first.line} ${first.why}`);
}
