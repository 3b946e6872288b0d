import type { StreamsConfig } from '../config.ts';
import type { Serde } from '../serdes/serde.ts';
import { segmentIntervalFor } from '../state-stores/retention.ts';
import type { StoreBackend, StoreDefinition } from '../state-stores/store.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { StreamsBuilder } from '../topology/streams-builder.ts';
import type { MaterializedFields } from '../topology/topology-node.ts';
import { defaultRetention, type Windows } from '../windows/windows.ts';

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

/** True if a node says anything about a store, so that the overload with Materialized is called. */
export const saysMaterialized = ({ as, store, caching, logging, versioned }: MaterializedFields): boolean =>
  [as, store, caching, logging, versioned].some((field) => field !== undefined);

function checkVersioned({ versioned, store }: MaterializedFields): void {
  if (store !== undefined && store.startsWith('lru:-'))
    throw new StreamsError('IllegalArgumentException', 'maxCacheSize cannot be negative');
  if (versioned === undefined) return;
  if (versioned.history < 0)
    throw new StreamsError('IllegalArgumentException', 'historyRetention cannot be negative');
  if (versioned.segmentInterval !== undefined && versioned.segmentInterval <= 0)
    throw new StreamsError('IllegalArgumentException', 'segmentInterval cannot be zero or negative');
}

const NO_WINDOWS = {
  retention: 0,
  segmentInterval: 0,
  windowSize: 0,
  grace: 0,
  retainDuplicates: false,
  timeOrdered: false,
  maxEntries: 0,
  historyRetention: 0,
} as const;

const isCaching = (config: StreamsConfig, fields: MaterializedFields): boolean =>
  config.cacheMaxBytes > 0 && fields.caching !== false;

export function backendOf(config: StreamsConfig, store: MaterializedFields['store']): StoreBackend {
  return store === 'inMemory' || store === 'rocksDB' ? store : config.storeBackend;
}

/** The store of a table that is not windowed. */
export function tableStore(
  { fields, storeName }: Materialized,
  key: Serde,
  value: Serde,
  config: StreamsConfig,
): StoreDefinition {
  const { store, versioned } = fields;
  const isLru = store !== undefined && store.startsWith('lru:');
  const common = {
    ...NO_WINDOWS,
    name: storeName,
    key,
    value,
    cacheMaxBytes: config.cacheMaxBytes,
    backend: backendOf(config, store),
    logging: fields.logging !== false,
  };
  if (versioned !== undefined)
    return { ...common, kind: 'versioned', caching: false, historyRetention: versioned.history };
  if (isLru)
    return { ...common, kind: 'lru', caching: false, maxEntries: Number(store.slice('lru:'.length)) };
  return { ...common, kind: 'timestampedKeyValue', caching: isCaching(config, fields) };
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

function tooShort(storeName: string, windows: Windows, retention: number): StreamsError {
  const { grace } = windows;
  const got = (what: string): string => `Got ${what}, grace=[${grace}], retention=[${retention}]`;
  const start = `The retention period of the ${windows.kind === 'session' ? 'session' : 'window'} store ${storeName} must be no smaller than`;
  const text =
    windows.kind === 'time'
      ? `${start} its window size plus the grace period. ${got(`size=[${windows.size}]`)}`
      : windows.kind === 'sliding'
        ? `${start} 2 * time difference plus the grace period. ${got(`time difference=[${windows.difference}]`)}`
        : `${start} the session inactivity gap plus the grace period. ${got(`gap=[${windows.gap}]`)}`;
  return new StreamsError('IllegalArgumentException', text);
}

export interface ProcessorStoreFields {
  readonly id: string;
  readonly kind: 'kv' | 'window';
  readonly store: 'inMemory' | 'rocksDB';
  readonly retention?: number;
  readonly size?: number;
  readonly caching?: boolean;
  readonly logging?: boolean;
}

/** A store that processors ask for by name. */
export function processorStore(
  fields: ProcessorStoreFields,
  { key, value }: { readonly key: Serde; readonly value: Serde },
  config: StreamsConfig,
): StoreDefinition {
  const retention = fields.retention ?? 0;
  return {
    ...NO_WINDOWS,
    name: fields.id,
    kind: fields.kind === 'kv' ? 'keyValue' : 'window',
    key,
    value,
    cacheMaxBytes: config.cacheMaxBytes,
    backend: fields.store,
    caching: fields.caching === true && config.cacheMaxBytes > 0,
    logging: fields.logging !== false,
    retention,
    segmentInterval: segmentIntervalFor(retention),
    windowSize: fields.size ?? 0,
  };
}

/** A store with an own layout, or one that is never cached. */
export function plainStore(
  fields: Pick<StoreDefinition, 'name' | 'kind' | 'key' | 'value' | 'backend' | 'logging'> &
    Partial<StoreDefinition>,
): StoreDefinition {
  return { ...NO_WINDOWS, caching: false, cacheMaxBytes: 0, ...fields };
}
