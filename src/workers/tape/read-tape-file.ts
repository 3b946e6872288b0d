import type { TapeFormat } from '../../engine/api/scenario.ts';
import { err, type Result } from '../../engine/base/result.ts';
import { formatsFor } from './formats.ts';
import { TapeReader, TOO_LARGE } from './tape-reader.ts';
import { TAPE_LIMITS, type TapeTable } from './tape-table.ts';

export interface ReadOptions {
  /** The format that a scenario names; without it the format is guessed. */
  readonly format?: TapeFormat;
  /** Called after each piece with the bytes read so far. */
  readonly onProgress?: (bytes: number) => void;
}

const PIECE_BYTES = 262_144;

/**
 * Reads a data file of at most 50 MB piece by piece, and lets the thread do other things in between. The error is one
 * sentence.
 */
export async function readTapeFile(
  file: Blob,
  options: ReadOptions = {},
): Promise<Result<TapeTable, string>> {
  if (file.size > TAPE_LIMITS.bytesMax) return err(TOO_LARGE);
  const reader = new TapeReader(await formatsFor(options.format));
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    let piece: ArrayBuffer;
    try {
      piece = await file.slice(start, start + PIECE_BYTES).arrayBuffer();
    } catch {
      return err('The file cannot be read any more: it was moved, changed or closed to this page.');
    }
    if (!reader.feed(new Uint8Array(piece))) break;
    options.onProgress?.(Math.min(start + PIECE_BYTES, file.size));
  }
  return reader.end();
}
