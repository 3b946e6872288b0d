import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { AcknowledgedTopic, ShareFetchRequest } from '../protocol/share-fetch.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { BrokerMemory } from './broker-memory.ts';

/** What a member of a share group reads here, so that it need not say so each time. */
export interface ShareSession {
  readonly groupId: string;
  readonly memberId: string;
  /** It ends with its connection. */
  readonly connection: ConnectionId;
  /** Of the next request. */
  epoch: number;
  /** By `topic id/partition`, in the order in which they are served. */
  readonly partitions: Map<string, SharePlace>;
}

export interface SharePlace {
  readonly topicId: Uuid;
  readonly partition: number;
}

const INITIAL = 0;
export const FINAL = -1;
const LAST_EPOCH = 0x7fffffff;

const keyOf = (groupId: string, memberId: string): string => `${groupId}/${memberId}`;
export const placeText = ({ topicId, partition }: SharePlace): string => `${topicId}/${partition}`;

export const placesOf = (topics: readonly AcknowledgedTopic[]): SharePlace[] =>
  topics.flatMap(({ topicId, partitions }) =>
    partitions.map(({ partitionIndex: partition }) => ({ topicId, partition })),
  );

export const shareSessionOf = (
  { shareSessions }: BrokerMemory,
  groupId: string,
  memberId: string,
): ShareSession | undefined => shareSessions.get(keyOf(groupId, memberId));

/** The session goes on, or is over: an error code. */
export function advanceShareSession(session: ShareSession | undefined, epoch: number): number {
  if (epoch === INITIAL) return ERROR_CODES.INVALID_SHARE_SESSION_EPOCH;
  if (session === undefined) return ERROR_CODES.SHARE_SESSION_NOT_FOUND;
  if (epoch === FINAL) return NONE;
  if (session.epoch !== epoch) return ERROR_CODES.INVALID_SHARE_SESSION_EPOCH;
  session.epoch = session.epoch === LAST_EPOCH ? 1 : session.epoch + 1;
  return NONE;
}

/** A fetch opens a session, or changes what it reads in one: an error code. */
export function updateShareSession(
  memory: BrokerMemory,
  connection: ConnectionId,
  body: ShareFetchRequest & { readonly groupId: string; readonly memberId: string },
): number {
  const { groupId, memberId, shareSessionEpoch } = body;
  const places = placesOf(body.topics);
  if (shareSessionEpoch === INITIAL) return open(memory, connection, body, places);
  const session = shareSessionOf(memory, groupId, memberId);
  const errorCode = advanceShareSession(session, shareSessionEpoch);
  if (errorCode !== NONE || session === undefined || shareSessionEpoch === FINAL) return errorCode;
  for (const place of places) session.partitions.set(placeText(place), place);
  for (const { topicId, partitions } of body.forgottenTopicsData)
    for (const partition of partitions) session.partitions.delete(placeText({ topicId, partition }));
  return NONE;
}

function open(
  memory: BrokerMemory,
  connection: ConnectionId,
  {
    groupId,
    memberId,
    topics,
  }: { readonly groupId: string; readonly memberId: string } & Pick<ShareFetchRequest, 'topics'>,
  places: readonly SharePlace[],
): number {
  const { shareSessions, config } = memory;
  const acknowledges = topics.some(({ partitions }) =>
    partitions.some(({ acknowledgementBatches }) => acknowledgementBatches.length > 0),
  );
  if (acknowledges) return ERROR_CODES.INVALID_REQUEST;
  const key = keyOf(groupId, memberId);
  if (!shareSessions.has(key) && shareSessions.size >= config['group.share.max.share.sessions'])
    return ERROR_CODES.SHARE_SESSION_LIMIT_REACHED;
  const partitions = new Map(places.map((place) => [placeText(place), place]));
  shareSessions.set(key, { groupId, memberId, connection, epoch: 1, partitions });
  return NONE;
}

export const closeShareSession = (
  { shareSessions }: BrokerMemory,
  { groupId, memberId }: ShareSession,
): void => void shareSessions.delete(keyOf(groupId, memberId));
