import { directoryOfPath, namesIn } from '../log/log-directory.ts';
import type { DiskState } from '../sim/disk.ts';
import { loseUnflushed } from '../sim/disk-loss.ts';
import type { SimTime } from '../base/time.ts';
import { CLEAN_SHUTDOWN_FILE, META_PROPERTIES } from './log-directories.ts';
import { HIGH_WATERMARKS, LOG_STARTS } from './checkpoints.ts';

/** A directory can be used again, from the broker's next start on. What had not been written when it failed is gone. */
export function restoreDirectory(disk: DiskState, directory: number, failedAt: SimTime): void {
  for (const name of namesIn(disk, directory)) {
    const file = disk.files.get(name);
    if (file !== undefined) loseUnflushed(file, failedAt);
  }
}

/** An empty disk, formatted, is in the place of the one that failed: a directory with a new id. */
export function replaceDirectory(disk: DiskState, directory: number): void {
  for (const name of namesIn(disk, directory)) {
    disk.files.delete(name);
    disk.values.delete(name);
  }
  const ids = disk.values.get(META_PROPERTIES) as readonly (string | null)[] | undefined;
  if (ids !== undefined) {
    const known = ids.map((id, i) => (i === directory ? null : id));
    disk.values.set(META_PROPERTIES, Object.freeze(known));
  }
  disk.values.delete(CLEAN_SHUTDOWN_FILE);
  for (const file of [HIGH_WATERMARKS, LOG_STARTS]) {
    const offsets = (disk.values.get(file) as Readonly<Record<string, number>> | undefined) ?? {};
    const elsewhere = Object.entries(offsets).filter(([path]) => directoryOfPath(path) !== directory);
    disk.values.set(file, Object.freeze(Object.fromEntries(elsewhere)));
  }
}
