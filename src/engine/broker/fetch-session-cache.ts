import { below } from '../base/prng.ts';
import { millis, type SimDuration } from '../base/time.ts';
import { nextSessionEpoch } from '../protocol/fetch-session-handler.ts';
import type { Broker } from './broker-memory.ts';
import type { FetchSession, SessionPartition } from './fetch-session.ts';

/** `KafkaBroker.NumFetchSessionCacheShards`: each has its part of the slots, and its range of ids. */
const SHARDS = 8;
const IDS_OF_A_SHARD = Math.floor(0x7fffffff / SHARDS);
/** `MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS`: so long a session is young, and may be silent. */
const EVICTION: SimDuration = millis(120_000);
/** `FetchMetadata`: of the request that begins a session. */
export const INITIAL_EPOCH = 0;

/** What a new session would hold. */
export interface NewSession {
  /** Of a follower: those of consumers give way to it. */
  readonly isPrivileged: boolean;
  readonly namesById: boolean;
  readonly partitions: Map<string, SessionPartition>;
}

const shardOf = (sessionId: number): number => Math.trunc(sessionId / IDS_OF_A_SHARD);

/** Whether a session could have this id: a look for another fails (`FetchSessionCache.getCacheShard`). */
export function isSessionId(sessionId: number): boolean {
  const shard = shardOf(sessionId);
  return shard >= 0 && shard < SHARDS;
}

/** The id of the new session; 0 when its shard is full and nobody gives way (`maybeCreateSession`). */
export function createSession(broker: Broker, wanted: NewSession): number {
  const { memory, context } = broker;
  const shard = memory.fetchSessionsAsked++ % SHARDS;
  const slots = Math.floor(memory.config['max.incremental.fetch.session.cache.slots'] / SHARDS);
  const others = [...memory.sessions.values()].filter(({ id }) => shardOf(id) === shard);
  if (others.length >= slots && !evictOne(broker, others, wanted)) return 0;
  const first = Math.max(1, shard * IDS_OF_A_SHARD);
  let id = 0;
  while (id === 0 || memory.sessions.has(id))
    id = first + below(context.prng('fetch-session'), (shard + 1) * IDS_OF_A_SHARD - first);
  const now = context.now();
  const place = { createdAt: now, usedAt: now, sizeWhenUsed: wanted.partitions.size, isSettled: false };
  memory.sessions.set(id, { id, ...wanted, epoch: nextSessionEpoch(INITIAL_EPOCH), ...place });
  return id;
}

/** A request of the session came: what it is worth is as of now (`touch`). */
export function touchSession({ context }: Broker, session: FetchSession): void {
  session.usedAt = context.now();
  session.sizeWhenUsed = session.partitions.size;
  session.isSettled = session.usedAt - session.createdAt > EVICTION;
}

/** One that was silent for long gives way, or else the one that is worth least, to what is worth more (`tryEvict`). */
function evictOne(broker: Broker, sessions: readonly FetchSession[], wanted: NewSession): boolean {
  const oldest = first(sessions, (a, b) => a.usedAt - b.usedAt || a.id - b.id);
  if (oldest === undefined) return false;
  if (broker.context.now() - oldest.usedAt > EVICTION) {
    removeSession(broker, oldest);
    return true;
  }
  const evictable = sessions.filter((it) => it.isSettled || (wanted.isPrivileged && !it.isPrivileged));
  const least = first(evictable, byWorth);
  const proposed = { isPrivileged: wanted.isPrivileged, sizeWhenUsed: wanted.partitions.size, id: 0 };
  if (least === undefined || byWorth(proposed, least) < 0) return false;
  removeSession(broker, least);
  return true;
}

const first = <T>(items: readonly T[], compare: (a: T, b: T) => number): T | undefined =>
  items.reduce<T | undefined>(
    (best, it) => (best === undefined || compare(it, best) < 0 ? it : best),
    undefined,
  );

/** `EvictableKey`. */
type Worth = Pick<FetchSession, 'isPrivileged' | 'sizeWhenUsed' | 'id'>;

const byWorth = (a: Worth, b: Worth): number =>
  Number(a.isPrivileged) - Number(b.isPrivileged) || a.sizeWhenUsed - b.sizeWhenUsed || a.id - b.id;

/** The session ends; a request of it that still waits is answered as a part of it. */
export function removeSession({ memory }: Pick<Broker, 'memory'>, session: FetchSession): void {
  memory.sessions.delete(session.id);
  for (const [token, delayed] of memory.purgatory.fetches) {
    const { request, fetch } = delayed;
    const isOfIt = fetch.isIncremental && fetch.sessionId === session.id;
    if (isOfIt && nextSessionEpoch(request.sessionEpoch) === session.epoch)
      memory.purgatory.fetches.set(token, { ...delayed, session });
  }
}
