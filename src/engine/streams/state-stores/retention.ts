import type { StoreDefinition } from './store.ts';

/** Shortest segment of a persistent windowed store, in milliseconds (`Stores.persistentWindowStore`). */
const SHORTEST_SEGMENT = 60_000;

export const segmentIntervalFor = (retention: number): number =>
  Math.max(Math.trunc(retention / 2), SHORTEST_SEGMENT);

/** True if a windowed store whose largest time is `observed` takes no entry of this time any more. */
export function isExpired(store: StoreDefinition, time: number, observed: number): boolean {
  if (store.backend === 'inMemory') return time <= observed - store.retention;
  // A persistent store forgets by whole segments.
  const { segmentInterval } = store;
  return Math.trunc(time / segmentInterval) < Math.trunc((observed - store.retention) / segmentInterval);
}

/** The earliest time that reads of a windowed store still show. */
export function earliestVisible(store: StoreDefinition, observed: number): number {
  // The persistent window store that is ordered by time hides one millisecond less than all others.
  const hidesLess = store.timeOrdered && store.backend === 'rocksDB' && store.kind !== 'session';
  return observed - store.retention + (hidesLess ? 0 : 1);
}
