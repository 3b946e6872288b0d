import { fromHex, int32ToBytes, utf8Encode, type Bytes } from '../../base/bytes.ts';
import { isObject, listOf, numberOf, objectOf, textOf, UnsupportedError } from '../conformance/case-file.ts';
import type { Json, JsonObject } from '../conformance/case-file.ts';

/** The bytes that a case writes as text, as hexadecimal digits, or as a consumer's subscription or assignment. */
export function bytesFrom(written: JsonObject): Bytes {
  if (written.utf8 !== undefined) return utf8Encode(textOf(written.utf8, 'utf8'));
  if (written.hex !== undefined) return fromHex(textOf(written.hex, 'hex'));
  if (written.subscription !== undefined) return subscription(objectOf(written.subscription, 'subscription'));
  if (written.assignment !== undefined) return assignment(objectOf(written.assignment, 'assignment'));
  throw new UnsupportedError(`bytes written as ${Object.keys(written).join(', ')}`);
}

/** Replaces every object that stands for bytes, at any depth. */
export function withBytes(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withBytes(item));
  if (!isObject(value)) return value;
  if (standsForBytes(value)) return bytesFrom(value);
  return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, withBytes(item ?? null)]));
}

/** `{assignment: …}` stands for bytes, but a member's `assignment` beside other fields does not. */
function standsForBytes(value: JsonObject): boolean {
  const [field, ...others] = Object.keys(value);
  if (field === undefined || others.length > 0) return false;
  if (field === 'utf8' || field === 'hex') return true;
  return (
    (field === 'subscription' || field === 'assignment') &&
    isObject(value[field]) &&
    'version' in value[field]
  );
}

function subscription(written: JsonObject): Bytes {
  const version = numberOf(written.version, 'version');
  let bytes = int16(version) + array(written.topics, (topic) => string(textOf(topic, 'topic')));
  bytes += nullableBytes(written.userData);
  if (version >= 1) bytes += array(written.ownedPartitions, partitionsOfTopic);
  if (version >= 2) bytes += int32ToBytes(numberOf(written.generationId, 'generationId'));
  if (version >= 3) bytes += typeof written.rackId === 'string' ? string(written.rackId) : int16(-1);
  return bytes;
}

const assignment = (written: JsonObject): Bytes =>
  int16(numberOf(written.version, 'version')) +
  array(written.assignedPartitions, partitionsOfTopic) +
  nullableBytes(written.userData);

function partitionsOfTopic(written: Json): Bytes {
  const { topic, partitions } = objectOf(written, 'partitions of a topic');
  return (
    string(textOf(topic, 'topic')) +
    array(partitions, (partition) => int32ToBytes(numberOf(partition, 'partition')))
  );
}

const int16 = (value: number): Bytes => String.fromCharCode((value >> 8) & 0xff, value & 0xff);

function string(text: string): Bytes {
  const bytes = utf8Encode(text);
  return int16(bytes.length) + bytes;
}

function array(written: Json | undefined, encode: (item: Json) => Bytes): Bytes {
  const items = listOf(written, 'list');
  return int32ToBytes(items.length) + items.map((item) => encode(item)).join('');
}

function nullableBytes(written: Json | undefined): Bytes {
  if (written === undefined || written === null) return int32ToBytes(-1);
  const bytes = bytesFrom(objectOf(written, 'bytes'));
  return int32ToBytes(bytes.length) + bytes;
}
