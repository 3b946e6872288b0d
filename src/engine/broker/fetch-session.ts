import type { SimTime } from '../base/time.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { FetchRequest, FetchRequestPartition, FetchResponsePartition } from '../protocol/fetch.ts';
import { nextSessionEpoch } from '../protocol/fetch-session-handler.ts';
import { ZERO_UUID, type Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { isNamedById } from './current-leader.ts';
import { createSession, INITIAL_EPOCH, removeSession, touchSession } from './fetch-session-cache.ts';
import type { Reader } from './fetch-read.ts';
import type { Incoming } from './requests.ts';

/** A partition that a reader wants. Frozen. */
export interface FetchTarget {
  /** `topicId/partition`, or `topic/partition` for a reader that names topics by name. */
  readonly key: string;
  /** Of a topic named by its name: the id that the name stands for now, zero if it stands for none. */
  readonly topicId: Uuid;
  /** Null for a reader that names topics by id. */
  readonly topic: string | null;
  readonly asked: FetchRequestPartition;
}

/**
 * What a reader wants again and again (KIP-227): a request of a session names only what is different from the last, and
 * its answer only partitions of which there is news.
 */
export interface FetchSession {
  readonly id: number;
  /** Of a follower. */
  readonly isPrivileged: boolean;
  /** Whether its reader names topics by id. */
  readonly namesById: boolean;
  /** Of the next request. */
  epoch: number;
  readonly createdAt: SimTime;
  usedAt: SimTime;
  /** How many partitions it had then. */
  sizeWhenUsed: number;
  /** Whether it had lasted long enough then to give way to any that is worth more. */
  isSettled: boolean;
  /** In the order in which they are read. */
  readonly partitions: Map<string, SessionPartition>;
}

/** A partition of a session, and what its reader was told last; −1: it is told whatever it is. */
export interface SessionPartition {
  readonly target: FetchTarget;
  highWatermark: number;
  logStartOffset: number;
}

/** What one fetch is about. */
export interface FetchContext {
  readonly targets: readonly FetchTarget[];
  /** Null unless its answer begins a session. */
  readonly begins: BeginsSession | null;
  /** 0: no session yet, or none at all. */
  readonly sessionId: number;
  /** Only news is answered. */
  readonly isIncremental: boolean;
}

/** Of the session that a fetch begins. Frozen. */
interface BeginsSession {
  readonly isPrivileged: boolean;
  readonly namesById: boolean;
}

/** `FetchMetadata`: of a request that is no part of a session. */
const FINAL_EPOCH = -1;

/** Finds out what the reader wants; a number is the error of a session that is not there, or somewhere else. */
export function openFetchContext(
  broker: Broker,
  { body: request, version }: Incoming<'Fetch'>,
): FetchContext | number {
  const { sessions } = broker.memory;
  const namesById = isNamedById(version);
  const { sessionId, sessionEpoch } = request;
  const session = sessions.get(sessionId);
  if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
    if (session !== undefined) removeSession(broker, session);
    const isPrivileged = (request.replicaState?.replicaId ?? -1) >= 0;
    const begins = sessionEpoch === INITIAL_EPOCH ? Object.freeze({ isPrivileged, namesById }) : null;
    return sessionless(broker, request, begins);
  }
  if (session === undefined) return ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND;
  if (session.epoch !== sessionEpoch) return ERROR_CODES.INVALID_FETCH_SESSION_EPOCH;
  if (session.namesById !== namesById) return ERROR_CODES.FETCH_SESSION_TOPIC_ID_ERROR;
  updateSession(broker, session, request);
  if (session.partitions.size === 0) {
    // A reader that wants nothing any more needs no session.
    removeSession(broker, session);
    return sessionless(broker, request, null);
  }
  touchSession(broker, session);
  session.epoch = nextSessionEpoch(session.epoch);
  const targets: FetchTarget[] = [];
  for (const { target } of session.partitions.values()) targets.push(resolve(broker, target));
  return { targets, begins: null, sessionId, isIncremental: true };
}

