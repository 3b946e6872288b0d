import { ERROR_CODES, NONE } from './errors.ts';
import type { FetchRequest, FetchRequestPartition, FetchResponse } from './fetch.ts';
import type { Uuid } from './uuid.ts';

/** A reader's side of a fetch session with a broker (`FetchSessionHandler`, KIP-227). Plain data. */
export interface FetchSessionHandler {
  /** 0: none. */
  id: number;
  /** Of the next request; 0 begins a session anew. */
  epoch: number;
  /** What the broker knows of each partition, by `topic-partition`. */
  readonly sent: Map<string, SentPartition>;
}

/** Frozen. */
export interface SentPartition {
  readonly topicId: Uuid;
  readonly asked: FetchRequestPartition;
}

export const newFetchSessionHandler = (): FetchSessionHandler => ({ id: 0, epoch: 0, sent: new Map() });

const MAX_INT = 0x7fffffff;

export const nextSessionEpoch = (epoch: number): number => (epoch === MAX_INT ? 1 : epoch + 1);

/** What the next request has to say. */
export type SessionRequest = Pick<
  FetchRequest,
  'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'
> & { readonly partitionCount: number };

/** A partition that is to be read. */
interface Wanted {
  /** `topic-partition`. */
  readonly name: string;
  readonly topicId: Uuid;
}

/** What a reader asks of a partition, and whether that is what it has asked already. */
export interface Asking<T> {
  readonly ask: (partition: T) => FetchRequestPartition;
  readonly isSame: (asked: FetchRequestPartition, partition: T) => boolean;
}

/** Names the partitions that are new or have moved on since the last request, and those to be left out. */
export function nextSessionRequest<T extends Wanted>(
  session: FetchSessionHandler,
  wanted: readonly T[],
  { ask, isSame }: Asking<T>,
): SessionRequest {
  const topics: TopicItems<FetchRequestPartition>[] = [];
  const forgotten: TopicItems<number>[] = [];
  let partitionCount = 0;
  if (session.epoch === 0) session.sent.clear();
  for (const partition of wanted) {
    const { name, topicId } = partition;
    const known = session.sent.get(name);
    const isOfTopic = known?.topicId === topicId;
    if (known !== undefined && isOfTopic && isSame(known.asked, partition)) continue;
    // The topic was made anew under its name.
    if (known !== undefined && !isOfTopic) addTo(forgotten, known.topicId, known.asked.partition);
    const asked = Object.freeze(ask(partition));
    session.sent.set(name, Object.freeze({ topicId, asked }));
    addTo(topics, topicId, asked);
    partitionCount += 1;
  }
  if (session.sent.size > wanted.length) forget(session, wanted, forgotten);
  return {
    sessionId: session.id,
    sessionEpoch: session.epoch,
    topics,
    forgottenTopicsData: forgotten,
    partitionCount,
  };
}

interface TopicItems<T> {
  readonly topicId: Uuid;
  readonly partitions: T[];
}

/** Those of one topic mostly follow each other. */
function addTo<T>(topics: TopicItems<T>[], topicId: Uuid, item: T): void {
  const newest = topics.at(-1);
  const ofTopic = newest?.topicId === topicId ? newest : topics.find((topic) => topic.topicId === topicId);
  if (ofTopic === undefined) topics.push({ topicId, partitions: [item] });
  else ofTopic.partitions.push(item);
}

function forget(
  session: FetchSessionHandler,
  wanted: readonly Wanted[],
  forgotten: TopicItems<number>[],
): void {
  const names = new Set(wanted.map(({ name }) => name));
  for (const [name, { topicId, asked }] of [...session.sent]) {
    if (names.has(name)) continue;
    session.sent.delete(name);
    addTo(forgotten, topicId, asked.partition);
  }
}

/** Takes an answer into account; false if the broker does not know the session any more, or not so. */
export function sessionAnswered(session: FetchSessionHandler, response: FetchResponse): boolean {
  if (response.errorCode !== NONE) {
    restartSession(session);
    // What it does not know need not be closed.
    if (response.errorCode === ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND) session.id = 0;
    return false;
  }
  if (response.sessionId === 0) {
    session.id = 0;
    session.epoch = 0;
  } else {
    session.id = response.sessionId;
    session.epoch = nextSessionEpoch(session.epoch);
  }
  return true;
}

/** An answer was lost: the next request names everything, and closes what there was. */
export function restartSession(session: FetchSessionHandler): void {
  session.epoch = 0;
  session.sent.clear();
}
