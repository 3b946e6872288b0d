import {
  int32ToBytes,
  int64FromBytes,
  int64ToBytes,
  utf8Decode,
  utf8Encode,
  type Bytes,
} from '../../base/bytes.ts';
import type { Serde } from '../serdes/serde.ts';
import type { RecordContext } from '../task/processor.ts';
import type { Headers } from '../task/stream-record.ts';

/** A record or change that waits in a buffer (`BufferValue`). Immutable. */
export interface BufferedRecord {
  readonly key: unknown;
  /** Buffers of changes: the value before the first change that was buffered. */
  readonly prior: unknown;
  readonly oldValue: unknown;
  readonly value: unknown;
  /** Of the record that came last. */
  readonly context: RecordContext;
}

const NULL_LENGTH = -1;
/** Written instead of an old value that equals the prior one. */
const SAME_AS_PRIOR = -2;

/** `BufferValue.serialize`: context, prior value, old value, new value. */
export function bufferedBytes({ prior, oldValue, value, context }: BufferedRecord, serde: Serde): Bytes {
  const priorBytes = nullableBytes(prior, serde);
  const oldBytes = nullableBytes(oldValue, serde);
  const old = oldBytes !== null && oldBytes === priorBytes ? int32ToBytes(SAME_AS_PRIOR) : sized(oldBytes);
  return contextBytes(context) + sized(priorBytes) + old + sized(nullableBytes(value, serde));
}

const nullableBytes = (value: unknown, serde: Serde): Bytes | null =>
  value === null ? null : serde.serialize(value);

const sized = (bytes: Bytes | null): Bytes =>
  bytes === null ? int32ToBytes(NULL_LENGTH) : int32ToBytes(bytes.length) + bytes;

/** `ProcessorRecordContext.serialize`. */
function contextBytes({ timestamp, headers, metadata }: RecordContext): Bytes {
  const { topic, partition, offset } = metadata ?? { topic: '', partition: -1, offset: -1 };
  const written = headers.map(([name, value]) => sized(utf8Encode(name)) + sized(value)).join('');
  return (
    int64ToBytes(timestamp) +
    int64ToBytes(offset) +
    sized(utf8Encode(topic)) +
    int32ToBytes(partition) +
    int32ToBytes(headers.length) +
    written
  );
}

/** Reads bytes front to back. */
class Reader {
  private readonly bytes: Bytes;
  private at = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  int64(): number {
    this.at += 8;
    return int64FromBytes(this.bytes, this.at - 8);
  }

  int32(): number {
    this.at += 4;
    const [a = 0, b = 0, c = 0, d = 0] = [-4, -3, -2, -1].map((back) =>
      this.bytes.charCodeAt(this.at + back),
    );
    return (a << 24) | (b << 16) | (c << 8) | d;
  }

  take(length: number): Bytes {
    this.at += length;
    return this.bytes.slice(this.at - length, this.at);
  }

  sized(): Bytes | null {
    const length = this.int32();
    return length === NULL_LENGTH ? null : this.take(length);
  }
}

/** Reads what {@link bufferedBytes} wrote. */
export function readBuffered(bytes: Bytes, key: unknown, serde: Serde): BufferedRecord {
  const reader = new Reader(bytes);
  const [timestamp, offset] = [reader.int64(), reader.int64()];
  const topic = utf8Decode(reader.sized() ?? '');
  const partition = reader.int32();
  const headers: Headers = Array.from({ length: reader.int32() }, () => {
    const name = utf8Decode(reader.sized() ?? '');
    return [name, reader.sized()] as const;
  });
  const context = { timestamp, headers, metadata: { topic, partition, offset } };
  const prior = reader.sized();
  const oldLength = reader.int32();
  const old = oldLength === SAME_AS_PRIOR ? prior : oldLength === NULL_LENGTH ? null : reader.take(oldLength);
  const value = reader.sized();
  const read = (part: Bytes | null): unknown => (part === null ? null : serde.deserialize(part));
  return { key, prior: read(prior), oldValue: read(old), value: read(value), context };
}

/** What a record weighs in a buffer, in bytes (`residentMemorySizeEstimate`). */
export function bufferedSize(record: BufferedRecord, keyLength: number, serde: Serde): number {
  const { prior, oldValue, value, context } = record;
  const [priorBytes, oldBytes] = [nullableBytes(prior, serde), nullableBytes(oldValue, serde)];
  const values =
    (priorBytes?.length ?? 0) +
    (oldBytes === null || oldBytes === priorBytes ? 0 : oldBytes.length) +
    (nullableBytes(value, serde)?.length ?? 0);
  const headers = context.headers.reduce((sum, [name, item]) => sum + name.length + (item?.length ?? 0), 0);
  return keyLength + values + 20 + (context.metadata?.topic.length ?? 0) + headers;
}
