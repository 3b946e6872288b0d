import { assert } from '../../base/assert.ts';
import { int32ToBytes, int64ToBytes, type Bytes } from '../../base/bytes.ts';
import type { SimpleRecord } from '../../protocol/record-batch.ts';
import type { StateBatch } from '../../protocol/share-group-state.ts';
import { uuidToBytes } from '../../protocol/uuid.ts';
import { compactArray, CompactReader, taggedFields } from '../group/compact-bytes.ts';
import { int16, string } from '../group/record-bytes.ts';
import type { ShareKey } from './share-state.ts';

/** A record of `__share_group_state`: all that holds, or what changed since. A null value forgets the share partition. */
export interface ShareStateRecord {
  readonly type: 'ShareSnapshot' | 'ShareUpdate';
  readonly key: ShareKey;
  readonly value: ShareStateValue | null;
}

export interface ShareStateValue {
  readonly snapshotEpoch: number;
  /** Of a snapshot; updates do not change it. */
  readonly stateEpoch: number;
  readonly leaderEpoch: number;
  /** In an update −1: it did not change. */
  readonly startOffset: number;
  readonly deliveryCompleteCount: number;
  readonly batches: readonly StateBatch[];
}

/** The version of a key says what kind of record it is. */
const KEY_VERSIONS = { ShareSnapshot: 0, ShareUpdate: 1 } as const;
const VALUE_VERSION = 0;
const NOT_SAID = -1;

/** The record as a broker appends it (`ShareSnapshotKey` 0, `ShareUpdateKey` 1, values of version 0). */
export const encodeShareState = (record: ShareStateRecord, timestamp: number): SimpleRecord => ({
  key:
    int16(KEY_VERSIONS[record.type]) +
    string(record.key.groupId) +
    uuidToBytes(record.key.topicId) +
    int32ToBytes(record.key.partition),
  value: record.value === null ? null : int16(VALUE_VERSION) + encodeValue(record.type, record.value),
  timestamp,
});

const encodeValue = (type: ShareStateRecord['type'], value: ShareStateValue): Bytes =>
  int16(value.snapshotEpoch) +
  (type === 'ShareSnapshot' ? int32ToBytes(value.stateEpoch) : '') +
  int32ToBytes(value.leaderEpoch) +
  int64ToBytes(value.startOffset) +
  compactArray(value.batches, encodeBatch) +
  // Tag 0 is the count of records done with, as far as somebody said it.
  taggedFields(value.deliveryCompleteCount === NOT_SAID ? [] : [int32ToBytes(value.deliveryCompleteCount)]);

const encodeBatch = ({ firstOffset, lastOffset, deliveryState, deliveryCount }: StateBatch): Bytes =>
  int64ToBytes(firstOffset) +
  int64ToBytes(lastOffset) +
  String.fromCharCode(deliveryState) +
  int16(deliveryCount) +
  taggedFields([]);

/** Reads a record of `__share_group_state`; undefined for keys of another kind. */
export function decodeShareState(key: Bytes, value: Bytes | null): ShareStateRecord | undefined {
  const reader = new CompactReader(key);
  const version = reader.int16();
  if (version !== KEY_VERSIONS.ShareSnapshot && version !== KEY_VERSIONS.ShareUpdate) return undefined;
  const type = version === KEY_VERSIONS.ShareSnapshot ? 'ShareSnapshot' : 'ShareUpdate';
  const groupId = reader.string();
  const place = Object.freeze({ groupId, topicId: reader.uuid(), partition: reader.int32() });
  return { type, key: place, value: value === null ? null : decodeValue(type, value) };
}

function decodeValue(type: ShareStateRecord['type'], value: Bytes): ShareStateValue {
  const reader = new CompactReader(value);
  assert(reader.int16() === VALUE_VERSION, 'a value of __share_group_state of another version');
  const decoded = {
    snapshotEpoch: reader.int16(),
    stateEpoch: type === 'ShareSnapshot' ? reader.int32() : NOT_SAID,
    leaderEpoch: reader.int32(),
    startOffset: reader.int64(),
    batches: Object.freeze(reader.compactArray(decodeBatch)),
    deliveryCompleteCount: reader.tagged((tag) => tag.int32()) ?? NOT_SAID,
  };
  assert(!reader.overrun, 'a record of __share_group_state ends too early');
  return Object.freeze(decoded);
}

function decodeBatch(reader: CompactReader): StateBatch {
  const offsets = { firstOffset: reader.int64(), lastOffset: reader.int64() };
  const batch = { ...offsets, deliveryState: reader.int8(), deliveryCount: reader.int16() };
  reader.tagged();
  return Object.freeze(batch);
}
