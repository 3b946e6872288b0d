import type { StreamsConfig } from '../config.ts';
import type { Serde } from '../serdes/serde.ts';
import { segmentIntervalFor } from '../state-stores/retention.ts';
import type { StoreBackend, StoreDefinition } from '../state-stores/store.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { StreamsBuilder } from '../topology/streams-builder.ts';
import type { MaterializedFields } from '../topology/topology-node.ts';
import { defaultRetention, type Windows } from '../windows/windows.ts';
import { tooShort } from './short-retention.ts';

/** How a table is kept, with its store's name settled (`MaterializedInternal`). */
export interface Materialized {
  readonly fields: MaterializedFields;
  readonly storeName: string;
  /** Whether the user named it: only then is an optional store made. */
  readonly queryable: boolean;
}

/** Takes the given name for the store, or uses up a number for a generated one. */
export function materialize(
  builder: StreamsBuilder,
  fields: MaterializedFields,
  prefix: string,
): Materialized {
  checkVersioned(fields);
  if (fields.as !== undefined) return { fields, storeName: fields.as, queryable: true };
  const storeName = builder.newStoreName(prefix);
  builder.noteUnnamed([storeName], fields.logging !== false);
  return { fields, storeName, queryable: false };
}

function checkVersioned({ versioned, store }: MaterializedFields): void {
  if (store !== undefined && store.startsWith('lru:-'))
    throw new StreamsError('IllegalArgumentException', 'maxCacheSize cannot be negative');
  if (versioned === undefined) return;
  if (versioned.history < 0)
    throw new StreamsError('IllegalArgumentException', 'historyRetention cannot be negative');
  if (versioned.segmentInterval !== undefined && versioned.segmentInterval <= 0)
    throw new StreamsError('IllegalArgumentException', 'segmentInterval cannot be zero or negative');
}

/** A store without anything of windows or versions. */
export const NO_WINDOWS = {
  retention: 0,
  segmentInterval: 0,
  windowSize: 0,
  grace: 0,
  retainDuplicates: false,
  timeOrdered: false,
  maxEntries: 0,
  historyRetention: 0,
} as const;

export const isCaching = (config: StreamsConfig, fields: MaterializedFields): boolean =>
  config.cacheMaxBytes > 0 && fields.caching !== false;

export function backendOf(config: StreamsConfig, store: MaterializedFields['store']): StoreBackend {
  return store === 'inMemory' || store === 'rocksDB' ? store : config.storeBackend;
}

export interface WindowedStoreOptions {
  readonly key: Serde;
  readonly value: Serde;
  readonly windows: Windows;
  readonly emitsOnClose: boolean;
}

/** The store of a windowed aggregate. Throws if the retention asked for is too short for the windows. */
export function windowedStore(
  { fields, storeName }: Materialized,
  { key, value, windows, emitsOnClose }: WindowedStoreOptions,
  config: StreamsConfig,
): StoreDefinition {
  const retention = fields.retention ?? defaultRetention(windows);
  if (retention < 0) throw new StreamsError('IllegalArgumentException', 'Retention must not be negative.');
  if (retention < defaultRetention(windows)) throw tooShort(storeName, windows, retention);
  const cachingAllowed = !emitsOnClose || windows.kind === 'time';
  return {
    ...NO_WINDOWS,
    name: storeName,
    kind: windows.kind === 'session' ? 'session' : 'timestampedWindow',
    key,
    value,
    cacheMaxBytes: config.cacheMaxBytes,
    backend: backendOf(config, fields.store),
    caching: cachingAllowed && isCaching(config, fields),
    logging: fields.logging !== false,
    retention,
    segmentInterval: segmentIntervalFor(retention),
    windowSize: windows.kind === 'time' ? windows.size : windows.kind === 'sliding' ? windows.difference : 0,
    grace: windows.kind === 'session' ? windows.grace + windows.gap : windows.grace,
    timeOrdered: emitsOnClose,
  };
}
