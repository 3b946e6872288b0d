import { logLeaderEpoch } from '../log/partition-log.ts';
import { NONE } from '../protocol/errors.ts';
import type { FetchRequest, FetchRequestPartition, FetchResponse } from '../protocol/fetch.ts';
import type { Uuid } from '../protocol/uuid.ts';
import { nextSessionEpoch } from './fetch-session.ts';
import type { Replica } from './replica.ts';

/** A follower's side of a fetch session with a leader (`FetchSessionHandler`, KIP-227). */
export interface FetcherSession {
  /** 0: none. */
  id: number;
  /** Of the next request; 0 begins a session anew. */
  epoch: number;
  /** What the leader knows of each partition, by `topic-partition`. */
  readonly sent: Map<string, SentPartition>;
}

/** Frozen. */
export interface SentPartition {
  readonly topicId: Uuid;
  readonly asked: FetchRequestPartition;
}

export const newFetcherSession = (): FetcherSession => ({ id: 0, epoch: 0, sent: new Map() });

/** What the next request has to say. */
export type SessionRequest = Pick<
  FetchRequest,
  'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'
> & { readonly partitionCount: number };

/** Names the partitions that are new or have moved on since the last request, and those to be left out. */
export function nextRequest(
  session: FetcherSession,
  replicas: readonly Replica[],
  partitionMaxBytes: number,
): SessionRequest {
  const topics = new Map<Uuid, FetchRequestPartition[]>();
  let partitionCount = 0;
  for (const replica of replicas) {
    const known = session.sent.get(replica.name);
    if (known !== undefined && session.epoch !== 0 && isSame(known.asked, replica)) continue;
    const asked = Object.freeze(askFor(replica, partitionMaxBytes));
    session.sent.set(replica.name, Object.freeze({ topicId: replica.topicId, asked }));
    addTo(topics, replica.topicId, asked);
    partitionCount += 1;
  }
  const forgotten =
    session.sent.size > replicas.length ? forget(session, replicas) : new Map<Uuid, number[]>();
  return {
    sessionId: session.id,
    sessionEpoch: session.epoch,
    topics: [...topics].map(([topicId, partitions]) => ({ topicId, partitions })),
    forgottenTopicsData: [...forgotten].map(([topicId, partitions]) => ({ topicId, partitions })),
    partitionCount,
  };
}

function addTo<T>(topics: Map<Uuid, T[]>, topicId: Uuid, item: T): void {
  const ofTopic = topics.get(topicId);
  if (ofTopic === undefined) topics.set(topicId, [item]);
  else ofTopic.push(item);
}

const isSame = (asked: FetchRequestPartition, { leaderEpoch, log }: Replica): boolean =>
  asked.fetchOffset === log.logEndOffset &&
  asked.currentLeaderEpoch === leaderEpoch &&
  asked.logStartOffset === log.logStartOffset &&
  asked.lastFetchedEpoch === logLeaderEpoch(log);

const askFor = (
  { partition, leaderEpoch, log }: Replica,
  partitionMaxBytes: number,
): FetchRequestPartition => ({
  partition,
  currentLeaderEpoch: leaderEpoch,
  fetchOffset: log.logEndOffset,
  lastFetchedEpoch: logLeaderEpoch(log),
  logStartOffset: log.logStartOffset,
  partitionMaxBytes,
});

function forget(session: FetcherSession, replicas: readonly Replica[]): Map<Uuid, number[]> {
  const wanted = new Set(replicas.map(({ name }) => name));
  const forgotten = new Map<Uuid, number[]>();
  for (const [name, { topicId, asked }] of [...session.sent]) {
    if (wanted.has(name)) continue;
    session.sent.delete(name);
    addTo(forgotten, topicId, asked.partition);
  }
  return forgotten;
}

/** Takes an answer into account; false if the leader does not know the session any more. */
export function sessionAnswered(session: FetcherSession, response: FetchResponse): boolean {
  if (response.errorCode !== NONE) {
    restartSession(session);
    session.id = 0;
    return false;
  }
  if (session.epoch !== 0) session.epoch = nextSessionEpoch(session.epoch);
  else if (response.sessionId !== 0) {
    session.id = response.sessionId;
    session.epoch = nextSessionEpoch(0);
  }
  return true;
}

/** An answer was lost: the next request names everything, and closes what there was. */
export function restartSession(session: FetcherSession): void {
  session.epoch = 0;
  session.sent.clear();
}
