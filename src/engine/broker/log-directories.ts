import { DIRECTORY, directoryOf } from '../metadata/directory-id.ts';
import { logDirsOf, type BrokerConfig } from '../api/config/broker-config.ts';
import { ensure } from '../base/assert.ts';
import {
  directoryOfPath,
  findLog,
  FIRST_DIRECTORY,
  futureName,
  logPath,
  partitionsIn,
} from '../log/log-directory.ts';
import { renameLog } from '../log/rename-log.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { PartitionDelta } from '../metadata/metadata-delta.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import { compareUuids, randomUuid, type Uuid } from '../protocol/uuid.ts';
import type { DiskState } from '../sim/disk.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { newChannel } from './controller-channel.ts';
import type { Replica } from './replica.ts';

/** The directories of a broker that has several (KIP-858, `LogManager`). */
export interface LogDirectories {
  /** As `log.dirs` names them. */
  readonly paths: readonly string[];
  /** What `meta.properties` in each says; frozen. */
  readonly ids: readonly Uuid[];
  /** Ids of those that serve, in the order that the controller keeps. */
  online: readonly Uuid[];
  /** Ids of those that failed in this life, in order. */
  failed: readonly Uuid[];
  /** How many of the failed ones the last heartbeat named, and how many the controller has confirmed. */
  reported: number;
  confirmed: number;
  /** Partitions by topic whose replica here is in a directory that cannot be read, with their names. */
  readonly offline: Map<Uuid, Map<number, string>>;
  readonly assignments: Assignments;
  /** Replicas that move to another directory, by name of the partition, in the order in which they were begun. */
  readonly futures: Map<string, FutureReplica>;
  /** Directories that partitions are to get whose replica is not here yet, by their name. */
  readonly preferred: Map<string, number>;
}

/** A copy that takes the place of the replica when it has all that the replica has (KIP-113). */
export interface FutureReplica {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly log: PartitionLog;
  /** With everything copied the controller is `asked`; `accepted`: it knows the new place (`ReassignmentState`). */
  state: 'copying' | 'asked' | 'accepted';
}

/** What the controller is to be told of where replicas are (`AssignmentsManager`), by name of the partition. */
export interface Assignments {
  ready: Map<string, Assignment>;
  inFlight: Map<string, Assignment>;
  /** Requests in a row that failed as a whole. */
  failures: number;
}

/** Frozen. */
export interface Assignment {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly directory: Uuid;
}

/** The ids of a broker's directories, in order; null for one that is empty. */
export const META_PROPERTIES = 'meta.properties';
/** The broker epoch of a life that ended in order. */
export const CLEAN_SHUTDOWN_FILE = 'clean-shutdown';

/**
 * Looks at the directories of the configuration when a broker starts. One that was replaced has a new id. Without all
 * of them there is no proof of an orderly stop (`LogManager.readBrokerEpochFromCleanShutdownFiles`).
 */
export function openDirectories(
  context: NodeContext,
  config: BrokerConfig,
  controller: BrokerMemory['controller'],
): LogDirectories {
  const { disk } = context;
  controller.set('directories', newChannel());
  const paths = logDirsOf(config);
  const known = (disk.values.get(META_PROPERTIES) as readonly (Uuid | null)[] | undefined) ?? [];
  const ids = Object.freeze(paths.map((_, i) => known[i] ?? randomUuid(context.prng('log-directories'))));
  disk.values.set(META_PROPERTIES, ids);
  const online = ids.filter((_, i) => !disk.failed.has(i)).sort(compareUuids);
  if (online.length < ids.length || known.includes(null)) disk.values.delete(CLEAN_SHUTDOWN_FILE);
  return {
    paths,
    ids,
    online,
    failed: [],
    reported: 0,
    confirmed: 0,
    offline: new Map(),
    assignments: { ready: new Map(), inFlight: new Map(), failures: 0 },
    futures: new Map(),
    preferred: new Map(),
  };
}

