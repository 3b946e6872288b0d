import { millis, type SimDuration } from '../base/time.ts';
import { appendAsFollower } from '../log/append.ts';
import { endOffsetFor } from '../log/leader-epoch-cache.ts';
import { directoryOfPath, findLog, futureName, logPath } from '../log/log-directory.ts';
import { recordsName, removeFiles } from '../log/log-files.ts';
import { renameLog } from '../log/rename-log.ts';
import { logLeaderEpoch, updateHighWatermark, type PartitionLog } from '../log/partition-log.ts';
import { isInRange, readLog } from '../log/read.ts';
import { openLog } from '../log/recovery.ts';
import { incrementLogStart } from '../log/retention.ts';
import { truncateFullyAndStartAt, truncateTo } from '../log/truncate.ts';
import type { PartitionDelta } from '../metadata/metadata-delta.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { checkpointHighWatermarks, checkpointLogStarts } from './checkpoints.ts';
import { tellDirectory, tellSoon } from './directory-assignments.ts';
import { backoff } from './fetcher-state.ts';
import { ALTER_LOG_DIRS_TIMER, idOf, type FutureReplica, type LogDirectories } from './log-directories.ts';
import { rateNamed, recordRate, simpleRate, type RateSettings } from './rate-window.ts';
import { replicaOf, type Replica } from './replica.ts';
import { trace } from './trace.ts';

/** A piece is read and written in so long. */
const STEP: SimDuration = millis(1);
const RATE = 'replication/alter-log-dirs';

/** Begins to copy a replica into another directory, in place of any other that it was on its way to. */
export function moveReplica(
  broker: Broker,
  directories: LogDirectories,
  replica: Replica,
  directory: number,
): void {
  const { name, log } = replica;
  const future = directories.futures.get(name);
  const heading = directoryOfPath(future?.log.partition ?? log.partition);
  if (heading === directory) return;
  dropFuture(broker, directories, name);
  if (directoryOfPath(log.partition) === directory) {
    if (future?.state !== 'copying') tellSoon(broker, directories, replica, idOf(directories, replica));
    return;
  }
  begin(broker, directories, replica, logPath(directory, futureName(name)));
  const to = directories.paths[directory] ?? '';
  trace(broker, { type: 'replica-moving', partition: name, directory: to });
}

function begin(
  { memory, context }: Broker,
  directories: LogDirectories,
  { name, topicId, partition, log: current }: Replica,
  path: string,
): void {
  const { config } = current;
  const producerIdExpirationMs = memory.config['producer.id.expiration.ms'];
  const log = openLog(context, {
    partition: path,
    config,
    logStartOffset: 0,
    highWatermark: 0,
    producerIdExpirationMs,
  });
  align(log, current, { context });
  directories.futures.set(name, { topicId, partition, log, state: 'copying' });
  context.setTimer(ALTER_LOG_DIRS_TIMER, STEP);
}

/** A replica is here: it goes on with its move, and the controller is told where it is if it has it elsewhere. */
export function settlePlace(
  broker: Broker,
  directories: LogDirectories,
  replica: Replica,
  registration: PartitionRegistration,
): void {
  if (!directories.futures.has(replica.name)) resume(broker, directories, replica);
  tellDirectory(broker, directories, replica, registration);
}

/** The replica is not here any more. */
export function forgetPlace(
  broker: Broker,
  directories: LogDirectories,
  { topic, topicId, partition }: Pick<PartitionDelta, 'topic' | 'topicId' | 'partition'>,
): void {
  dropFuture(broker, directories, `${topic}-${partition}`);
  directories.offline.get(topicId)?.delete(partition);
}

/** The broker died, or its directory failed, while a replica moved: it goes on where it stood. */
function resume(broker: Broker, directories: LogDirectories, replica: Replica): void {
  const path = findLog(broker.context.disk, directories.ids.length, futureName(replica.name));
  if (path === undefined) return;
  if (directoryOfPath(path) === directoryOfPath(replica.log.partition))
    removeFiles(broker.context.disk, path);
  else begin(broker, directories, replica, path);
}

function dropFuture({ context }: Broker, directories: LogDirectories, name: string): void {
  directories.futures.delete(name);
  const path = findLog(context.disk, directories.ids.length, futureName(name));
  if (path !== undefined) removeFiles(context.disk, path);
}

/** The directory failed into which replicas were being copied. */
export function forgetFuturesIn({ futures }: LogDirectories, directory: number): void {
  for (const [name, { log }] of [...futures])
    if (directoryOfPath(log.partition) === directory) futures.delete(name);
}

/**
 * Copies a piece of one replica, the others come after it (`ReplicaAlterLogDirsThread`). One that has everything asks
 * the controller to note its new place, and takes that place when it has everything again.
 */
