import { namesBy } from '../../base/names.ts';
import { millis, type SimDuration, type SimTime } from '../../base/time.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import {
  APIS,
  type ApiName,
  type RequestBody,
  type RequestMessage,
  type ResponseBody,
  type ResponseMessage,
} from '../../protocol/message.ts';
import type { ConnectionId, NodeId } from '../../sim/event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { newClusterMetadata, type ClusterMetadata } from './cluster-metadata.ts';
import { jitteredBackoff } from '../backoff.ts';
import { closeConnection, closeIdle, loseConnection, type Loss } from './lost-connection.ts';
import type { NetworkSettings } from './network-settings.ts';
import { requestSize } from './wire-size.ts';

/** Later than any simulated time. */
export const NEVER: SimTime = Number.MAX_SAFE_INTEGER;

/** What a client connects to: a broker by its id, or the same broker as coordinator, see {@link coordinatorOf}. */
export type Destination = number;

/** Requests to a coordinator have a connection of their own, so that a long fetch never holds up a heartbeat. */
export const coordinatorOf = (broker: number): Destination => 0x7fffffff - broker;

const FIRST_COORDINATOR = 0x40000000;
export const brokerOf = (destination: Destination): number =>
  destination >= FIRST_COORDINATOR ? 0x7fffffff - destination : destination;

/** A request under way. `context` says what it was for, in the words of the client that sent it. */
export interface InFlightRequest<C> {
  readonly api: ApiName;
  readonly correlationId: number;
  readonly sentAt: SimTime;
  readonly deadline: SimTime;
  readonly context: C;
}

export interface BrokerConnection<C> {
  /** 0 while closed. */
  connection: ConnectionId;
  /** An answer has come over it. */
  established: boolean;
  /** When something was sent or came over it last. */
  lastActiveAt: SimTime;
  /** Consecutive times that it broke or could not be set up. */
  failures: number;
  /** Consecutive times that it could not be set up. */
  setupFailures: number;
  /** When its handshake has to be over (`ClusterConnectionStates`). */
  setupBy: SimTime;
  /** Not opened again before. */
  notBefore: SimTime;
  /** The broker asked for silence until then (KIP-219); 0 for none. */
  throttledUntil: SimTime;
  /** In order of sending. */
  inFlight: InFlightRequest<C>[];
}

/** The clients' common way to the brokers (`NetworkClient`). Plain data; one per client instance. */
export interface NetworkClient<C> {
  /** Of the client's timers and PRNG streams. */
  readonly prefix: string;
  readonly settings: NetworkSettings;
  readonly connections: Map<Destination, BrokerConnection<C>>;
  readonly destinations: Map<ConnectionId, Destination>;
  readonly metadata: ClusterMetadata;
  readonly refresh: { needed: boolean; inFlight: boolean; attempts: number; notBefore: SimTime };
  nextCorrelationId: number;
  /** When the timer for timeouts rings, {@link NEVER} if it is not set. */
  timerAt: SimTime;
}

/** What became of a request: an answer, or NETWORK_EXCEPTION or REQUEST_TIMED_OUT when it is not known. */
export interface Completion<C> {
  readonly destination: Destination;
  readonly request: InFlightRequest<C>;
  readonly error: number;
  /** Undefined when `error` is set. */
  readonly response: ResponseMessage | undefined;
}

export const newNetworkClient = <C>(prefix: string, settings: NetworkSettings): NetworkClient<C> => ({
  prefix,
  settings,
  connections: new Map(),
  destinations: new Map(),
  metadata: newClusterMetadata(),
  refresh: { needed: false, inFlight: false, attempts: 0, notBefore: 0 },
  nextCorrelationId: 0,
  timerAt: NEVER,
});

/** The answer's body, when the request was one of this API. */
export const bodyOf = <A extends ApiName>(
  completion: Completion<unknown>,
  api: A,
): ResponseBody<A> | undefined => (completion.response?.api === api ? completion.response.body : undefined);

export const ownsConnection = (client: NetworkClient<unknown>, connection: ConnectionId): boolean =>
  client.destinations.has(connection);

