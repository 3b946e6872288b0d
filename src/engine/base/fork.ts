import { assert, InvariantError } from './assert.ts';

/**
 * A container that knows how to make an independent copy of itself cheaply, by sharing what neither copy will change.
 * After `[FORK]()` both may be written without the other seeing it. Given an `older` copy that nobody changes any more,
 * it may return that one if nothing differs.
 */
export const FORK: unique symbol = Symbol('fork');

export interface Forkable {
  [FORK](older?: this): this;
}

/**
 * An independent copy of plain state. What is frozen is immutable by contract and is shared; a {@link Forkable}
 * copies itself; arrays, maps, sets, typed arrays and objects (with their prototype) are copied recursively.
 * State must be a tree: an object reached by two paths becomes two objects.
 *
 * Every part that is equal to the same part of an `older` copy is that very part, so that a row of copies of a changing
 * state costs what changed. Then neither `older` nor the result may be written to: go on from a fork of them.
 */
export function fork<T>(value: T, older?: T): T {
  assert(typeof value !== 'object' || value === null || value !== older, 'state is not a copy of itself');
  return forkUnknown(value, older) as T;
}

function forkUnknown(value: unknown, older: unknown): unknown {
  if (typeof value === 'function') throw new InvariantError('a function cannot survive a checkpoint');
  if (typeof value !== 'object' || value === null || value === older) return value;
  const like = sameKind(value, older) ? older : undefined;
  if (FORK in value) return (value as Forkable)[FORK](like as Forkable | undefined);
  if (ArrayBuffer.isView(value)) return forkNumbers(value as Uint8Array, like as Uint8Array | undefined);
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return forkArray(value, like as unknown[] | undefined);
  if (value instanceof Map) return forkMap(value, like as Map<unknown, unknown> | undefined);
  if (value instanceof Set) return forkSet(value, like as Set<unknown> | undefined);
  return forkObject(value as PlainObject, like as PlainObject | undefined);
}

type PlainObject = Readonly<Record<string, unknown>>;

/** What is frozen stays as it is for ever, so it cannot stand in for something that may still change. */
const sameKind = (value: object, older: unknown): boolean =>
  typeof older === 'object' &&
  older !== null &&
  Object.getPrototypeOf(value) === Object.getPrototypeOf(older) &&
  !Object.isFrozen(older);

function forkNumbers(view: Uint8Array, older: Uint8Array | undefined): Uint8Array {
  if (older?.length !== view.length) return view.slice();
  for (let i = 0; i < view.length; i++) if (!Object.is(view[i], older[i])) return view.slice();
  return older;
}

function forkArray(items: readonly unknown[], older: readonly unknown[] | undefined): readonly unknown[] {
  // Nothing is allocated as long as nothing differs: most state is as it was.
  let copy: unknown[] | undefined = older?.length === items.length ? undefined : [];
  for (let i = 0; i < items.length; i++) {
    const part = forkUnknown(items[i], older?.[i]);
    if (copy === undefined && !Object.is(part, older?.[i])) copy = older?.slice(0, i) ?? [];
    copy?.push(part);
  }
  return copy ?? (older as readonly unknown[]);
}

function forkMap(map: ReadonlyMap<unknown, unknown>, older: ReadonlyMap<unknown, unknown> | undefined) {
  let copy = older?.size === map.size ? undefined : new Map<unknown, unknown>();
  const olderKeys = copy === undefined ? older?.keys() : undefined;
  let seen = 0;
  for (const [key, value] of map) {
    const olderValue = older?.get(key);
    const part = forkUnknown(value, olderValue);
    // The order of keys is state too: it decides what comes first.
    if (copy === undefined && !(olderKeys?.next().value === key && Object.is(part, olderValue)))
      copy = new Map(firstEntries(older as ReadonlyMap<unknown, unknown>, seen));
    copy?.set(key, part);
    seen++;
  }
  return copy ?? (older as ReadonlyMap<unknown, unknown>);
}

function* firstEntries<K, V>(map: ReadonlyMap<K, V>, count: number): Generator<[K, V]> {
  for (const entry of map) {
    if (count-- === 0) return;
    yield entry;
  }
}

function forkSet(set: ReadonlySet<unknown>, older: ReadonlySet<unknown> | undefined): ReadonlySet<unknown> {
  if (older?.size !== set.size) return new Set(set);
  const olderItems = older.values();
  for (const item of set) if (olderItems.next().value !== item) return new Set(set);
  return older;
}

function forkObject(source: PlainObject, older: PlainObject | undefined): PlainObject {
  const keys = Object.keys(source);
  let copy = older !== undefined && sameNames(keys, Object.keys(older)) ? undefined : emptyLike(source);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const part = forkUnknown(source[key], older?.[key]);
    if (copy === undefined && !Object.is(part, older?.[key])) {
      copy = emptyLike(source);
      for (let k = 0; k < i; k++) copy[keys[k] as string] = older?.[keys[k] as string];
    }
    if (copy !== undefined) copy[key] = part;
  }
  return copy ?? (older as PlainObject);
}

const emptyLike = (source: object): Record<string, unknown> =>
  Object.create(Object.getPrototypeOf(source) as object | null) as Record<string, unknown>;

function sameNames(names: readonly string[], others: readonly string[]): boolean {
  if (names.length !== others.length) return false;
  for (let i = 0; i < names.length; i++) if (names[i] !== others[i]) return false;
  return true;
}
