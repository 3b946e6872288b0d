import { assert } from './assert.ts';

/** State of one pseudo-random stream: four 32-bit words of xoshiro128**. Plain data, so that it survives a checkpoint. */
export interface PrngState {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** A probability, exact and printable: 1 in 20 is `{ numerator: 1, denominator: 20 }`. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * The stream of this name under this seed. Streams are unrelated to each other, so a new use of chance takes a new name
 * and does not reshuffle the others.
 */
export function prngStream(seed: number, name: string): PrngState {
  let h = seed | 0;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  const next = () => {
    h = (h + 0x9e3779b9) | 0;
    let z = h;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  return { a: next(), b: next(), c: next(), d: next() };
}

const rotateLeft = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** The next 32 random bits, as an unsigned integer. */
export function nextUint32(prng: PrngState): number {
  const result = Math.imul(rotateLeft(Math.imul(prng.b, 5), 7), 9);
  const t = prng.b << 9;
  prng.c ^= prng.a;
  prng.d ^= prng.b;
  prng.b ^= prng.c;
  prng.a ^= prng.d;
  prng.c ^= t;
  prng.d = rotateLeft(prng.d, 11);
  return result >>> 0;
}

/** An integer in [0, bound). The bias of the modulo is below bound / 2^32. */
export function below(prng: PrngState, bound: number): number {
  assert(Number.isSafeInteger(bound) && bound > 0, 'bound must be a positive integer', { bound });
  return nextUint32(prng) % bound;
}

export function chance(prng: PrngState, ratio: Ratio): boolean {
  return below(prng, ratio.denominator) < ratio.numerator;
}

/** An item of a non-empty list. */
export function pick<T>(prng: PrngState, items: readonly T[]): T {
  return items[below(prng, items.length)] as T;
}
