import { int64FromBytes, int64ToBytes, type Bytes } from '../../base/bytes.ts';

/** Windows of successive records mostly repeat: their encodings are kept. Only a memo, it never decides a result. */
const memo = new Map<number, Bytes>();
const MOST = 4_096;

/** A time, in milliseconds and not negative, as bytes in the order of time. */
export function orderedTime(time: number): Bytes {
  const known = memo.get(time);
  if (known !== undefined) return known;
  const bytes = int64ToBytes(time);
  if (memo.size >= MOST) memo.clear();
  memo.set(time, bytes);
  return bytes;
}

/** Reads back what {@link orderedTime} wrote at `at`. */
export const timeAt = (bytes: Bytes, at: number): number => int64FromBytes(bytes, at);

/** The half-open range of everything at `from` or later and at `to` or earlier, both in milliseconds. */
export function timeRange(from: number, to: number): { readonly from: Bytes; readonly to?: Bytes } {
  const start = orderedTime(Math.max(0, from));
  return to >= Number.MAX_SAFE_INTEGER ? { from: start } : { from: start, to: orderedTime(to + 1) };
}
