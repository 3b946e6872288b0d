import { Digest } from '../../engine/base/digest.ts';

/** What a fragment with a scenario begins with; the digit is the version of the link format. */
export const PREFIX = '#s=1.';
export const ANY_PREFIX = /^#s=(\d{1,6})\./;

/** The first bytes of every link: `MR`. */
export const MAGIC: readonly number[] = [0x4d, 0x52];

export const CHECKSUM_BYTES = 4;

/** Of the unpacked bytes. It finds damage, not intent. */
export function checksum(bytes: Uint8Array): readonly number[] {
  const digest = new Digest();
  for (const byte of bytes) digest.int(byte);
  const hex = digest.hex();
  return Array.from({ length: CHECKSUM_BYTES }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
