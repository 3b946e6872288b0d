import type { DiskState } from '../sim/disk.ts';
import { readSegmentBases } from './log-files.ts';

/** The first of a broker's directories, which has the metadata log too. */
export const FIRST_DIRECTORY = 0;

/** Names a log by the place of its directory in `log.dirs`; in the first one it is the partition's own name. */
export const logPath = (directory: number, partition: string): string =>
  directory === FIRST_DIRECTORY ? partition : `${directory}/${partition}`;

const FUTURE_SUFFIX = '-future';

/** What a log is called that shall take the place of the partition's own, in another directory (`UnifiedLog.FUTURE_DIR_SUFFIX`). */
export const futureName = (partition: string): string => `${partition}${FUTURE_SUFFIX}`;

/** The partition of such a log; undefined of any other. */
export const partitionOfFuture = (name: string): string | undefined =>
  name.endsWith(FUTURE_SUFFIX) ? name.slice(0, -FUTURE_SUFFIX.length) : undefined;

/** The place in `log.dirs` of the directory that a path leads to. */
export function directoryOfPath(path: string): number {
  const slash = path.indexOf('/');
  return slash < 0 ? FIRST_DIRECTORY : Number(path.slice(0, slash));
}

/** Where a disk with so many directories has a log of the partition that can be read; undefined if it has none. */
export function findLog(disk: DiskState, directories: number, partition: string): string | undefined {
  for (let i = 0; i < directories; i++) {
    const path = logPath(i, partition);
    if (!disk.failed.has(i) && readSegmentBases(disk, path).length > 0) return path;
  }
  return undefined;
}

const PREFIX = 'log/';

/** What the names of all parts of a log begin with. */
export const filesOf = (path: string): string => `${PREFIX}${path}/`;

/** Names of all that a directory holds of logs, files and values. */
export function namesIn(disk: DiskState, directory: number): string[] {
  return [...disk.files.keys(), ...disk.values.keys()].filter((name) => {
    if (!name.startsWith(PREFIX)) return false;
    const path = name.slice(PREFIX.length, name.lastIndexOf('/'));
    return directoryOfPath(path) === directory;
  });
}

/** The partitions that a directory has a log of. */
export const partitionsIn = (disk: DiskState, directory: number): string[] =>
  namesIn(disk, directory)
    .filter((name) => name.endsWith('/segments'))
    .map((name) => name.slice(PREFIX.length, name.lastIndexOf('/')))
    .map((path) => path.slice(path.lastIndexOf('/') + 1));
