import {
  newFetchSessionHandler,
  nextSessionRequest,
  restartSession,
} from '../protocol/fetch-session-handler.ts';
import type { ResponseMessage } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { Broker } from './broker-memory.ts';
import {
  backoff,
  call,
  delayPartition,
  FETCH_TIMEOUT_TIMER,
  fetchTimeoutTimer,
  NEVER,
  REQUEST_SIZE,
  socketTimeout,
  type ReplicaFetcher,
} from './fetcher-state.ts';
import { askingFor } from './fetcher-session.ts';
import { onFetchResponse } from './follower-append.ts';
import { onOffsetResponse } from './follower-truncation.ts';
import { isHeldBack } from './quota-hooks.ts';
import { allReplicas, isLeader, replicaFinder, replicaOf, type Replica } from './replica.ts';

const TIMER = 'replica-fetcher/';
/** Bytes of a partition in a fetch. */
const PARTITION_SIZE = 40;

/** Follows whom the metadata says to follow, and nobody else. */
export function updateFetchers(broker: Broker): void {
  const { fetchers } = broker.memory;
  for (const fetcher of fetchers.values())
    for (const [name, { topicId, partition, leaderEpoch }] of [...fetcher.partitions]) {
      const replica = replicaOf(broker.memory, topicId, partition);
      if (replica === undefined || !follows(replica, fetcher.leader, leaderEpoch))
        fetcher.partitions.delete(name);
    }
  for (const replica of allReplicas(broker.memory))
    if (!isLeader(replica) && replica.leader >= 0) follow(broker, replica);
  for (const fetcher of [...fetchers.values()])
    if (fetcher.partitions.size === 0) stopFetcher(broker, fetcher);
    else fetchNext(broker, fetcher);
}

const follows = (replica: Replica, leader: number, leaderEpoch: number): boolean =>
  !isLeader(replica) && replica.leader === leader && replica.leaderEpoch === leaderEpoch;

function follow({ memory }: Broker, replica: Replica): void {
  const { topicId, partition, leader, leaderEpoch, name } = replica;
  let fetcher = memory.fetchers.get(leader);
  if (fetcher === undefined) {
    fetcher = newFetcher(leader);
    memory.fetchers.set(leader, fetcher);
  }
  if (fetcher.partitions.has(name)) return;
  fetcher.partitions.set(name, {
    topicId,
    partition,
    leaderEpoch,
    readyAt: 0,
    isAskingOffset: false,
    lag: null,
  });
}

const newFetcher = (leader: number): ReplicaFetcher => ({
  leader,
  connection: 0,
  nextCorrelationId: 1,
  partitions: new Map(),
  session: newFetchSessionHandler(),
  calls: new Map(),
});

function stopFetcher(broker: Broker, fetcher: ReplicaFetcher): void {
  const { memory, context } = broker;
  if (fetcher.connection !== 0) context.close(fetcher.connection);
  context.cancelTimer(TIMER + fetcher.leader);
  context.cancelTimer(fetchTimeoutTimer(fetcher.leader));
  memory.fetchers.delete(fetcher.leader);
}

const isFetching = (fetcher: ReplicaFetcher): boolean => {
  for (const call of fetcher.calls.values()) if (call.kind === 'fetch') return true;
  return false;
};

/** Asks for what comes after the end of the local logs; one fetch is under way at a time. */
export function fetchNext(broker: Broker, fetcher: ReplicaFetcher): void {
  if (isFetching(fetcher) || broker.memory.lifecycle.state === 'SHUTTING_DOWN') return;
  const now = broker.context.now();
  const ready: Replica[] = [];
  const find = replicaFinder(broker.memory);
  let nextReady = NEVER;
  for (const { topicId, partition, readyAt, isAskingOffset, lag } of fetcher.partitions.values()) {
    const replica = find(topicId, partition);
    if (isAskingOffset || replica === undefined) continue;
    if (readyAt > now) nextReady = Math.min(nextReady, readyAt);
    else if (lag !== 0 && isHeldBack(broker, replica)) nextReady = Math.min(nextReady, now + backoff(broker));
    else ready.push(replica);
  }
  if (ready.length > 0) sendFetch(broker, fetcher, ready);
  else if (nextReady < NEVER)
    broker.context.setTimer(TIMER + fetcher.leader, nextReady - now, fetcher.leader);
}