function sessionless(broker: Broker, request: FetchRequest, begins: BeginsSession | null): FetchContext {
  return { targets: targetsOf(broker, request), begins, sessionId: 0, isIncremental: false };
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/** Of a partition that is named several times the last counts. */
function targetsOf(broker: Broker, request: FetchRequest): FetchTarget[] {
  const targets = new Map<string, FetchTarget>();
  for (const { topicId, topic = null, partitions } of request.topics)
    for (const asked of partitions) {
      const key = keyOf(topic ?? topicId, asked.partition);
      const target = Object.freeze({ key, topicId, topic, asked: Object.freeze(asked) });
      targets.set(key, resolve(broker, target));
    }
  return [...targets.values()];
}

/** A name may come to stand for another topic, or for one at last, while a session lasts. */
function resolve({ memory }: Broker, target: FetchTarget): FetchTarget {
  if (target.topic === null) return target;
  const topicId = memory.image.topics.get(target.topic)?.topicId ?? ZERO_UUID;
  return topicId === target.topicId ? target : Object.freeze({ ...target, topicId });
}

/** What a fetch is told, and of which target. */
interface Told {
  readonly target: FetchTarget;
  readonly answer: FetchResponsePartition;
}

/** The session that an answer begins, of all that it tells; 0: none (`FullFetchContext.updateAndGenerateResponseData`). */
export function beginSession(broker: Broker, { begins }: FetchContext, told: readonly Told[]): number {
  if (begins === null) return 0;
  const partitions = new Map<string, SessionPartition>();
  for (const { target, answer } of told) {
    const { highWatermark, logStartOffset } = answer;
    partitions.set(target.key, { target, highWatermark, logStartOffset });
  }
  return createSession(broker, { ...begins, partitions });
}

/** The session that a fetch is a part of; undefined if another fetch of it came since. */
export function sessionOf({ memory }: Broker, reader: Reader): FetchSession | undefined {
  const { fetch, request } = reader;
  if (!fetch.isIncremental) return undefined;
  const session = reader.session ?? memory.sessions.get(fetch.sessionId);
  return session?.epoch === nextSessionEpoch(request.sessionEpoch) ? session : undefined;
}

const UNTOLD = Object.freeze({ highWatermark: -1, logStartOffset: -1 });

function updateSession(broker: Broker, { partitions }: FetchSession, request: FetchRequest): void {
  // Most requests of a follower that has everything name nothing.
  const named = request.topics.length === 0 ? [] : targetsOf(broker, request);
  for (const target of named) {
    const known = partitions.get(target.key);
    if (known === undefined) partitions.set(target.key, { target, ...UNTOLD });
    else {
      // The map keeps the string that it knows: a look-up by that very one need not compare the characters.
      const { key } = known.target;
      const { highWatermark, logStartOffset } = known;
      partitions.set(key, { target: Object.freeze({ ...target, key }), highWatermark, logStartOffset });
    }
  }
  for (const { topicId, topic, partitions: forgotten } of request.forgottenTopicsData)
    for (const partition of forgotten) partitions.delete(keyOf(topic ?? topicId, partition));
}

/** Whether the answer tells the reader of this partition; remembers what it is told (`maybeUpdateResponseData`). */
export function isNews(session: FetchSession, { target, answer }: Told): boolean {
  const partition = session.partitions.get(target.key);
  if (partition === undefined) return true;
  const hasRecords = answer.records !== null && answer.records.length > 0;
  const changed =
    answer.highWatermark !== partition.highWatermark || answer.logStartOffset !== partition.logStartOffset;
  partition.highWatermark = answer.errorCode === NONE ? answer.highWatermark : -1;
  partition.logStartOffset = answer.logStartOffset;
  if (hasRecords) {
    // Whoever had something goes to the end, so that others get their turn when the answer is full.
    session.partitions.delete(target.key);
    session.partitions.set(target.key, partition);
  }
  const isTrouble = answer.errorCode !== NONE || answer.divergingEpoch !== undefined;
  const isSentOn = answer.preferredReadReplica >= 0;
  return hasRecords || isTrouble || isSentOn || changed;
}
