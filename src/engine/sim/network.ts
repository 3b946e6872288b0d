import { below, type PrngState } from '../base/prng.ts';
import type { SimDuration, SimTime } from '../base/time.ts';
import type { ConnectionId, NodeId, SimEvent } from './event.ts';

/**
 * A connection as TCP gives it: two first-in first-out directions. One side may have closed while the other does not
 * know yet.
 */
export interface Connection {
  readonly id: ConnectionId;
  /** The side that opened it. */
  readonly a: NodeId;
  readonly b: NodeId;
  readonly aIncarnation: number;
  readonly bIncarnation: number;
  aOpen: boolean;
  bOpen: boolean;
  /** When the opening side's handshake is over, whether or not a process behind it runs; {@link UNANSWERED} while none is to come. */
  connectedAt: SimTime;
  /** When the last message of each direction arrives; a later one may not overtake it. */
  aToB: SimTime;
  bToA: SimTime;
}

/** No answer to the handshake is under way: the link is cut, or the other machine is without power. */
export const UNANSWERED: SimTime = Number.MAX_SAFE_INTEGER;

/** How long messages travel. Chance is drawn from an integer table, so that all machines draw the same. */
export interface LinkProfile {
  readonly baseMicros: SimDuration;
  /** Quantiles of the extra delay, each as likely as the others. */
  readonly jitterMicros: readonly SimDuration[];
  readonly bytesPerMs: number;
}

/**
 * Links of one data centre: 0.25 ms plus a long-tailed jitter, 1 Gbit/s. The table is an exponential distribution of
 * mean 0.06 ms cut at 16 quantiles.
 */
export const DATA_CENTRE: LinkProfile = Object.freeze({
  baseMicros: 250,
  jitterMicros: Object.freeze([2, 6, 10, 15, 20, 25, 31, 38, 45, 54, 64, 76, 92, 114, 150, 250]),
  bytesPerMs: 125_000,
});

/** The state of one direction of a link, kept only where it differs from the profile or has carried messages. */
export interface LinkDirection {
  /** Nothing gets through: what arrives is held back as by TCP's retransmission until the link heals. */
  cut: boolean;
  extraMicros: SimDuration;
  sent: number;
  delivered: number;
  dropped: number;
  /** In order of arrival. */
  held: SimEvent[];
}

export interface NetworkState {
  readonly profile: LinkProfile;
  nextConnection: ConnectionId;
  readonly connections: Map<ConnectionId, Connection>;
  /** By `from>to`. */
  readonly links: Map<string, LinkDirection>;
  readonly prngs: Map<string, PrngState>;
}

export const newNetwork = (profile: LinkProfile): NetworkState => ({
  profile,
  nextConnection: 1,
  connections: new Map(),
  links: new Map(),
  prngs: new Map(),
});

export const directionKey = (from: NodeId, to: NodeId): string => `${from}>${to}`;

/** Name of the stream of chance for how long messages travel. */
export const directionStream = (from: NodeId, to: NodeId): string => `net/${from}>${to}`;

export function linkDirection(network: NetworkState, from: NodeId, to: NodeId): LinkDirection {
  const key = directionKey(from, to);
  let link = network.links.get(key);
  if (link === undefined) {
    link = { cut: false, extraMicros: 0, sent: 0, delivered: 0, dropped: 0, held: [] };
    network.links.set(key, link);
  }
  return link;
}

/** One draw of how long a message of this size travels now. */
export function travelTime(
  network: NetworkState,
  link: LinkDirection,
  prng: PrngState,
  sizeInBytes: number,
): SimDuration {
  const { baseMicros, jitterMicros, bytesPerMs } = network.profile;
  const jitter = jitterMicros.length === 0 ? 0 : (jitterMicros[below(prng, jitterMicros.length)] ?? 0);
  return baseMicros + jitter + link.extraMicros + Math.floor((sizeInBytes * 1_000) / bytesPerMs);
}

/** The side of the connection that is not `node`. */
export function peerOf(connection: Connection, node: NodeId): NodeId {
  return connection.a === node ? connection.b : connection.a;
}
