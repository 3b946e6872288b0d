import { InvariantError } from './assert.ts';

/**
 * A container that knows how to make an independent copy of itself cheaply, by sharing what neither copy will change.
 * After `[FORK]()` both may be written without the other seeing it.
 */
export const FORK: unique symbol = Symbol('fork');

export interface Forkable {
  [FORK](): this;
}

/**
 * An independent copy of plain state. What is frozen is immutable by contract and is shared; a {@link Forkable}
 * copies itself; arrays, maps, sets, typed arrays and objects (with their prototype) are copied recursively.
 * State must be a tree: an object reached by two paths becomes two objects.
 */
export function fork<T>(value: T): T {
  return forkUnknown(value) as T;
}

function forkUnknown(value: unknown): unknown {
  if (typeof value === 'function') throw new InvariantError('a function cannot survive a checkpoint');
  if (typeof value !== 'object' || value === null) return value;
  if (FORK in value) return (value as Forkable)[FORK]();
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice();
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(forkUnknown);
  if (value instanceof Map) return forkMap(value);
  if (value instanceof Set) return new Set(value);
  return forkObject(value);
}

function forkMap(map: Map<unknown, unknown>): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>();
  for (const [key, value] of map) copy.set(key, typeof value === 'object' ? forkUnknown(value) : value);
  return copy;
}

function forkObject(value: object): object {
  const source = value as Record<string, unknown>;
  const copy = Object.create(Object.getPrototypeOf(value) as object | null) as Record<string, unknown>;
  for (const key of Object.keys(source)) copy[key] = forkUnknown(source[key]);
  return copy;
}
