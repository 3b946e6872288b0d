import type { Bytes } from '../../base/bytes.ts';
import { RecordReader } from './record-bytes.ts';

/** More topics than this in one subscription are not believed. */
const TOPICS_MAX = 100_000;

/**
 * The topics of a `ConsumerProtocolSubscription` (any version: it begins with them). Undefined if the bytes are
 * something else: clients may use the group protocol for their own purposes.
 */
export function subscribedTopicsOf(subscription: Bytes): readonly string[] | undefined {
  const reader = new RecordReader(subscription);
  const version = reader.int16();
  const count = reader.int32();
  if (version < 0 || count < 0 || count > TOPICS_MAX || reader.overrun) return undefined;
  const topics: string[] = [];
  for (let i = 0; i < count && !reader.overrun; i++) topics.push(reader.string());
  return reader.overrun ? undefined : topics;
}
