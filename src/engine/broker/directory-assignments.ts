import { millis, type SimDuration } from '../base/time.ts';
import { below } from '../base/prng.ts';
import { directoryOf } from '../metadata/directory-id.ts';
import { partitionOf } from '../metadata/metadata-image.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type {
  AssignReplicasToDirsRequestDirectory,
  AssignReplicasToDirsResponse,
} from '../protocol/assign-replicas-to-dirs.ts';
import { NONE } from '../protocol/errors.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { callController } from './controller-channel.ts';
import {
  ALTER_LOG_DIRS_TIMER,
  idOf,
  type Assignment,
  type FutureReplica,
  type LogDirectories,
} from './log-directories.ts';
import type { Replica } from './replica.ts';

export const ASSIGNMENTS_TIMER = 'directory-assignments';
/** What comes up so soon after another goes with it, and a failed request is sent again after so long at first. */
const FIRST_BACKOFF: SimDuration = millis(100);
const LONGEST_BACKOFF: SimDuration = millis(10_000);

/** The replica is in another directory than the metadata says: the controller is told (`maybeUpdateTopicAssignment`). */
export function tellDirectory(
  broker: Broker,
  directories: LogDirectories,
  replica: Replica,
  registration: PartitionRegistration,
): void {
  const registered = directoryOf(registration, broker.memory.settings.brokerId);
  const future = directories.futures.get(replica.name);
  if (future !== undefined && idOf(directories, future) === registered) acceptMove(broker, future);
  else if (idOf(directories, replica) !== registered)
    tellSoon(broker, directories, replica, idOf(directories, replica));
}

/** The controller is to know that the replica is, or soon will be, in this directory. */
export function tellSoon(
  broker: Broker,
  directories: LogDirectories,
  { topicId, partition, name }: Pick<Replica, 'topicId' | 'partition' | 'name'>,
  directory: Uuid,
): void {
  directories.assignments.ready.set(name, Object.freeze({ topicId, partition, directory }));
  if (!broker.context.hasTimer(ASSIGNMENTS_TIMER)) broker.context.setTimer(ASSIGNMENTS_TIMER, FIRST_BACKOFF);
}

/** The copy may take its place as soon as it has everything again. */
function acceptMove({ context }: Broker, future: FutureReplica): void {
  if (future.state === 'accepted') return;
  future.state = 'accepted';
  context.setTimer(ALTER_LOG_DIRS_TIMER, 0);
}

/** One request is under way at a time. What the metadata says meanwhile, or has forgotten, is not sent. */
export function sendAssignments(broker: Broker): void {
  const { directories, lifecycle, settings } = broker.memory;
  if (directories === null || lifecycle.brokerEpoch < 0) return;
  const { assignments } = directories;
  if (assignments.inFlight.size > 0) return;
  assignments.inFlight = new Map(
    [...assignments.ready].filter(([, assignment]) => isStillNews(broker, assignment)),
  );
  assignments.ready = new Map();
  if (assignments.inFlight.size === 0) return;
  callController(broker, 'directories', {
    api: 'AssignReplicasToDirs',
    body: {
      brokerId: settings.brokerId,
      brokerEpoch: lifecycle.brokerEpoch,
      directories: byDirectory([...assignments.inFlight.values()]),
    },
  });
}

function isStillNews({ memory }: Broker, { topicId, partition, directory }: Assignment): boolean {
  const topic = memory.image.topicNames.get(topicId);
  const registration = topic === undefined ? undefined : partitionOf(memory.image, topic, partition);
  const { brokerId } = memory.settings;
  if (registration?.replicas.includes(brokerId) !== true) return false;
  return directoryOf(registration, brokerId) !== directory;
}

const byDirectory = (assignments: readonly Assignment[]): AssignReplicasToDirsRequestDirectory[] =>
  distinct(assignments.map(({ directory }) => directory)).map((id) => {
    const here = assignments.filter(({ directory }) => directory === id);
    const topics = distinct(here.map(({ topicId }) => topicId)).map((topicId) => ({
      topicId,
      partitions: here
        .filter((assignment) => assignment.topicId === topicId)
        .map(({ partition }) => ({ partitionIndex: partition })),
    }));
    return { id, topics };
  });

const distinct = <T>(items: readonly T[]): T[] => [...new Set(items)];

export function onAssigned(broker: Broker, response: AssignReplicasToDirsResponse): void {
  const { directories } = broker.memory;
  if (directories === null) return;
  if (response.errorCode !== NONE) {
    onAssignmentsLost(broker);
    return;
  }
  const { assignments } = directories;
  const sent = assignments.inFlight;
  assignments.inFlight = new Map();
  assignments.failures = 0;
  const done = new Set(
    response.directories.flatMap(({ topics }) =>
      topics.flatMap(({ topicId, partitions }) =>
        partitions
          .filter(({ errorCode }) => errorCode === NONE)
          .map(({ partitionIndex }) => `${topicId}/${partitionIndex}`),
      ),
    ),
  );
  for (const [name, assignment] of sent)
    if (!done.has(`${assignment.topicId}/${assignment.partition}`)) again(directories, name, assignment);
  if (assignments.ready.size > 0) broker.context.setTimer(ASSIGNMENTS_TIMER, FIRST_BACKOFF);
}

/** Newer news of the same partition win. */
function again({ assignments: { ready } }: LogDirectories, name: string, assignment: Assignment): void {
  if (!ready.has(name)) ready.set(name, assignment);
}

/** Nobody knows whether the controller has heard it: it is told again, later each time. */
export function onAssignmentsLost(broker: Broker): void {
  const { directories } = broker.memory;
  if (directories === null || directories.assignments.inFlight.size === 0) return;
  const { assignments } = directories;
  for (const [name, assignment] of assignments.inFlight) again(directories, name, assignment);
  assignments.inFlight = new Map();
  assignments.failures += 1;
  const wait = Math.min(FIRST_BACKOFF * 2 ** Math.min(assignments.failures - 1, 10), LONGEST_BACKOFF);
  const percent = 98 + below(broker.context.prng('directory-assignments'), 5);
  broker.context.setTimer(ASSIGNMENTS_TIMER, Math.floor((wait * percent) / 100));
}
