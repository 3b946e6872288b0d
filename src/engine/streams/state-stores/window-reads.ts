import type { Bytes } from '../../base/bytes.ts';
import { timeAt, timeRange } from './ordered-time.ts';
import { earliestVisible } from './retention.ts';
import type { StoreDefinition } from './store.ts';
import type { WindowState } from './window-store.ts';

export interface WindowEntry {
  readonly start: number;
  readonly value: unknown;
}

export interface KeyedWindowEntry extends WindowEntry {
  readonly key: unknown;
}

/** Both ends are included. Milliseconds. */
interface Starts {
  readonly from: number;
  readonly to: number;
}

/** Visible windows of a key, ascending, then in order of arrival. */
export function windowsOf(
  definition: StoreDefinition,
  { observed, windows }: WindowState,
  bytes: Bytes,
  { from, to }: Starts,
): WindowEntry[] {
  const found: WindowEntry[] = [];
  const earliest = Math.max(from, earliestVisible(definition, observed));
  if (to >= earliest) windows.visit(bytes, earliest, to, (value, start) => void found.push({ start, value }));
  return found;
}

/** Visible windows of every key, by start, then by the key's bytes. */
export function windowsOfAll(
  definition: StoreDefinition,
  { observed, windows, byTime }: WindowState,
  { from, to }: Starts,
): KeyedWindowEntry[] {
  const earliest = Math.max(from, earliestVisible(definition, observed));
  if (to < earliest) return [];
  return byTime.entries(timeRange(earliest, to)).map(([at, bytes]) => {
    const start = timeAt(at, 0);
    return { key: definition.key.deserialize(bytes), start, value: windows.get(bytes, start) };
  });
}

/** All that is visible, by key's bytes, then start, then order of arrival. */
export function everyWindow(
  definition: StoreDefinition,
  { observed, windows }: WindowState,
): KeyedWindowEntry[] {
  const found: KeyedWindowEntry[] = [];
  const earliest = earliestVisible(definition, observed);
  windows.visitAll((value, bytes, start) => {
    if (start >= earliest) found.push({ key: definition.key.deserialize(bytes), start, value });
  });
  return found;
}
