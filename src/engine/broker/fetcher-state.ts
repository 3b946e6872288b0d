import { namesBy } from '../base/names.ts';
import { millis, type SimTime } from '../base/time.ts';
import { APIS, type ApiName, type RequestBody } from '../protocol/message.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { ConnectionId } from '../sim/event.ts';
import { nodeOfBroker, type Broker } from './broker-memory.ts';
import type { FetchSessionHandler } from '../protocol/fetch-session-handler.ts';
import { isLeader, type Replica } from './replica.ts';

/** Fetches from one other broker all partitions that it leads and this broker follows (`ReplicaFetcherThread`). */
export interface ReplicaFetcher {
  readonly leader: number;
  /** 0 while there is none. */
  connection: ConnectionId;
  nextCorrelationId: number;
  /** By `topic-partition`. */
  readonly partitions: Map<string, FetchedPartition>;
  readonly session: FetchSessionHandler;
  /** Requests without an answer, by correlation id, in order. */
  readonly calls: Map<number, FetcherCall>;
}

export interface FetchedPartition {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly leaderEpoch: number;
  /** It is left alone until then after an error. */
  readyAt: SimTime;
  /** It waits for the leader to say where its log begins or ends. */
  isAskingOffset: boolean;
  /** Records that the leader had committed and this replica had not got at the last answer; null before the first. */
  lag: number | null;
}

export type FetcherCall =
  | { readonly kind: 'fetch'; readonly sentAt: SimTime }
  | { readonly kind: 'latest' | 'earliest'; readonly sentAt: SimTime; readonly asked: AskedPartition };

export interface AskedPartition {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly fetchOffset: number;
}

export const FETCH_TIMEOUT_TIMER = 'replica-fetcher-timeout/';
export const fetchTimeoutTimer = namesBy((leader: number) => `${FETCH_TIMEOUT_TIMER}${leader}`);
/** Later than any time. */
export const NEVER: SimTime = Number.MAX_SAFE_INTEGER;
/** Bytes of a fetch without its partitions. */
export const REQUEST_SIZE = 100;

export const backoff = ({ memory }: Broker): number => millis(memory.config['replica.fetch.backoff.ms']);

/** Leaves a partition alone for replica.fetch.backoff.ms. */
export function delayPartition(broker: Broker, state: FetchedPartition): void {
  state.readyAt = Math.max(state.readyAt, broker.context.now() + backoff(broker));
}

const askedOf = ({ name, topicId, partition, leaderEpoch, log }: Replica): AskedPartition => ({
  name,
  topicId,
  partition,
  leaderEpoch,
  fetchOffset: log.logEndOffset,
});

/** Asks the leader where its log ends or begins (ListOffsets as a replica). */
export function askOffset(
  broker: Broker,
  fetcher: ReplicaFetcher,
  replica: Replica,
  kind: 'latest' | 'earliest',
): void {
  const { topic: name, partition: partitionIndex, leaderEpoch: currentLeaderEpoch } = replica;
  const timestamp = kind === 'latest' ? -1 : -2;
  const topics = [{ name, partitions: [{ partitionIndex, currentLeaderEpoch, timestamp }] }];
  call(broker, fetcher, {
    api: 'ListOffsets',
    call: { kind, sentAt: broker.context.now(), asked: askedOf(replica) },
    sizeInBytes: REQUEST_SIZE,
    body: { replicaId: broker.memory.settings.brokerId, isolationLevel: 0, topics, timeoutMs: 0 },
  });
}

export interface OutgoingCall<A extends ApiName> {
  readonly api: A;
  readonly call: FetcherCall;
  readonly body: RequestBody<A>;
  readonly sizeInBytes: number;
}

export function call<A extends ApiName>(
  broker: Broker,
  fetcher: ReplicaFetcher,
  outgoing: OutgoingCall<A>,
): void {
  const { memory, context } = broker;
  const node = nodeOfBroker(memory, fetcher.leader);
  if (node === undefined) return;
  if (fetcher.connection === 0) fetcher.connection = context.connect(node);
  const correlationId = fetcher.nextCorrelationId++;
  const { api, body, sizeInBytes } = outgoing;
  fetcher.calls.set(correlationId, Object.freeze(outgoing.call));
  const { version } = APIS[api];
  const clientId = `broker-${memory.settings.brokerId}-fetcher-0`;
  const request = { kind: 'request', api, version, correlationId, clientId, body };
  context.send(fetcher.connection, request, sizeInBytes);
  const timer = fetchTimeoutTimer(fetcher.leader);
  if (!context.hasTimer(timer)) context.setTimer(timer, socketTimeout(broker), fetcher.leader);
}

export const socketTimeout = ({ memory }: Broker): number =>
  millis(memory.config['replica.socket.timeout.ms']);

/** Undefined if the question was about another leader's time, or the log has changed since. */
export function stillFollowed(
  fetcher: ReplicaFetcher,
  replica: Replica,
  leaderEpoch: number,
  fetchOffset: number,
): FetchedPartition | undefined {
  const state = fetcher.partitions.get(replica.name);
  if (state === undefined || isLeader(replica) || state.leaderEpoch !== leaderEpoch) return undefined;
  return replica.log.logEndOffset === fetchOffset ? state : undefined;
}
