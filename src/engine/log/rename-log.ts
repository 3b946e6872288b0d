import type { DiskState } from '../sim/disk.ts';
import { filesOf } from './log-directory.ts';

/** Everything of a log is found under another path. */
export function renameLog(disk: DiskState, from: string, to: string): void {
  const [old, now] = [filesOf(from), filesOf(to)];
  for (const [name, file] of [...disk.files])
    if (name.startsWith(old)) {
      disk.files.delete(name);
      disk.files.set(now + name.slice(old.length), file);
    }
  for (const [name, value] of [...disk.values])
    if (name.startsWith(old)) {
      disk.values.delete(name);
      disk.values.set(now + name.slice(old.length), value);
    }
}
