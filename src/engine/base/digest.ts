import { InvariantError } from './assert.ts';

/** A container that says what its content is for the state hash, whatever its inner layout. */
export const DIGEST: unique symbol = Symbol('digest');

export interface Digestible {
  [DIGEST](digest: Digest): void;
}

/** Digests of frozen values, which cannot change. Only a memo: it never decides a result. */
const memo = new WeakMap<object, readonly [number, number]>();

const SEED_A = 0x811c9dc5;
const SEED_B = 0x9e3779b9;
const PRIME_A = 0x01000193;
const PRIME_B = 0x85ebca6b;

/**
 * An order-sensitive 64-bit digest of plain state (two lanes of 32-bit FNV and murmur mixing). Equal states give equal
 * digests on every machine; it is not meant to resist an attacker.
 */
export class Digest {
  private a = SEED_A;
  private b = SEED_B;

  /** Folds in one integer; the value is taken modulo 2^32. */
  int(value: number): void {
    this.a = Math.imul(this.a ^ value, PRIME_A);
    this.a ^= this.a >>> 15;
    this.b = Math.imul(this.b + value, PRIME_B);
    this.b ^= this.b >>> 13;
  }

  /** Folds in any number exactly (integers beyond 2^32 and fractions included). */
  number(value: number): void {
    if (Number.isInteger(value)) {
      const high = Math.floor(value / 0x100000000);
      this.int(value | 0);
      this.int(high | 0);
    } else this.string(String(value));
  }

  string(value: string): void {
    this.int(value.length);
    for (let i = 0; i < value.length; i++) this.int(value.charCodeAt(i));
  }

  /** Folds in plain data: primitives, arrays, maps, sets, typed arrays, objects (in key order), {@link Digestible}s. */
  value(value: unknown): void {
    switch (typeof value) {
      case 'number':
        this.int(1);
        this.number(value);
        return;
      case 'string':
        this.int(2);
        this.string(value);
        return;
      case 'boolean':
        this.int(value ? 3 : 4);
        return;
      case 'undefined':
        this.int(5);
        return;
      case 'bigint':
        this.int(6);
        this.string(String(value));
        return;
      case 'object':
        if (value === null) this.int(7);
        else this.object(value);
        return;
      default:
        throw new InvariantError('not plain data', { type: typeof value });
    }
  }

  /** Whether a value is frozen must not matter: one that came from another thread no longer is. */
  private object(value: object): void {
    const frozen = Object.isFrozen(value);
    const known = (frozen ? memo.get(value) : undefined) ?? this.alone(value);
    if (frozen) memo.set(value, known);
    this.int(known[0]);
    this.int(known[1]);
  }

  /** The digest of a value by itself, whatever was folded in before. */
  private alone(value: object): readonly [number, number] {
    const { a, b } = this;
    this.a = SEED_A;
    this.b = SEED_B;
    this.content(value);
    const own = [this.a, this.b] as const;
    this.a = a;
    this.b = b;
    return own;
  }

  private content(value: object): void {
    if (DIGEST in value) (value as Digestible)[DIGEST](this);
    else if (Array.isArray(value)) this.list(value);
    else if (value instanceof Map) this.map(value);
    else if (value instanceof Set) this.list([...value]);
    else if (ArrayBuffer.isView(value)) this.list([...(value as Uint8Array)]);
    else this.record(value as Record<string, unknown>);
  }

  private list(items: readonly unknown[]): void {
    this.int(8);
    this.int(items.length);
    for (const item of items) this.value(item);
  }

  private map(map: ReadonlyMap<unknown, unknown>): void {
    this.int(9);
    this.int(map.size);
    for (const [key, value] of map) {
      this.value(key);
      this.value(value);
    }
  }

  private record(record: Readonly<Record<string, unknown>>): void {
    this.int(10);
    for (const key of Object.keys(record).sort()) {
      if (record[key] === undefined) continue;
      this.string(key);
      this.value(record[key]);
    }
  }

  /** Sixteen hexadecimal digits. */
  hex(): string {
    return (this.a >>> 0).toString(16).padStart(8, '0') + (this.b >>> 0).toString(16).padStart(8, '0');
  }
}

/** The digest of one value. */
export function digestOf(value: unknown): string {
  const digest = new Digest();
  digest.value(value);
  return digest.hex();
}
