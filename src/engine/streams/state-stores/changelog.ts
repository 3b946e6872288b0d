import { int32ToBytes, type Bytes } from '../../base/bytes.ts';
import type { Headers } from '../task/stream-record.ts';
import { orderedTime } from './ordered-time.ts';
import type { StoreChange } from './store.ts';
import { storeType } from './stores.ts';

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
export function changelogValue(change: StoreChange): Bytes | null {
  const { store, value } = change;
  if (value === null) return null;
  return storeType(store.kind).changelogValue?.(change) ?? store.value.serialize(value);
}

/** Says which layout a suppress buffer's changelog has. */
const BUFFER_VERSION: Headers = Object.freeze([Object.freeze(['v', '\x03'] as const)]);
const NONE: Headers = Object.freeze([]);

/** Headers of a change on the changelog topic. */
export const changelogHeaders = ({ store, value }: StoreChange): Headers =>
  store.kind === 'suppressBuffer' && value !== null ? BUFFER_VERSION : NONE;
