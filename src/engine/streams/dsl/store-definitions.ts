import type { StreamsConfig } from '../config.ts';
import type { Serde } from '../serdes/serde.ts';
import { segmentIntervalFor } from '../state-stores/retention.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { MaterializedFields } from '../topology/topology-node.ts';
import { backendOf, isCaching, NO_WINDOWS, type Materialized } from './materialized.ts';

/** True if a node says anything about a store, so that the overload with Materialized is called. */
export const saysMaterialized = ({ as, store, caching, logging, versioned }: MaterializedFields): boolean =>
  [as, store, caching, logging, versioned].some((field) => field !== undefined);

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
    return {
      ...common,
      kind: 'lru',
      caching: isCaching(config, fields),
      maxEntries: Number(store.slice('lru:'.length)),
    };
  return { ...common, kind: 'timestampedKeyValue', caching: isCaching(config, fields) };
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
