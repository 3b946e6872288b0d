import type { Bytes } from '../../base/bytes.ts';
import type { Serde } from '../serdes/serde.ts';
import type { Headers } from './stream-record.ts';

/** A record on its way to a topic. Key and value are still values; bytes are made when someone asks. Immutable. */
export interface OutgoingRecord {
  /** With the application id, if it is internal. */
  readonly topic: string;
  readonly key: unknown;
  readonly value: unknown;
  readonly keySerde: Serde;
  readonly valueSerde: Serde;
  readonly timestamp: number;
  readonly headers: Headers;
  /** Undefined: the producer chooses by the key. */
  readonly partition: number | undefined;
}

export const keyBytes = ({ key, keySerde }: OutgoingRecord): Bytes | null =>
  key === null ? null : keySerde.serialize(key);

export const valueBytes = ({ value, valueSerde }: OutgoingRecord): Bytes | null =>
  value === null ? null : valueSerde.serialize(value);
