import { err, ok, type Result } from '../../engine/base/result.ts';
import { LINK_LIMITS } from './link-limits.ts';

/** Packs bytes as raw DEFLATE (RFC 1951). */
export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

export type InflateFailure = 'damaged' | 'too large' | 'too slow';

/**
 * Unpacks raw DEFLATE piece by piece and stops at the first cap that is passed: size, ratio, or time. What a bomb would
 * unpack to is never held.
 */
export async function inflate(
  packed: Uint8Array<ArrayBuffer>,
  now: () => number = () => performance.now(),
): Promise<Result<Uint8Array<ArrayBuffer>, InflateFailure>> {
  const most = Math.min(LINK_LIMITS.unpackedBytesMax, packed.length * LINK_LIMITS.ratioMax);
  const deadline = now() + LINK_LIMITS.unpackMsMax;
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  let failure: InflateFailure | null = null;
  try {
    while (failure === null) {
      const { done, value } = await reader.read();
      if (done) return ok(new Uint8Array(await new Blob(pieces).arrayBuffer()));
      pieces.push(value);
      length += value.length;
      if (length > most) failure = 'too large';
      else if (now() > deadline) failure = 'too slow';
    }
  } catch {
    return err('damaged');
  }
  // What is left is of no interest, nor is how it ends.
  reader.cancel().catch(() => undefined);
  return err(failure);
}
