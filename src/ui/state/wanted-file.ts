import type { TapeSpec } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { buildTape } from '../../workers/tape/build-tape.ts';
import { readTapeFile } from '../../workers/tape/read-tape-file.ts';
import { digestTape } from '../../workers/tape/tape-table.ts';
import type { MadeTape } from './tape-desk.ts';

/** The tape that a scenario was made with, read from a file that a person says is it. The error is one sentence. */
export async function readWanted(file: File, spec: TapeSpec): Promise<Result<MadeTape, string>> {
  const table = await readTapeFile(file, { format: spec.format });
  if (!table.ok) return table;
  if (digestTape(table.value) !== spec.digest)
    return err(
      file.name === spec.file
        ? `This ${file.name} has other rows than the one that the run was made with.`
        : `${file.name} is not the file that the run was made with.`,
    );
  const built = buildTape(table.value, spec);
  return built.ok ? ok({ tape: built.value.tape, spec, remark: '' }) : built;
}
