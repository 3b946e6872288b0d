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
  // What a cache holds is shown however old it is.
  if (store.caching) return 0;
  // The persistent window store that is ordered by time hides one millisecond less than all others.
  const hidesLess = store.timeOrdered && store.backend === 'rocksDB' && store.kind !== 'session';
  return observed - store.retention + (hidesLess ? 0 : 1);
}

/** True if the store underneath a cache, whose largest time is `flushed`, would still show an entry of this time. */
export const isShownUncached = (store: StoreDefinition, time: number, flushed: number): boolean =>
  time >= flushed - store.retention + 1;

/** The earliest time that a windowed store still holds, hidden or not: a persistent one drops whole segments. */
export function earliestHeld(store: StoreDefinition, observed: number): number {
  if (store.backend === 'inMemory') return observed - store.retention + 1;
  const { segmentInterval } = store;
  return Math.trunc((observed - store.retention) / segmentInterval) * segmentInterval;
}

/** A guess at what an entry weighs in Kafka's cache, in bytes. */
const CACHED_ENTRY_BYTES = 128;

/** True if a store with so many entries may forget the old ones: a cache holds them until it is full. */
export const mayForget = (store: StoreDefinition, entries: number): boolean =>
  !store.caching || entries * CACHED_ENTRY_BYTES > store.cacheMaxBytes;
