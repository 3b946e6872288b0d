import type { ConnectionFacts } from '../api/entities/node.ts';
import { millis, type SimTime } from '../base/time.ts';
import { quotaEntityKey } from '../metadata/client-quotas.ts';
import type { ConnectionId, NodeId } from '../sim/event.ts';
import type { Broker, BrokerMemory, Channel, RequestState } from './broker-memory.ts';
import { IDLE_TIMER, NOT_ACCEPTED } from './channels.ts';
import { closeChannel } from './lost-channel.ts';
import { excessMs, settingsOf } from './client-quota.ts';
import { rateNamed, recordRate } from './rate-window.ts';
import { trace } from './trace.ts';

/** Connections that are not accepted yet, and how many were not let in at once. Plain data. */
export interface Acceptor {
  /** In order of arrival; they are taken one by one (`Acceptor`, `ConnectionQuotas.waitForConnectionSlot`). */
  waiting: ConnectionId[];
  /** The first of them is not taken before, and its creation counts already; −1: it has not been looked at. */
  notBefore: SimTime;
  /** Had to wait: for `max.connections` or `max.connection.creation.rate`. */
  delayed: number;
  /** Closed at once: `max.connections.per.ip`. */
  refused: number;
  /** Closed after a time: `connection_creation_rate` of their address. */
  throttled: number;
  /** How often each machine was not let in at once. */
  readonly times: Map<NodeId, number>;
}

const ACCEPT_TIMER = 'connections/accept';
/** Of a connection that is closed later. */
const CLOSE_TIMER = 'connections/close/';

function acceptorOf({ memory }: Broker): Acceptor {
  memory.acceptor ??= {
    waiting: [],
    notBefore: -1,
    delayed: 0,
    refused: 0,
    throttled: 0,
    times: new Map(),
  };
  return memory.acceptor;
}

/** A new connection where there are limits: it is accepted, has to wait, or is closed. */
export function limitConnection(broker: Broker, connection: ConnectionId, channel: Channel): void {
  const acceptor = acceptorOf(broker);
  channel.token = NOT_ACCEPTED;
  acceptor.waiting.push(connection);
  acceptWaiting(broker);
  if (!acceptor.waiting.includes(connection)) return;
  acceptor.delayed += 1;
  const isFull = accepted(broker.memory).length >= broker.memory.config['max.connections'];
  tell(broker, connection, isFull ? 'max.connections' : 'max.connection.creation.rate', 'waits');
}

/** Accepts as many as may be now. */
export function acceptWaiting(broker: Broker): void {
  const acceptor = acceptorOf(broker);
  for (let [first] = acceptor.waiting; first !== undefined; [first] = acceptor.waiting) {
    if (!mayAccept(broker, acceptor)) return;
    acceptor.waiting.shift();
    acceptor.notBefore = -1;
    accept(broker, acceptor, first);
  }
}

function mayAccept(broker: Broker, acceptor: Acceptor): boolean {
  const { memory, context } = broker;
  const now = context.now();
  const rate = memory.config['max.connection.creation.rate'];
  if (acceptor.notBefore < 0) acceptor.notBefore = now + millis(countCreation(broker, BROKER, rate));
  if (acceptor.notBefore > now) context.setTimer(ACCEPT_TIMER, acceptor.notBefore - now);
  return acceptor.notBefore <= now && accepted(memory).length < memory.config['max.connections'];
}

function accept(broker: Broker, acceptor: Acceptor, connection: ConnectionId): void {
  const { memory, context } = broker;
  const { channels, ready } = memory.requests;
  const channel = channels.get(connection);
  const peer = context.peer(connection);
  if (channel === undefined || peer === undefined) return;
  const delayMs = addressDelay(broker, peer);
  if (delayMs > 0) {
    acceptor.throttled += 1;
    context.setTimer(CLOSE_TIMER + String(connection), millis(delayMs), connection);
    tell(broker, connection, 'connection_creation_rate', 'is held and closed');
  } else if (connectionsOf(broker, peer) >= mostOf(memory, peer)) {
    acceptor.refused += 1;
    tell(broker, connection, 'max.connections.per.ip', 'is closed');
    closeChannel(broker, connection);
  } else {
    channel.token = 0;
    if (channel.queue.length > 0) ready.push(connection);
  }
}

/** For checkers and frames. */
export function limitedConnections({ channels }: RequestState, acceptor: Acceptor): ConnectionFacts {
  let waiting = 0;
  for (const { token } of channels.values()) if (token === NOT_ACCEPTED) waiting += 1;
  const { delayed, refused, throttled } = acceptor;
  return { accepted: channels.size - waiting, limited: { waiting, delayed, refused, throttled } };
}

