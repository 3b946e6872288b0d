import type { Bytes } from '../base/bytes.ts';
import type { Tape } from '../api/scenario.ts';

const MARK = '"row":';

/** The row of a tape that has this value, −1 if none has. Every row carries its own number, so that equal rows differ. */
export function tapeRow(tape: Tape, value: Bytes | null): number {
  if (value === null) return -1;
  const first = rowAfter(tape, value, value.indexOf(MARK));
  return first >= 0 ? first : rowAfter(tape, value, value.lastIndexOf(MARK));
}

/** The number behind the mark, if that row of the tape is this value: a column of the same name says nothing. */
function rowAfter(tape: Tape, value: Bytes, mark: number): number {
  if (mark < 0) return -1;
  let row = 0;
  let at = mark + MARK.length;
  for (let digit = digitAt(value, at); digit >= 0; digit = digitAt(value, ++at)) row = row * 10 + digit;
  return at > mark + MARK.length && tape.values[row] === value ? row : -1;
}

function digitAt(value: Bytes, at: number): number {
  const digit = value.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}
