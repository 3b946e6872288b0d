import { int64FromBytes, int64ToBytes, type Bytes } from '../../base/bytes.ts';

/**
 * A 64-bit signed integer: a number while its magnitude is at most 2^53 − 1, a bigint beyond. Always in that form, so
 * that equal values are `===`.
 */
export type Long = number | bigint;

const toLong = (value: bigint): Long => {
  const wrapped = BigInt.asIntN(64, value);
  const number = Number(wrapped);
  return Number.isSafeInteger(number) ? number : wrapped;
};

export function longAdd(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toLong(BigInt(a) + BigInt(b));
}

export function longSubtract(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return toLong(BigInt(a) - BigInt(b));
}

export function longMultiply(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
  }
  return toLong(BigInt(a) * BigInt(b));
}

/** Remainder with the sign of the dividend, as `%` of Java. */
export function longRemainder(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  return toLong(BigInt(a) % BigInt(b));
}

/** Remainder that is never negative for a positive divisor, as `Math.floorMod` of Java. */
export function longFloorMod(a: Long, b: Long): Long {
  const remainder = longRemainder(a, b);
  return remainder !== 0 && remainder < 0 !== b < 0 ? longAdd(remainder, b) : remainder;
}

export function isLong(value: unknown): value is Long {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** A long written in decimal digits. */
export function parseLongText(text: string): Long {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number + 0 : toLong(BigInt(text));
}

/** Eight bytes, big-endian two's complement. */
export function longToBytes(value: Long): Bytes {
  if (typeof value === 'number') return int64ToBytes(value);
  const bits = BigInt.asUintN(64, value);
  let bytes = '';
  for (let shift = 56n; shift >= 0n; shift -= 8n)
    bytes += String.fromCharCode(Number((bits >> shift) & 0xffn));
  return bytes;
}

export function longFromBytes(bytes: Bytes): Long {
  const near = int64FromBytes(bytes);
  if (Number.isSafeInteger(near)) return near;
  let bits = 0n;
  for (let i = 0; i < 8; i++) bits = (bits << 8n) | BigInt(bytes.charCodeAt(i));
  return toLong(bits);
}