const accepted = ({ requests }: BrokerMemory): (readonly [ConnectionId, Channel])[] =>
  [...requests.channels].filter(([, { token }]) => token !== NOT_ACCEPTED);

const connectionsOf = ({ memory, context }: Broker, peer: NodeId): number =>
  accepted(memory).filter(([connection]) => context.peer(connection) === peer).length;

/** How many connections one machine may have; overrides are `host:number,…`, and one that is not is passed over. */
function mostOf({ config }: BrokerMemory, peer: NodeId): number {
  for (const entry of config['max.connections.per.ip.overrides'].split(',')) {
    const [, host, most] = OVERRIDE.exec(entry) ?? [];
    if (host === peer) return Number(most);
  }
  return config['max.connections.per.ip'];
}

const OVERRIDE = /^\s*(.+?)\s*:\s*(\d+)\s*$/;

const BROKER = 'connections';
const ofAddress = (peer: NodeId): string => `connections/${peer}`;

/** Counts a connection. Returns for how many ms it must wait so that the rate holds, no longer than a sample is. */
function countCreation({ memory, context }: Broker, name: string, bound: number): number {
  const settings = settingsOf(memory);
  const nowMs = context.wallClockMs();
  const window = rateNamed(memory.rates, name);
  recordRate(window, 1, nowMs, settings);
  return Math.min(excessMs(window, bound, nowMs, settings), settings.sampleMs);
}

/** One that is not accepted for the rate of its address does not count (`recordIpConnectionMaybeThrottle`). */
function addressDelay(broker: Broker, peer: NodeId): number {
  const { memory, context } = broker;
  const quotaOf = (entityName: string | null): number | undefined =>
    memory.image.quotas.get(quotaEntityKey([{ entityType: 'ip', entityName }]))?.values[
      'connection_creation_rate'
    ];
  const bound = quotaOf(peer) ?? quotaOf(null);
  if (bound === undefined) return 0;
  const delayMs = countCreation(broker, ofAddress(peer), bound);
  if (delayMs > 0)
    for (const name of [ofAddress(peer), BROKER])
      recordRate(rateNamed(memory.rates, name), -1, context.wallClockMs(), settingsOf(memory));
  return delayMs;
}

function tell(
  broker: Broker,
  connection: ConnectionId,
  limit: string,
  outcome: 'waits' | 'is closed' | 'is held and closed',
): void {
  const { times } = acceptorOf(broker);
  const peer = broker.context.peer(connection) ?? '';
  const count = (times.get(peer) ?? 0) + 1;
  times.set(peer, count);
  trace(broker, { type: 'connection-limited', peer, limit, outcome, times: count });
}

/** A connection is gone: it waits no more, or leaves its place to another. */
export function leaveAcceptor(broker: Broker, acceptor: Acceptor, connection: ConnectionId): void {
  if (acceptor.waiting[0] === connection) acceptor.notBefore = -1;
  acceptor.waiting = acceptor.waiting.filter((waiting) => waiting !== connection);
  acceptWaiting(broker);
}

/** Other limits hold: those who were active least lately lose their connections if there are too many now. */
export function changeLimits(broker: Broker): void {
  const { memory } = broker;
  const open = [...accepted(memory)].sort(
    ([a, one], [b, other]) => one.lastActiveAt - other.lastActiveAt || a - b,
  );
  for (const [connection] of open.slice(0, Math.max(open.length - memory.config['max.connections'], 0))) {
    tell(broker, connection, 'max.connections', 'is closed');
    closeChannel(broker, connection);
  }
  acceptWaiting(broker);
}

export function onConnectionTimer(broker: Broker, name: string, data: unknown): void {
  if (name === ACCEPT_TIMER) acceptWaiting(broker);
  else if (name === IDLE_TIMER) closeIdle(broker);
  else closeChannel(broker, data as ConnectionId);
}

/** Closes what nothing went over for `connections.max.idle.ms`, whatever is asked there (`Selector.IdleExpiryManager`). */
function closeIdle(broker: Broker): void {
  const { memory, context } = broker;
  const maxIdle = millis(memory.config['connections.max.idle.ms']);
  let oldest = Infinity;
  for (const [connection, { lastActiveAt }] of [...memory.requests.channels]) {
    if (lastActiveAt + maxIdle > context.now()) {
      oldest = Math.min(oldest, lastActiveAt);
      continue;
    }
    trace(broker, { type: 'idle-connection-closed', peer: context.peer(connection) ?? '' });
    closeChannel(broker, connection);
  }
  if (oldest < Infinity) context.setTimer(IDLE_TIMER, oldest + maxIdle - context.now());
}