/** What a heartbeat says of failures: all of them, each time. */
export function reportFailed(directories: LogDirectories): { readonly offlineLogDirs: readonly Uuid[] } {
  directories.reported = directories.failed.length;
  return { offlineLogDirs: directories.failed };
}

/** How many directories a broker's disk has been used with. */
export const directoryCount = ({ disk }: Pick<NodeContext, 'disk'>): number =>
  (disk.values.get(META_PROPERTIES) as readonly unknown[] | undefined)?.length ?? 1;

/** Where a log lies that can be read; a partition of which there is nothing has its place in the first directory. */
export const storedPath = (disk: NodeContext['disk'], name: string): string =>
  findLog(disk, directoryCount({ disk }), name) ?? name;

/**
 * Where the log of a partition is, or is to be: where it lies, else in the directory that the controller knows, else in
 * the one with the fewest logs. Undefined if it may lie in a directory that failed (`Partition.createLogInAssignedDirectoryId`).
 */
export function placeLog(
  { memory, context }: Broker,
  directories: LogDirectories,
  { topic, topicId, partition }: Pick<PartitionDelta, 'topic' | 'topicId' | 'partition'>,
  registration: PartitionRegistration,
): string | undefined {
  const { ids, online } = directories;
  const name = `${topic}-${partition}`;
  if (directories.offline.get(topicId)?.has(partition) === true) return undefined;
  const found = findLog(context.disk, ids.length, name);
  if (found !== undefined) return found;
  const preferred = directories.preferred.get(name);
  directories.preferred.delete(name);
  if (preferred !== undefined) return logPath(preferred, name);
  const assigned = directoryOf(registration, memory.settings.brokerId);
  const abandoned = findLog(context.disk, ids.length, futureName(name));
  if (abandoned !== undefined && assigned === ids[directoryOfPath(abandoned)])
    return takeOver(context, abandoned, name);
  if (online.includes(assigned)) return logPath(ids.indexOf(assigned), name);
  if (online.length < ids.length && assigned !== DIRECTORY.UNASSIGNED) {
    markOffline(directories, { topicId, partition, name });
    return undefined;
  }
  return logPath(emptiest(context, directories), name);
}

/** The controller knows the place of a copy already, and what it was copied from is gone (`recoverAbandonedFutureLogs`). */
function takeOver({ disk }: NodeContext, abandoned: string, name: string): string {
  const path = logPath(directoryOfPath(abandoned), name);
  renameLog(disk, abandoned, path);
  return path;
}

/** The directory with the fewest logs, of several the first (`LogManager.nextLogDirs`). */
function emptiest({ disk }: NodeContext, { ids, online }: LogDirectories): number {
  const counts = ids.map((id, i) => (online.includes(id) ? partitionsIn(disk, i).length : Infinity));
  return counts.indexOf(Math.min(...counts));
}

/** Rings when the next piece of a replica that moves may be copied. */
export const ALTER_LOG_DIRS_TIMER = 'alter-log-dirs';

/** Whoever asks for it is told of the storage error until the controller takes the replica away. */
export function markOffline(
  { offline }: LogDirectories,
  { topicId, partition, name }: Pick<Replica, 'topicId' | 'partition' | 'name'>,
): void {
  const known = offline.get(topicId) ?? new Map<number, string>();
  known.set(partition, name);
  offline.set(topicId, known);
}

/** The id of the directory that a log is in. */
export const idOf = (
  { ids }: LogDirectories,
  { log }: { readonly log: Pick<PartitionLog, 'partition'> },
): Uuid => ensure(ids[directoryOfPath(log.partition)], 'a directory of this broker');

export const isMetadataDirectory = (index: number): boolean => index === FIRST_DIRECTORY;

/** Whether a broker is without one of its directories: until it starts anew with all of them. */
export function lacksDirectory({
  disk,
  memory,
}: {
  readonly disk: DiskState;
  readonly memory: unknown;
}): boolean {
  const { directories } = (memory as BrokerMemory | undefined) ?? { directories: null };
  return disk.failed.size > 0 || (directories !== null && directories.online.length < directories.ids.length);
}
