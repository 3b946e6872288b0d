import { assert, ensure } from '../base/assert.ts';
import { logDirsOf } from '../api/config/broker-config.ts';
import { millis } from '../base/time.ts';
import { directoryOfPath } from '../log/log-directory.ts';
import { takeOffline } from './become.ts';
import type { Broker } from './broker-memory.ts';
import { communicateSoon, terminate } from './lifecycle.ts';
import { ASSIGNMENTS_TIMER, sendAssignments } from './directory-assignments.ts';
import { copyFutures, forgetFuturesIn } from './future-replicas.ts';
import {
  ALTER_LOG_DIRS_TIMER,
  isMetadataDirectory,
  markOffline,
  type LogDirectories,
} from './log-directories.ts';
import { allReplicas } from './replica.ts';
import { updateFetchers } from './replica-fetcher.ts';
import { trace } from './trace.ts';

/** Rings when the controller should have heard of a directory's failure (`log.dir.failure.timeout.ms`). */
const DIRECTORY_FAILURE_TIMER = 'log-dir-failure/';

/**
 * Looks which directories cannot be used any more. Without the one with the metadata log, which is the first, a broker
 * halts at once; without another it goes on with the rest (`ReplicaManager.handleLogDirFailure`).
 */
export function noticeFailures(broker: Broker): void {
  const { memory, context } = broker;
  const { directories } = memory;
  for (const index of [...context.disk.failed.keys()].sort((a, b) => a - b)) {
    if (memory.lifecycle.state === 'SHUTTING_DOWN') return;
    if (isMetadataDirectory(index)) halt(broker, index);
    else if (directories?.online.includes(directories.ids[index] ?? '') === true)
      fail(broker, directories, index);
  }
}

/** Ends the process as it is: nothing is closed, and nothing proves that it ended in order (`Exit.halt`). */
function halt(broker: Broker, index: number): void {
  const { memory, context } = broker;
  memory.lifecycle.state = 'SHUTTING_DOWN';
  memory.requests.ready = [];
  trace(broker, { type: 'log-dir-failed', directory: pathOf(broker, index), replicas: 0, halts: true });
  context.exit();
}

function fail(broker: Broker, directories: LogDirectories, index: number): void {
  const { memory, context } = broker;
  const id = ensure(directories.ids[index], 'a directory of this broker');
  directories.online = directories.online.filter((other) => other !== id);
  directories.failed = [...directories.failed, id];
  const there = [...allReplicas(memory)].filter(({ log }) => directoryOfPath(log.partition) === index);
  const directory = pathOf(broker, index);
  trace(broker, { type: 'log-dir-failed', directory, replicas: there.length, halts: false });
  for (const replica of there) {
    directories.futures.delete(replica.name);
    markOffline(directories, replica);
    takeOffline(broker, replica);
  }
  forgetFuturesIn(directories, index);
  updateFetchers(broker);
  context.setTimer(
    `${DIRECTORY_FAILURE_TIMER}${id}`,
    millis(memory.config['log.dir.failure.timeout.ms']),
    directories.failed.length,
  );
  communicateSoon(broker);
}

const pathOf = ({ memory }: Broker, index: number): string => logDirsOf(memory.config)[index] ?? '';

/** Of failures: the controller does not know in time. Rather stop than be believed to have what it has not. */
export function onDirectoryTimer(broker: Broker, name: string, data: unknown): void {
  if (name === ALTER_LOG_DIRS_TIMER) {
    copyFutures(broker);
    return;
  }
  if (name === ASSIGNMENTS_TIMER) {
    sendAssignments(broker);
    return;
  }
  assert(name.startsWith(DIRECTORY_FAILURE_TIMER), 'a timer that nobody set', { name });
  if ((broker.memory.directories?.confirmed ?? 0) < (data as number)) terminate(broker);
}

/** What a checkpoint says of logs in directories that failed; a broker that was asleep finds out about them here. */
export function unwritable(broker: Broker, file: string): Record<string, number> {
  noticeFailures(broker);
  const { disk } = broker.context;
  const offsets = (disk.values.get(file) as Readonly<Record<string, number>> | undefined) ?? {};
  return Object.fromEntries(
    Object.entries(offsets).filter(([path]) => disk.failed.has(directoryOfPath(path))),
  );
}
