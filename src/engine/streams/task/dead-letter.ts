import { utf8Encode, type Bytes } from '../../base/bytes.ts';
import type { Serde } from '../serdes/serde.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import type { Headers } from './stream-record.ts';
import type { InputRecord } from './stream-task.ts';

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

/** The record that Kafka's handlers put into the dead letter queue for a record that failed (KIP-1034). */
export function deadLetter(queue: string, input: InputRecord, error: Error): OutgoingRecord {
  const { topic, partition, offset, timestamp, key, value } = input;
  const headers: Headers = [
    ...input.headers,
    ['__streams.errors.exception', utf8Encode(FULL_NAMES.get(error.name) ?? `java.lang.${error.name}`)],
    ['__streams.errors.message', utf8Encode(error.message)],
    ['__streams.errors.stacktrace', utf8Encode(error.stack ?? '')],
    ['__streams.errors.topic', utf8Encode(topic)],
    ['__streams.errors.partition', String(partition)],
    ['__streams.errors.offset', String(offset)],
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
