import type { DirectoryFacts } from '../../api/entities/node.ts';
import { brokerNode, type BrokerId } from '../../api/ids.ts';
import { partitionOfFuture, partitionsIn } from '../../log/log-directory.ts';
import { directoryPaths } from '../directory-paths.ts';
import type { DiskState } from '../../sim/disk.ts';
import type { World } from '../world.ts';

/** The directories of a broker, each with what lies in it; nothing is said of a single one that works. */
export function directoryFacts(world: World, broker: BrokerId): { readonly directories?: DirectoryFacts[] } {
  const slot = world.slot(brokerNode(broker));
  const { disk } = slot;
  const paths = directoryPaths(slot);
  if (paths.length === 1 && disk.failed.size === 0) return {};
  const used = world.broker(broker)?.directories;
  const stateOf = (i: number): DirectoryFacts['state'] => {
    if (disk.failed.has(i)) return 'failed';
    const inUse = used === null || used === undefined || used.online.includes(used.ids[i] ?? '');
    return inUse ? 'online' : 'waiting';
  };
  return {
    directories: paths.map((path, i) => ({ path, state: stateOf(i), ...logsIn(disk, i) })),
  };
}

function logsIn(disk: DiskState, directory: number): Pick<DirectoryFacts, 'partitions' | 'arriving'> {
  const names = partitionsIn(disk, directory);
  return {
    partitions: names.filter((name) => partitionOfFuture(name) === undefined),
    arriving: names.flatMap((name) => partitionOfFuture(name) ?? []),
  };
}
