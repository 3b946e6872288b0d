import type { Bytes } from '../../base/bytes.ts';
import { SerializationError, type Serde } from './serde.ts';
import { TableChange } from './table-change.ts';

/** Last byte: what comes before it is the old value, the new value, or the new value's length and both. */
const OLD_ONLY = '\x00';
const NEW_ONLY = '\x01';
const BOTH = '\x02';

/** The bytes of a {@link TableChange} of values of this type (`ChangedSerializer`, KIP-904). They do not say `isLatest`. */
export function changeSerde(inner: Serde): Serde {
  return {
    name: `change(${inner.name})`,
    serialize(value) {
      const { newValue, oldValue } = value as TableChange;
      if (newValue === null) return inner.serialize(oldValue) + OLD_ONLY;
      const fresh = inner.serialize(newValue);
      if (oldValue === null) return fresh + NEW_ONLY;
      return varint(fresh.length) + fresh + inner.serialize(oldValue) + BOTH;
    },
    deserialize: (bytes) => readChange(inner, bytes),
  };
}

function readChange(inner: Serde, bytes: Bytes): TableChange {
  const data = bytes.slice(0, -1);
  switch (bytes.slice(-1)) {
    case OLD_ONLY:
      return new TableChange(null, inner.deserialize(data), true);
    case NEW_ONLY:
      return new TableChange(inner.deserialize(data), null, true);
    case BOTH: {
      const { value: length, next } = readVarint(data);
      const middle = next + length;
      return new TableChange(
        inner.deserialize(data.slice(next, middle)),
        inner.deserialize(data.slice(middle)),
        true,
      );
    }
    default:
      throw new SerializationError('unknown layout of a change');
  }
}

/** A length, not negative, in zigzag form and seven bits a byte. */
function varint(value: number): Bytes {
  let rest = value * 2;
  let bytes = '';
  while (rest >= 0x80) {
    bytes += String.fromCharCode((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return bytes + String.fromCharCode(rest);
}

function readVarint(bytes: Bytes): { readonly value: number; readonly next: number } {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 5; i++) {
    const byte = bytes.charCodeAt(i);
    value += (byte & 0x7f) * scale;
    scale *= 0x80;
    if (byte < 0x80) return { value: Math.floor(value / 2), next: i + 1 };
  }
  throw new SerializationError('a length that does not end');
}
