import { assert } from '../../base/assert.ts';
import { int32ToBytes, int64ToBytes, type Bytes } from '../../base/bytes.ts';
import { uuidToBytes } from '../../protocol/uuid.ts';
import { compactArray, CompactReader, taggedFields } from '../group/compact-bytes.ts';
import { int16 } from '../group/record-bytes.ts';
import type { Assignment } from './assignor/assignor.ts';

/*
 * What the records of all groups have in common whose coordinator shares out (KIP-848, KIP-932): epochs, targets, and
 * values of one version.
 */

/** A record of a group. */
export interface Keyed<T extends string, V> {
  readonly type: T;
  readonly group: string;
  /** Null for a tombstone. */
  readonly value: V | null;
}

export interface OfMember {
  readonly member: string;
}

export interface GroupEpoch {
  readonly epoch: number;
  readonly metadataHash: number;
}

export interface TargetEpoch {
  readonly epoch: number;
  /** ms since 1970, 0 if not known. */
  readonly timestamp: number;
}

const VALUE_VERSION = 0;

/** A value with its version before it. */
export const versioned = (value: Bytes): Bytes => int16(VALUE_VERSION) + value;

/** Reads what {@link versioned} wrote; null for a tombstone. */
export function decodeWith<T>(decode: (reader: CompactReader) => T, value: Bytes | null): T | null {
  if (value === null) return null;
  const reader = new CompactReader(value);
  const version = reader.int16();
  assert(version === VALUE_VERSION, 'a value of another version', { version });
  const decoded = decode(reader);
  assert(!reader.overrun, 'a record of __consumer_offsets ends too early');
  return decoded;
}

export const encodeGroupEpoch = ({ epoch, metadataHash }: GroupEpoch): Bytes =>
  int32ToBytes(epoch) + taggedFields([int64ToBytes(metadataHash)]);

export function decodeGroupEpoch(reader: CompactReader): GroupEpoch {
  const epoch = reader.int32();
  return Object.freeze({ epoch, metadataHash: reader.tagged((tag) => tag.int64()) ?? 0 });
}

export const encodeTargetEpoch = ({ epoch, timestamp }: TargetEpoch): Bytes =>
  int32ToBytes(epoch) + taggedFields([int64ToBytes(timestamp)]);

export function decodeTargetEpoch(reader: CompactReader): TargetEpoch {
  const epoch = reader.int32();
  return Object.freeze({ epoch, timestamp: reader.tagged((tag) => tag.int64()) ?? 0 });
}

/** Partitions by topic. */
export const encodeAssignment = (assignment: Assignment): Bytes =>
  compactArray(
    [...assignment],
    ([topicId, partitions]) =>
      uuidToBytes(topicId) + compactArray(partitions, int32ToBytes) + taggedFields([]),
  );

export const decodeAssignment = (reader: CompactReader): Assignment =>
  new Map(
    reader.compactArray((item) => {
      const entry = [item.uuid(), decodeNumbers(item)] as const;
      item.tagged();
      return entry;
    }),
  );

export const decodeNumbers = (reader: CompactReader): readonly number[] =>
  Object.freeze(reader.compactArray((number) => number.int32()));
