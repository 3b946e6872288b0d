import { utf8Encode, type Bytes } from '../../base/bytes.ts';
import type { Serde } from '../serdes/serde.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import type { RecordContext } from './processor.ts';
import type { Headers } from './stream-record.ts';

/** Bytes that stay bytes. */
const bytesSerde: Serde = {
  name: 'bytes',
  serialize: (value) => value as Bytes,
  deserialize: (bytes) => bytes,
};

/** Full Java names of exceptions that may send a record to the dead letter queue. */
const FULL_NAMES: ReadonlyMap<string, string> = new Map([
  ['SerializationException', 'org.apache.kafka.common.errors.SerializationException'],
  ['StreamsException', 'org.apache.kafka.streams.errors.StreamsException'],
  ['IllegalStateException', 'java.lang.IllegalStateException'],
]);

/** A record, or a punctuation, that failed. */
export interface Failure {
  /** Bytes as they came from the source topic; null in a punctuation. */
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  /** Where it was when it failed. */
  readonly context: RecordContext;
  readonly error: Error;
}

/** The record that Kafka's handlers put into the dead letter queue (KIP-1034): the source's bytes, and what went wrong. */
export function deadLetter(queue: string, { key, value, context, error }: Failure): OutgoingRecord {
  const { metadata, timestamp } = context;
  const exception = FULL_NAMES.get(error.name) ?? `java.lang.${error.name}`;
  const headers: Headers = [
    ...context.headers,
    ['__streams.errors.exception', utf8Encode(exception)],
    ['__streams.errors.message', utf8Encode(error.message)],
    // Only its first line: where in the code it was thrown is no fact of a run, and differs between browsers.
    ['__streams.errors.stacktrace', utf8Encode(`${exception}: ${error.message}`)],
    ['__streams.errors.topic', metadata === undefined ? null : utf8Encode(metadata.topic)],
    ['__streams.errors.partition', String(metadata?.partition ?? -1)],
    ['__streams.errors.offset', String(metadata?.offset ?? -1)],
  ];
  return {
    topic: queue,
    key,
    value,
    keySerde: bytesSerde,
    valueSerde: bytesSerde,
    timestamp,
    headers,
    partition: undefined,
  };
}
