import type { Bytes } from '../../base/bytes.ts';
import { CowTree } from '../../base/cow-tree.ts';
import { isLong } from '../serdes/long.ts';
import { orderedTime, timeAt } from '../state-stores/ordered-time.ts';
import type { WindowedStore } from './windowed-stores.ts';

/** Sums over the keys of one window. Frozen. */
export interface WindowTally {
  readonly keys: number;
  /** Records counted; where the store's values are no counts: changes of a value. */
  readonly count: number;
}

/**
 * What a windowed store has come to hold, by window: an instrument beside the store, which itself forgets windows that
 * its retention has passed. Fed by what goes to the changelog, or comes from there, so it stands exactly where the
 * changelog stands: a caching store shows here at its next flush.
 */
export interface WindowLedger {
  /** Window's start and key's bytes → count. */
  readonly cells: CowTree<number>;
  /** Window's start → tally. */
  readonly tallies: CowTree<WindowTally>;
  /** Largest start of a window that is known to be closed; −1 at first. */
  closedThrough: number;
}

export const newWindowLedger = (): WindowLedger => ({
  cells: new CowTree(),
  tallies: new CowTree(),
  closedThrough: -1,
});

const NOTHING: WindowTally = Object.freeze({ keys: 0, count: 0 });

export interface WindowChange {
  readonly key: Bytes;
  readonly start: number;
  /** Null when the key was deleted from the window. */
  readonly value: unknown;
}

/** Takes a change of the store. */
export function noteChange(ledger: WindowLedger, { counts }: WindowedStore, change: WindowChange): void {
  const at = orderedTime(change.start);
  const cell = at + change.key;
  const before = ledger.cells.get(cell);
  const after = cellAfter(before, change.value, counts);
  if (after === undefined) ledger.cells.delete(cell);
  else ledger.cells.set(cell, after);
  const tally = ledger.tallies.get(at) ?? NOTHING;
  const keys = tally.keys + (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
  const count = tally.count + (after ?? 0) - (before ?? 0);
  if (keys === 0) ledger.tallies.delete(at);
  else ledger.tallies.set(at, Object.freeze({ keys, count }));
}

function cellAfter(before: number | undefined, value: unknown, counts: boolean): number | undefined {
  if (value === null) return undefined;
  return counts && isLong(value) ? Number(value) : (before ?? 0) + 1;
}

export interface ClosedWindow extends WindowTally {
  readonly start: number;
  readonly end: number;
}

/** Windows that closed since the last look: stream time has passed their end by the grace period. Oldest first. */
export function closeWindows(
  ledger: WindowLedger,
  { windows }: WindowedStore,
  streamTime: number,
): readonly ClosedWindow[] {
  // A window takes nothing more once end <= stream time - grace.
  const through = streamTime - windows.grace - windows.size;
  if (through <= ledger.closedThrough) return [];
  const range = { from: orderedTime(ledger.closedThrough + 1), to: orderedTime(through + 1) };
  const closed = ledger.tallies.entries(range).map(([at, { keys, count }]): ClosedWindow => {
    const start = timeAt(at, 0);
    return { start, end: start + windows.size, keys, count };
  });
  ledger.closedThrough = through;
  return closed;
}
