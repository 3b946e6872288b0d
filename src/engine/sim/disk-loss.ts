import { assert } from '../base/assert.ts';
import type { SimTime } from '../base/time.ts';
import { settle, truncateFile, WRITEBACK_AGE, type DiskFile, type DiskState } from './disk.ts';

/** Cuts the power: whatever was neither flushed nor written back is gone. Values were synced when written. */
export function losePower(disk: DiskState, now: SimTime): void {
  for (const file of disk.files.values()) loseUnflushed(file, now);
}

/** The same for one file. */
export function loseUnflushed(file: DiskFile, now: SimTime): void {
  settle(file, now);
  const only = file.marks[0];
  if (only !== undefined && now - only.at >= WRITEBACK_AGE) file.flushed = Math.max(file.flushed, only.end);
  assert(file.flushed <= file.entries.end, 'flushed beyond the end of a file', { flushed: file.flushed });
  truncateFile(file, Math.max(file.flushed, file.entries.start));
  file.marks = [];
}

/** Another disk is in the place of this one, and empty. */
export function wipeDisk({ files, values, failed }: DiskState): void {
  files.clear();
  values.clear();
  failed.clear();
}