const nodeOf = (client: NetworkClient<unknown>, broker: number): NodeId | undefined =>
  client.settings.bootstrap.find(([id]) => id === broker)?.[1] ?? client.metadata.brokers.get(broker);

function connectionTo<C>(client: NetworkClient<C>, destination: Destination): BrokerConnection<C> {
  let to = client.connections.get(destination);
  if (to === undefined) {
    to = {
      connection: 0,
      established: false,
      lastActiveAt: 0,
      failures: 0,
      setupFailures: 0,
      setupBy: 0,
      notBefore: 0,
      throttledUntil: 0,
      inFlight: [],
    };
    client.connections.set(destination, to);
  }
  return to;
}

/**
 * Whether a request can be sent now. Opens the connection if that is allowed; a connection under set-up counts as ready,
 * since what is sent travels right behind the handshake.
 */
export function isReady<C>(
  client: NetworkClient<C>,
  context: NodeContext,
  destination: Destination,
): boolean {
  const to = connectionTo(client, destination);
  const now = context.now();
  if (to.throttledUntil > now) return false;
  to.throttledUntil = 0;
  if (to.connection !== 0) return to.inFlight.length < client.settings.maxInFlight;
  if (now < to.notBefore) return false;
  const node = nodeOf(client, brokerOf(destination));
  if (node === undefined) return false;
  to.connection = context.connect(node);
  to.established = false;
  to.lastActiveAt = now;
  to.setupBy = now + setupTimeout(client, context, to.setupFailures);
  client.destinations.set(to.connection, destination);
  return true;
}

/** Grows with each handshake that was in vain, with jitter. */
function setupTimeout<C>(
  { prefix, settings }: NetworkClient<C>,
  context: NodeContext,
  failures: number,
): SimDuration {
  const { config } = settings;
  const initial = config['socket.connection.setup.timeout.ms'];
  const most = config['socket.connection.setup.timeout.max.ms'];
  return millis(jitteredBackoff(context.prng(`${prefix}:setup`), initial, most, failures));
}

/** When {@link isReady} may become true by itself; {@link NEVER} when that takes an answer. */
export function readyAt<C>(client: NetworkClient<C>, destination: Destination): SimTime {
  const to = client.connections.get(destination);
  if (to === undefined) return 0;
  if (to.connection === 0) return Math.max(to.notBefore, to.throttledUntil);
  return to.throttledUntil > 0 ? to.throttledUntil : NEVER;
}

export interface Outgoing<A extends ApiName, C> {
  readonly destination: Destination;
  readonly api: A;
  readonly body: RequestBody<A>;
  readonly context: C;
  /** The latest unless given. */
  readonly version?: number;
  /** `request.timeout.ms` unless given. */
  readonly timeout?: SimDuration;
  /** No answer will come (acks=0). */
  readonly oneWay?: boolean;
}

/** Sends a request over a connection that {@link isReady}. */
export function sendRequest<A extends ApiName, C>(
  client: NetworkClient<C>,
  context: NodeContext,
  out: Outgoing<A, C>,
): void {
  const to = connectionTo(client, out.destination);
  const correlationId = client.nextCorrelationId++;
  const message = {
    kind: 'request',
    api: out.api,
    version: out.version ?? APIS[out.api].version,
    correlationId,
    clientId: client.settings.clientId,
    body: out.body,
  } as RequestMessage;
  context.send(to.connection, message, requestSize(out.api, out.body));
  const now = context.now();
  to.lastActiveAt = now;
  if (out.oneWay === true) return;
  const deadline = now + (out.timeout ?? millis(client.settings.config['request.timeout.ms']));
  const request = { api: out.api, correlationId, sentAt: now, deadline, context: out.context };
  to.inFlight.push(Object.freeze(request));
  armNetworkTimer(client, context, expiryOf(context, to, request));
}

const expiryOf = <C>(context: NodeContext, to: BrokerConnection<C>, request: InFlightRequest<C>): SimTime =>
  to.established || context.connected(to.connection)
    ? request.deadline
    : Math.min(request.deadline, to.setupBy);

