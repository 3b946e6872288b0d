import type { CommandAct } from '../api/command.ts';
import { replaceDirectory, restoreDirectory } from '../broker/directory-repair.ts';
import type { Kernel } from '../sim/kernel.ts';
import { directoryPaths } from './directory-paths.ts';

export type DirectoryAct = CommandAct & { readonly type: 'fail-log-dir' | 'repair-log-dir' };

/** Why a disk cannot fail or be repaired now. */
export function refuseDirectory(kernel: Kernel, act: DirectoryAct): string | undefined {
  const { node, directory } = act;
  const slot = kernel.slot(node);
  if (slot.program !== 'broker') return `${node} has no log directories: it is no broker.`;
  const path = directoryPaths(slot)[directory];
  if (path === undefined) return `${node} has no log directory with the number ${directory}.`;
  const failed = slot.disk.failed.has(directory);
  if (act.type === 'fail-log-dir') return failed ? `${path} of ${node} has failed already.` : undefined;
  if (!failed) return `${path} of ${node} has not failed.`;
  return slot.status === 'paused' ? `${node} is paused, with the failed directory in use.` : undefined;
}

export function performOnDirectory(kernel: Kernel, act: DirectoryAct): void {
  const { node, directory } = act;
  const { disk } = kernel.slot(node);
  if (act.type === 'fail-log-dir') {
    disk.failed.set(directory, kernel.state.now);
    kernel.signal(node, { type: 'log-dir-failed' });
    return;
  }
  const since = disk.failed.get(directory) ?? kernel.state.now;
  disk.failed.delete(directory);
  if (act.empty) replaceDirectory(disk, directory);
  else restoreDirectory(disk, directory, since);
}
