import { below } from '../base/prng.ts';
import { millis, type SimDuration, type SimTime } from '../base/time.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { FetchRequest, FetchRequestPartition, FetchResponsePartition } from '../protocol/fetch.ts';
import { nextSessionEpoch } from '../protocol/fetch-session-handler.ts';
import { ZERO_UUID, type Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { isNamedById } from './current-leader.ts';
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
  /** Whether its reader names topics by id. */
  readonly namesById: boolean;
  /** Of the next request. */
  epoch: number;
  usedAt: SimTime;
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
  /** 0: no session. */
  readonly sessionId: number;
  /** Only news is answered. */
  readonly isIncremental: boolean;
}

/** `FetchMetadata`: epochs of requests that begin a session, or are no part of one. */
const INITIAL_EPOCH = 0;
const FINAL_EPOCH = -1;
const MAX_INT = 0x7fffffff;
/** One that is silent for so long gives its place to another (`min.incremental.fetch.session.eviction.ms`). */
const EVICTION: SimDuration = millis(120_000);

/** Finds out what the reader wants; a number is the error of a session that is not there, or somewhere else. */
export function openFetchContext(
  broker: Broker,
  { body: request, version }: Incoming<'Fetch'>,
): FetchContext | number {
  const { sessions } = broker.memory;
  const namesById = isNamedById(version);
  const { sessionId, sessionEpoch } = request;
  if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
    sessions.delete(sessionId);
    const targets = targetsOf(broker, request);
    const id = sessionEpoch === INITIAL_EPOCH ? newSession(broker, targets, namesById) : 0;
    return { targets, sessionId: id, isIncremental: false };
  }
  const session = sessions.get(sessionId);
  if (session === undefined) return ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND;
  if (session.epoch !== sessionEpoch) return ERROR_CODES.INVALID_FETCH_SESSION_EPOCH;
  if (session.namesById !== namesById) return ERROR_CODES.FETCH_SESSION_TOPIC_ID_ERROR;
  updateSession(broker, session, request);
  if (session.partitions.size === 0) {
    sessions.delete(sessionId);
    return NOTHING_WANTED;
  }
  session.epoch = nextSessionEpoch(session.epoch);
  session.usedAt = broker.context.now();
  const targets: FetchTarget[] = [];
  for (const { target } of session.partitions.values()) targets.push(resolve(broker, target));
  return { targets, sessionId, isIncremental: true };
}

/** A reader that wants nothing any more needs no session. */
const NOTHING_WANTED: FetchContext = Object.freeze({ targets: [], sessionId: 0, isIncremental: false });

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

/** 0 when there are too many. */
function newSession(broker: Broker, targets: readonly FetchTarget[], namesById: boolean): number {
  const { memory, context } = broker;
  if (!hasRoom(broker)) return 0;
  let id = 0;
  while (id === 0 || memory.sessions.has(id)) id = below(context.prng('fetch-session'), MAX_INT) + 1;
  const partitions = new Map(targets.map((target) => [target.key, { target, ...UNTOLD }]));
  const epoch = nextSessionEpoch(INITIAL_EPOCH);
  memory.sessions.set(id, { id, namesById, epoch, usedAt: context.now(), partitions });
  return id;
}

/** Whether there is a place for one more, or one can be had (`FetchSessionCache.tryEvict`). */
function hasRoom({ memory, context }: Broker): boolean {
  const { sessions, config } = memory;
  const slots = config['max.incremental.fetch.session.cache.slots'];
  if (sessions.size < slots) return true;
  const [oldest] = [...sessions.values()].sort((a, b) => a.usedAt - b.usedAt || a.id - b.id);
  if (oldest === undefined || context.now() - oldest.usedAt <= EVICTION) return false;
  sessions.delete(oldest.id);
  return sessions.size < slots;
}

/** A reader that is told to be silent before it got anything has no session. */
export function abandonSession({ memory }: Broker, { sessionId, isIncremental }: FetchContext): number {
  if (isIncremental) return sessionId;
  memory.sessions.delete(sessionId);
  return 0;
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

/** Whether the answer tells the reader of this partition; remembers what it is told. */
export function isNews(
  session: FetchSession | undefined,
  { isIncremental }: FetchContext,
  target: FetchTarget,
  answer: FetchResponsePartition,
): boolean {
  const partition = session?.partitions.get(target.key);
  if (session === undefined || partition === undefined) return true;
  const hasRecords = answer.records !== null && answer.records.length > 0;
  const isTrouble = answer.errorCode !== NONE || answer.divergingEpoch !== undefined;
  const changed =
    answer.highWatermark !== partition.highWatermark || answer.logStartOffset !== partition.logStartOffset;
  partition.highWatermark = isTrouble ? -1 : answer.highWatermark;
  partition.logStartOffset = answer.logStartOffset;
  if (hasRecords && isIncremental) {
    // Whoever had something goes to the end, so that others get their turn when the answer is full.
    session.partitions.delete(target.key);
    session.partitions.set(target.key, partition);
  }
  const isSentOn = answer.preferredReadReplica >= 0;
  return !isIncremental || hasRecords || isTrouble || isSentOn || changed;
}