export function copyFutures(broker: Broker): void {
  const { memory, context } = broker;
  const { directories } = memory;
  const next = directories === null ? undefined : firstToCopy(memory, directories);
  if (directories === null || next === undefined) return;
  if (isTooFast(broker)) {
    context.setTimer(ALTER_LOG_DIRS_TIMER, backoff(broker));
    return;
  }
  const { replica, future } = next;
  copy(broker, replica.log, future.log);
  if (future.log.logEndOffset === replica.log.logEndOffset) caughtUp(broker, directories, replica, future);
  context.setTimer(ALTER_LOG_DIRS_TIMER, STEP);
}

interface Move {
  readonly replica: Replica;
  readonly future: FutureReplica;
}

function firstToCopy(memory: BrokerMemory, { futures }: LogDirectories): Move | undefined {
  for (const future of futures.values()) {
    const replica = replicaOf(memory, future.topicId, future.partition);
    if (replica !== undefined && future.state !== 'asked') return { replica, future };
  }
  return undefined;
}

function caughtUp(
  broker: Broker,
  directories: LogDirectories,
  replica: Replica,
  future: FutureReplica,
): void {
  if (future.state === 'accepted') replaceCurrent(broker, directories, replica, future);
  else {
    future.state = 'asked';
    tellSoon(broker, directories, replica, idOf(directories, future));
  }
}

function copy(broker: Broker, current: PartitionLog, future: PartitionLog): void {
  const { memory, context } = broker;
  align(future, current, broker);
  const { batches, sizeInBytes } = readLog(current, context, {
    offset: future.logEndOffset,
    maxBytes: memory.config['replica.fetch.max.bytes'],
    upTo: current.logEndOffset,
    minOneMessage: true,
  });
  for (const batch of batches) appendAsFollower(future, context, batch);
  updateHighWatermark(future, context, current.highWatermark);
  if (current.logStartOffset > future.logStartOffset)
    incrementLogStart(future, context, current.logStartOffset);
  if (sizeInBytes > 0)
    recordRate(rateNamed(memory.rates, RATE), sizeInBytes, context.wallClockMs(), rateSettings(memory));
}

/** What the replica has cut off, or begun after, meanwhile goes from the copy too. */
function align(future: PartitionLog, current: PartitionLog, { context }: Pick<Broker, 'context'>): void {
  truncateTo(future, context, sharedEnd(future, current));
  if (!isInRange(current, future.logEndOffset))
    truncateFullyAndStartAt(future, context, current.logStartOffset);
}

/** Where the two logs part, by their leader epochs (KIP-279); the end of the copy if they do not. */
function sharedEnd(future: PartitionLog, current: PartitionLog): number {
  let epoch = Math.min(logLeaderEpoch(future), logLeaderEpoch(current));
  while (epoch >= 0) {
    const own = endOffsetFor(future.epochs, epoch, future.logEndOffset);
    const theirs = endOffsetFor(current.epochs, epoch, current.logEndOffset);
    if (own.epoch === theirs.epoch) return Math.min(own.endOffset, theirs.endOffset);
    epoch = Math.min(own.epoch, theirs.epoch);
  }
  return future.logEndOffset;
}

const rateSettings = ({ config }: BrokerMemory): RateSettings => ({
  samples: config['alter.log.dirs.replication.quota.window.num'],
  sampleMs: config['alter.log.dirs.replication.quota.window.size.seconds'] * 1_000,
});

function isTooFast({ memory, context }: Broker): boolean {
  const window = memory.rates.get(RATE);
  if (window === undefined) return false;
  const limit = memory.config['replica.alter.log.dirs.io.max.bytes.per.second'];
  return simpleRate(window, context.wallClockMs(), rateSettings(memory)) > limit;
}

/** The copy is the replica's log from now on, the old one is deleted (`LogManager.replaceCurrentWithFutureLog`). */
function replaceCurrent(
  broker: Broker,
  directories: LogDirectories,
  replica: Replica,
  { log: future }: FutureReplica,
): void {
  const { disk } = broker.context;
  const { log: current, name } = replica;
  const directory = directoryOfPath(future.partition);
  const path = logPath(directory, name);
  directories.futures.delete(name);
  removeFiles(disk, current.partition);
  renameLog(disk, future.partition, path);
  const { config, verifiesTransactions, producers } = current;
  replica.log = {
    ...future,
    partition: path,
    fileName: recordsName(path),
    config,
    verifiesTransactions,
    producers: { ...future.producers, partition: path, nextGuard: producers.nextGuard },
  };
  checkpointHighWatermarks(broker);
  checkpointLogStarts(broker);
  trace(broker, { type: 'replica-moved', partition: name, directory: directories.paths[directory] ?? '' });
}