function sendFetch(broker: Broker, fetcher: ReplicaFetcher, replicas: readonly Replica[]): void {
  const { config, settings, lifecycle } = broker.memory;
  const next = nextSessionRequest(fetcher.session, replicas, askingFor(config['replica.fetch.max.bytes']));
  call(broker, fetcher, {
    api: 'Fetch',
    call: { kind: 'fetch', sentAt: broker.context.now() },
    sizeInBytes: REQUEST_SIZE + PARTITION_SIZE * next.partitionCount,
    body: {
      maxWaitMs: config['replica.fetch.wait.max.ms'],
      minBytes: config['replica.fetch.min.bytes'],
      maxBytes: config['replica.fetch.response.max.bytes'],
      isolationLevel: 0,
      sessionId: next.sessionId,
      sessionEpoch: next.sessionEpoch,
      topics: next.topics,
      forgottenTopicsData: next.forgottenTopicsData,
      rackId: '',
      replicaState: { replicaId: settings.brokerId, replicaEpoch: lifecycle.brokerEpoch },
    },
  });
}

export function fetcherByConnection(
  { memory }: Broker,
  connection: ConnectionId,
): ReplicaFetcher | undefined {
  for (const fetcher of memory.fetchers.values()) if (fetcher.connection === connection) return fetcher;
  return undefined;
}

export function onFetcherResponse(broker: Broker, fetcher: ReplicaFetcher, message: ResponseMessage): void {
  const answered = fetcher.calls.get(message.correlationId);
  fetcher.calls.delete(message.correlationId);
  if (answered === undefined) return;
  if (answered.kind === 'fetch' && message.api === 'Fetch') onFetchResponse(broker, fetcher, message.body);
  else if (answered.kind !== 'fetch' && message.api === 'ListOffsets')
    onOffsetResponse(broker, fetcher, answered, message.body);
  fetchNext(broker, fetcher);
}

/** The leader is gone, or does not answer: tries again after a while, if the metadata does not say otherwise first. */
export function onFetcherLost(broker: Broker, fetcher: ReplicaFetcher): void {
  fetcher.connection = 0;
  fetcher.calls.clear();
  restartSession(fetcher.session);
  for (const state of fetcher.partitions.values()) {
    state.isAskingOffset = false;
    delayPartition(broker, state);
  }
  fetchNext(broker, fetcher);
}

export const isFetcherTimer = (name: string): boolean =>
  name.startsWith(TIMER) || name.startsWith(FETCH_TIMEOUT_TIMER);

export function onFetcherTimer(broker: Broker, name: string, leader: number): void {
  const fetcher = broker.memory.fetchers.get(leader);
  if (fetcher === undefined) return;
  if (name.startsWith(FETCH_TIMEOUT_TIMER)) checkTimeout(broker, fetcher);
  else fetchNext(broker, fetcher);
}

/** One timer watches all calls: it looks at the oldest, and comes back when that one may be too old. */
function checkTimeout(broker: Broker, fetcher: ReplicaFetcher): void {
  const { context } = broker;
  const [oldest] = fetcher.calls.values();
  if (oldest === undefined) return;
  const left = oldest.sentAt + socketTimeout(broker) - context.now();
  if (left <= 0) {
    context.close(fetcher.connection);
    onFetcherLost(broker, fetcher);
  } else context.setTimer(fetchTimeoutTimer(fetcher.leader), left, fetcher.leader);
}
