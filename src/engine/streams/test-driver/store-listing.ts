import { GraceBuffer } from '../state-stores/grace-buffer.ts';
import { KeyValueStore } from '../state-stores/key-value-store.ts';
import { CachingLruStore } from '../state-stores/caching-lru-store.ts';
import { LruStore } from '../state-stores/lru-store.ts';
import { OuterJoinBuffer } from '../state-stores/outer-join-buffer.ts';
import { SessionStore } from '../state-stores/session-store.ts';
import type { Stamped, Store } from '../state-stores/store.ts';
import { SubscriptionStore } from '../state-stores/subscription-store.ts';
import { SuppressBuffer } from '../state-stores/suppress-buffer.ts';
import { TimestampedKeyValueStore } from '../state-stores/timestamped-key-value-store.ts';
import { VersionedStore } from '../state-stores/versioned-store.ts';
import { WindowStore } from '../state-stores/window-store.ts';
import { InvariantError } from '../../base/assert.ts';
import type { Json } from '../../base/json.ts';
import { jsonOf } from './driver-values.ts';

/** What was piped: the keys and times under which versioned stores are asked. */
export interface Piped {
  readonly keys: readonly unknown[];
  readonly times: readonly number[];
}

const keyText = (key: unknown): string => JSON.stringify(jsonOf(key));
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The contents of a store as its own iterators show them, as JSON (conformance/FORMAT-streams.md, section 6); undefined for
 * a store of subscriptions, which nobody can list.
 */
export function listStore(store: Store, piped: Piped): Json | undefined {
  if (store instanceof KeyValueStore)
    return {
      kind: 'kv',
      entries: store.all().map(({ key, value }) => ({ key: jsonOf(key), value: jsonOf(value) })),
    };
  if (
    store instanceof TimestampedKeyValueStore ||
    store instanceof LruStore ||
    store instanceof CachingLruStore
  )
    return listTable(store);
  if (store instanceof WindowStore) return listWindows(store);
  if (store instanceof SessionStore) return listSessions(store);
  if (store instanceof VersionedStore) return listVersions(store, piped);
  if (store instanceof OuterJoinBuffer) return listWaiting(store);
  if (store instanceof SuppressBuffer || store instanceof GraceBuffer)
    return { kind: 'suppress', records: store.records };
  if (store instanceof SubscriptionStore) return undefined;
  throw new InvariantError(`no listing for a store of kind ${store.definition.kind}`);
}

function listTable(store: TimestampedKeyValueStore | LruStore | CachingLruStore): Json {
  const entries = store
    .all()
    .map(({ key, entry }) => ({ key: jsonOf(key), value: jsonOf(entry.value), ts: entry.timestamp }));
  return { kind: 'tskv', entries };
}

function listWindows(store: WindowStore): Json {
  const { kind, retainDuplicates, windowSize } = store.definition;
  const entries = store.all().map((entry) => ({ ...entry, text: keyText(entry.key) }));
  // Kafka fails on the first entry of a join store whose windows have no extent.
  if (retainDuplicates && windowSize === 0 && entries.length > 0)
    return { kind, unreadable: 'IllegalArgumentException' };
  entries.sort((a, b) => byText(a.text, b.text) || a.start - b.start);
  if (kind === 'window')
    return {
      kind: 'window',
      entries: entries.map(({ key, start, value }) => ({ key: jsonOf(key), start, value: jsonOf(value) })),
    };
  return {
    kind: 'tswindow',
    entries: entries.map(({ key, start, value }) => {
      const stamped = value as Stamped;
      return { key: jsonOf(key), start, value: jsonOf(stamped.value), ts: stamped.timestamp };
    }),
  };
}

function listSessions(store: SessionStore): Json {
  const entries = store.all().map((entry) => ({ ...entry, text: keyText(entry.key) }));
  entries.sort((a, b) => byText(a.text, b.text) || a.start - b.start || a.end - b.end);
  return {
    kind: 'session',
    entries: entries.map(({ key, start, end, value }) => ({
      key: jsonOf(key),
      start,
      end,
      value: jsonOf(value),
    })),
  };
}

function listWaiting(store: OuterJoinBuffer): Json {
  const entries = store
    .all()
    .flatMap(({ key, timestamp, side, values }) =>
      values.map((value) => ({ key: jsonOf(key), ts: timestamp, side, value: jsonOf(value) })),
    );
  return { kind: 'outerJoinBuffer', entries };
}

function listVersions(store: VersionedStore, { keys, times }: Piped): Json {
  const texts = [...new Map(keys.map((key) => [keyText(key), key]))].sort(([a], [b]) => byText(a, b));
  const entries = texts.flatMap(([, key]) => {
    const found = new Map<number, Stamped>();
    for (const version of [store.get(key), ...times.map((time) => store.getAsOf(key, time))])
      if (version !== undefined) found.set(version.timestamp, version);
    return [...found.values()]
      .sort((a, b) => a.timestamp - b.timestamp)
      .map(({ value, timestamp }) => ({ key: jsonOf(key), value: jsonOf(value), ts: timestamp }));
  });
  return { kind: 'versioned', entries };
}
