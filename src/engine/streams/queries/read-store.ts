import type { QueryRow, StoreQuery } from '../../api/query-act.ts';
import { utf8Encode } from '../../base/bytes.ts';
import { CachingLruStore } from '../state-stores/caching-lru-store.ts';
import { KeyValueStore } from '../state-stores/key-value-store.ts';
import { SessionStore } from '../state-stores/session-store.ts';
import type { Stamped, Store, StoreDefinition } from '../state-stores/store.ts';
import type { TableStore } from '../state-stores/table-store.ts';
import { TimestampedKeyValueStore } from '../state-stores/timestamped-key-value-store.ts';
import { LruStore } from '../state-stores/lru-store.ts';
import { WindowStore } from '../state-stores/window-store.ts';
import { longToBytes } from '../serdes/long.ts';
import { isLongText } from '../serdes/long-text.ts';
import type { Serde } from '../serdes/serde.ts';
import { textOf } from '../serdes/text.ts';

/** The key that a text means. Throws a `SerializationError` if it means none. */
export function keyOf(serde: Serde, text: string): unknown {
  if (serde.name === 'string') return text;
  if (serde.name === 'long') return serde.deserialize(isLongText(text) ? longToBytes(BigInt(text)) : '');
  return serde.deserialize(utf8Encode(text));
}

type Row = Omit<QueryRow, 'partition'>;

/**
 * What a store answers, its cache included (`ReadOnlyKeyValueStore`, `ReadOnlyWindowStore`, `ReadOnlySessionStore`). Throws a
 * `SerializationError` for a key that is none.
 */
export function readStore(store: Store, query: StoreQuery): Row[] {
  const { key: serde } = store.definition;
  const key = query.key === undefined ? undefined : keyOf(serde, query.key);
  if (store instanceof WindowStore) return windows(store, query, key);
  if (store instanceof SessionStore) return sessions(store, query, key);
  if (query.kind === 'range') return range(store, query);
  const kept = valueOf(store, key);
  return kept === undefined || kept === null ? [] : [row(store.definition, key, kept)];
}

/** A cached store's reader does not keep what it reads; all others read as their task does. */
function valueOf(store: Store, key: unknown): unknown {
  if (store instanceof KeyValueStore) return store.get(key);
  if (!(store instanceof CachingLruStore)) return (store as TableStore).get(key);
  const bytes = store.definition.key.serialize(key);
  return store.all().find((one) => store.definition.key.serialize(one.key) === bytes)?.entry;
}

type Times = Pick<QueryRow, 'start' | 'end'>;
const NO_TIMES: Times = { start: -1, end: -1 };

/** A value, or a {@link Stamped} in stores of tables and of windowed aggregates. */
function row({ kind }: StoreDefinition, key: unknown, kept: unknown, times = NO_TIMES): Row {
  const stamped = kind !== 'keyValue' && kind !== 'window' && kind !== 'session';
  const { value, timestamp } = stamped ? (kept as Stamped) : { value: kept, timestamp: -1 };
  return { key: textOf(key), ...times, value: textOf(value), timestamp };
}

function range(store: Store, { fromKey, toKey }: StoreQuery): Row[] {
  const { key: serde } = store.definition;
  const bytes = (text: string | undefined) =>
    text === undefined ? undefined : serde.serialize(keyOf(serde, text));
  const [from, to] = [bytes(fromKey), bytes(toKey)];
  return entriesOf(store)
    .filter(({ key }) => {
      const at = serde.serialize(key);
      return (from === undefined || at >= from) && (to === undefined || at <= to);
    })
    .map(({ key, kept }) => row(store.definition, key, kept));
}

function entriesOf(store: Store): { readonly key: unknown; readonly kept: unknown }[] {
  if (store instanceof KeyValueStore) return store.all().map(({ key, value }) => ({ key, kept: value }));
  if (
    store instanceof TimestampedKeyValueStore ||
    store instanceof LruStore ||
    store instanceof CachingLruStore
  )
    return store.all().map(({ key, entry }) => ({ key, kept: entry }));
  return [];
}

function windows(
  store: WindowStore,
  { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER }: StoreQuery,
  key: unknown,
): Row[] {
  const { definition } = store;
  const found =
    key === undefined
      ? store.all().filter(({ start }) => start >= fromMs && start <= toMs)
      : store.fetch(key, fromMs, toMs).map((window) => ({ key, ...window }));
  return found.map((window) => {
    const { start } = window;
    return row(definition, window.key, window.value, { start, end: start + definition.windowSize });
  });
}

function sessions(
  store: SessionStore,
  { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER }: StoreQuery,
  key: unknown,
): Row[] {
  const found =
    key === undefined
      ? store.all().filter(({ start, end }) => end >= fromMs && start <= toMs)
      : store.findSessions(key, fromMs, toMs).map((session) => ({ key, ...session }));
  return found.map(({ key: of, value, start, end }) => row(store.definition, of, value, { start, end }));
}
