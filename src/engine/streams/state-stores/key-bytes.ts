import type { Bytes } from '../../base/bytes.ts';
import type { Serde } from '../serdes/serde.ts';

/** Encodes the keys of a store. It remembers the last one, which is mostly asked for again. Only a memo. */
export class KeyBytes {
  private readonly serde: Serde;
  private key: unknown = undefined;
  private bytes: Bytes = '';

  constructor(serde: Serde) {
    this.serde = serde;
  }

  of(key: unknown): Bytes {
    if (key !== this.key) {
      this.bytes = this.serde.serialize(key);
      this.key = key;
    }
    return this.bytes;
  }
}
