import { int64FromBytes, utf8Decode, utf8Encode, type Bytes } from '../../base/bytes.ts';
import { orderedTime } from '../state-stores/ordered-time.ts';
import { jsonText } from './json-text.ts';
import { longFromBytes, longToBytes, type Long } from './long.ts';
import { Windowed } from './windowed.ts';

/**
 * How values of one type become bytes and come back. A null is never handed to a serde: it has no bytes.
 */
export interface Serde {
  readonly name: string;
  serialize(value: unknown): Bytes;
  /** Throws {@link SerializationError} if these bytes are no value of the type. */
  deserialize(bytes: Bytes): unknown;
}

/** The serdes a topology names. */
export type SerdeName = 'string' | 'long' | 'json';

/** Bytes that are no value of the type. The name and text are those of Kafka's `SerializationException`. */
export class SerializationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SerializationException';
  }
}

export const stringSerde: Serde = {
  name: 'string',
  serialize: (value) => utf8Encode(value as string),
  deserialize: utf8Decode,
};

export const longSerde: Serde = {
  name: 'long',
  serialize: (value) => longToBytes(value as Long),
  deserialize(bytes) {
    if (bytes.length !== 8)
      throw new SerializationError('Size of data received by LongDeserializer is not 8');
    return longFromBytes(bytes);
  },
};

/** Values are plain objects; the order of their fields is kept. */
export const jsonSerde: Serde = {
  name: 'json',
  serialize: (value) => utf8Encode(jsonText(value)),
  deserialize(bytes) {
    const value = parseJson(utf8Decode(bytes));
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new SerializationError('not a JSON object');
    return value;
  },
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SerializationError('not JSON');
  }
}

const BY_NAME: Readonly<Record<SerdeName, Serde>> = { string: stringSerde, long: longSerde, json: jsonSerde };

export const serdeNamed = (name: SerdeName): Serde => BY_NAME[name];

/** A windowed key: the key's bytes, then the window's start (`TimeWindowedSerializer`). The end follows from the size. */
export interface TimeWindowedSerde extends Serde {
  readonly inner: Serde;
  readonly windowSize: number;
}

export function timeWindowedSerde(inner: Serde, windowSize: number): TimeWindowedSerde {
  return {
    name: `timeWindowed(${inner.name},${windowSize})`,
    inner,
    windowSize,
    serialize(value) {
      const windowed = value as Windowed;
      return inner.serialize(windowed.key) + orderedTime(windowed.start);
    },
    deserialize(bytes) {
      const at = windowedKeyLength(bytes, 8);
      const start = int64FromBytes(bytes, at);
      return new Windowed(inner.deserialize(bytes.slice(0, at)), start, start + windowSize);
    },
  };
}

/** A session's key: the key's bytes, then end, then start (`SessionWindowedSerializer`). */
export interface SessionWindowedSerde extends Serde {
  readonly inner: Serde;
  readonly session: true;
}

export function sessionWindowedSerde(inner: Serde): SessionWindowedSerde {
  return {
    name: `sessionWindowed(${inner.name})`,
    inner,
    session: true,
    serialize(value) {
      const windowed = value as Windowed;
      return inner.serialize(windowed.key) + orderedTime(windowed.end) + orderedTime(windowed.start);
    },
    deserialize(bytes) {
      const at = windowedKeyLength(bytes, 16);
      const end = int64FromBytes(bytes, at);
      return new Windowed(inner.deserialize(bytes.slice(0, at)), int64FromBytes(bytes, at + 8), end);
    },
  };
}

function windowedKeyLength(bytes: Bytes, suffix: number): number {
  if (bytes.length < suffix) throw new SerializationError('too short for a windowed key');
  return bytes.length - suffix;
}

/** The type of the key inside a windowed key; any other serde is its own. */
export function innerSerde(serde: Serde): Serde {
  return 'inner' in serde ? (serde as TimeWindowedSerde).inner : serde;
}
