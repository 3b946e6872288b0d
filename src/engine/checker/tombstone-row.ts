import type { RecordsView } from '../api/views/log.ts';
import { ROW_HEADER } from '../api/ids.ts';
import type { Tape } from '../api/scenario.ts';

type Headers = NonNullable<RecordsView['headers']>[number];

/** The row of a tape that a record without a value names in its header, −1 if it is none. */
export function tombstoneRow(tape: Tape, headers: Headers | undefined): number {
  const row = Number(headers?.find(({ key }) => key === ROW_HEADER)?.value ?? -1);
  return tape.values[row] === null ? row : -1;
}