const networkTimer = namesBy((prefix: string) => `${prefix}:network`);

/** Makes the timer ring no later than `at`. */
export function armNetworkTimer<C>(client: NetworkClient<C>, context: NodeContext, at: SimTime): void {
  if (at >= client.timerAt) return;
  client.timerAt = at;
  context.setTimer(networkTimer(client.prefix), Math.max(at - context.now(), 0));
}

/** Whoever is over a quota is told for how long to be silent, in ms, and obeys. */
function throttle<C>(to: BrokerConnection<C>, context: NodeContext, { body }: ResponseMessage): void {
  const ms = 'throttleTimeMs' in body ? body.throttleTimeMs : 0;
  if (ms > 0) to.throttledUntil = Math.max(to.throttledUntil, context.now() + millis(ms));
}

/** Matches an answer with its request. Undefined for an answer that nobody waits for any more. */
export function takeResponse<C>(
  client: NetworkClient<C>,
  context: NodeContext,
  connection: ConnectionId,
  message: ResponseMessage,
): Completion<C> | undefined {
  const destination = client.destinations.get(connection);
  if (destination === undefined) return undefined;
  const to = connectionTo(client, destination);
  throttle(to, context, message);
  to.lastActiveAt = context.now();
  if (!to.established) {
    to.established = true;
    to.failures = 0;
  }
  const at = to.inFlight.findIndex((request) => request.correlationId === message.correlationId);
  if (at < 0) return undefined;
  const [request] = to.inFlight.splice(at, 1);
  return request === undefined ? undefined : { destination, request, error: 0, response: message };
}

/** The other side is gone: all requests under way over the connection are lost, their outcome unknown. */
export function takeDisconnect<C>(
  client: NetworkClient<C>,
  context: NodeContext,
  connection: ConnectionId,
): Completion<C>[] {
  const destination = client.destinations.get(connection);
  if (destination === undefined) return [];
  return loseConnection(client, context, lossOf(client, destination, ERROR_CODES.NETWORK_EXCEPTION));
}

const lossOf = <C>(client: NetworkClient<C>, destination: Destination, error: number): Loss<C> => ({
  destination,
  to: connectionTo(client, destination),
  peer: nodeOf(client, brokerOf(destination)) ?? '',
  error,
});

/** When a connection has been idle for `connections.max.idle.ms` (`Selector.IdleExpiryManager`); none is if that is negative. */
function idleAt<C>({ settings }: NetworkClient<C>, to: BrokerConnection<C>): SimTime {
  const maxIdleMs = settings.config['connections.max.idle.ms'];
  return to.connection === 0 || maxIdleMs < 0 ? NEVER : to.lastActiveAt + millis(maxIdleMs);
}

/**
 * Closes the connections on which a request waits too long; all that was under way there counts as timed out. Those that
 * nothing went over for long are closed too.
 */
export function expireRequests<C>(client: NetworkClient<C>, context: NodeContext): Completion<C>[] {
  const now = context.now();
  if (client.timerAt > now) return [];
  client.timerAt = NEVER;
  const lost: Completion<C>[] = [];
  let next = NEVER;
  for (const [destination, to] of client.connections) {
    if (to.inFlight.some((request) => expiryOf(context, to, request) <= now))
      lost.push(
        ...loseConnection(client, context, lossOf(client, destination, ERROR_CODES.REQUEST_TIMED_OUT)),
      );
    if (idleAt(client, to) <= now)
      lost.push(...closeIdle(client, context, lossOf(client, destination, ERROR_CODES.NETWORK_EXCEPTION)));
    for (const request of to.inFlight) next = Math.min(next, expiryOf(context, to, request));
    next = Math.min(next, idleAt(client, to));
  }
  if (next !== NEVER) armNetworkTimer(client, context, next);
  return lost;
}

/** Closes every connection. */
export function closeNetwork<C>(client: NetworkClient<C>, context: NodeContext): void {
  for (const destination of client.connections.keys()) closeConnection(client, context, destination);
  context.cancelTimer(networkTimer(client.prefix));
  client.timerAt = NEVER;
}
