import { int32ToBytes, type Bytes } from '../../base/bytes.ts';
import type { Headers } from '../task/stream-record.ts';
import { bufferedBytes, type BufferedRecord } from './buffered-record.ts';
import { orderedTime } from './ordered-time.ts';
import { listBytes } from './outer-join-buffer.ts';
import type { StoreChange } from './store.ts';

/** The key of a change as the changelog topic holds it. */
export function changelogKey({ store, key, start, end, sequence }: StoreChange): Bytes {
  switch (store.kind) {
    case 'window':
    case 'timestampedWindow':
      return store.key.serialize(key) + orderedTime(start) + int32ToBytes(Math.max(0, sequence));
    case 'session':
      return store.key.serialize(key) + orderedTime(end) + orderedTime(start);
    case 'suppressBuffer':
    case 'outerJoinBuffer':
    case 'graceBuffer':
    case 'subscription':
      return key as Bytes;
    default:
      return store.key.serialize(key);
  }
}

/** The value of a change as the changelog topic holds it; null deletes. */
export function changelogValue({ store, value, start }: StoreChange): Bytes | null {
  if (value === null) return null;
  switch (store.kind) {
    case 'suppressBuffer':
      return bufferedBytes(value as BufferedRecord, store.value) + orderedTime(start);
    case 'graceBuffer':
      return bufferedBytes(value as BufferedRecord, store.value) + orderedTime(0);
    case 'outerJoinBuffer':
      return listBytes(value as readonly unknown[], (item) => store.value.serialize(item));
    default:
      return store.value.serialize(value);
  }
}

/** Says which layout a suppress buffer's changelog has. */
const BUFFER_VERSION: Headers = Object.freeze([Object.freeze(['v', '\x03'] as const)]);
const NONE: Headers = Object.freeze([]);

/** Headers of a change on the changelog topic. */
export const changelogHeaders = ({ store, value, headers }: StoreChange): Headers =>
  store.kind === 'suppressBuffer' && value !== null ? BUFFER_VERSION : (headers ?? NONE);
