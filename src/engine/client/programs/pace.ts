import type { Pace, Tape } from '../../api/scenario.ts';
import { millis, type SimDuration } from '../../base/time.ts';

/** How long one call of send() keeps the application's thread busy: a million records a second. */
const SEND_TIME: SimDuration = 1;
/** The application wakes up at most this often; what became due meanwhile is sent together. */
export const TICK: SimDuration = millis(1);

/** Where in its tape a player is. `elapsedMs` is tape time with long gaps cut short. */
export interface PacePosition {
  /** Next row to be sent. */
  row: number;
  /** Row with which this life began. */
  readonly firstRow: number;
  elapsedMs: number;
}

export const newPacePosition = (row: number): PacePosition => ({ row, firstRow: row, elapsedMs: 0 });

/** When the next row is due, counted from the start of this life. */
export function dueAfter(pace: Pace, { row, firstRow, elapsedMs }: PacePosition): SimDuration {
  switch (pace.kind) {
    case 'rate':
      return Math.floor(((row - firstRow) * 1_000_000) / pace.perSecond);
    case 'times':
      return Math.floor((elapsedMs * 1_000) / pace.factor);
    case 'max':
      return (row - firstRow) * SEND_TIME;
  }
}

/** The row was sent, or given up: go on to the next one. */
export function advance(pace: Pace, tape: Tape, position: PacePosition): void {
  const { row } = position;
  position.row = row + 1;
  if (pace.kind !== 'times' || row + 1 >= tape.count) return;
  const gap = (tape.timestamps[row + 1] ?? 0) - (tape.timestamps[row] ?? 0);
  position.elapsedMs += Math.min(Math.max(gap, 0), pace.gapMaxMs);
}
