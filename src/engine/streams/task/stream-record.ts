import type { Bytes } from '../../base/bytes.ts';

/** Name and value, in order of appending; names may repeat. Immutable. */
export type Headers = readonly (readonly [string, Bytes | null])[];

export const NO_HEADERS: Headers = Object.freeze([]);

/**
 * What travels between processors. One shape for streams and tables, so that every processor stays monomorphic: a
 * table's change carries the new value in `value` and, where an operator downstream asked for it, the old one in
 * `oldValue`. Never changed after construction. Absent keys and values are null.
 */
export interface StreamRecord {
  readonly key: unknown;
  readonly value: unknown;
  readonly oldValue: unknown;
  /** False for a change of a versioned table that is older than the table's latest value (KIP-914). */
  readonly isLatest: boolean;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly headers: Headers;
}

/** A record of a stream with another key and value; time and headers stay. */
export function withKeyValue(record: StreamRecord, key: unknown, value: unknown): StreamRecord {
  const { timestamp, headers } = record;
  return { key, value, oldValue: null, isLatest: true, timestamp, headers };
}

/** A record of a stream with another value; key, time and headers stay. */
export function withValue(record: StreamRecord, value: unknown): StreamRecord {
  const { key, timestamp, headers } = record;
  return { key, value, oldValue: null, isLatest: true, timestamp, headers };
}

/** A record of a stream with another value and time; key and headers stay. */
export function withValueAt(record: StreamRecord, value: unknown, timestamp: number): StreamRecord {
  const { key, headers } = record;
  return { key, value, oldValue: null, isLatest: true, timestamp, headers };
}

/** A record without origin: no old value, no headers. */
export function recordOf(key: unknown, value: unknown, timestamp: number): StreamRecord {
  return { key, value, oldValue: null, isLatest: true, timestamp, headers: NO_HEADERS };
}

/** A table's change: same key and headers, new and old value. */
export function withChange(
  record: StreamRecord,
  value: unknown,
  oldValue: unknown,
  timestamp: number,
): StreamRecord {
  const { key, isLatest, headers } = record;
  return { key, value, oldValue, isLatest, timestamp, headers };
}
