import { millis, type SimDuration, type SimTime } from '../base/time.ts';
import type { ConnectionId, NodeId, SimEvent } from './event.ts';
import type { Kernel } from './kernel.ts';
import type { KernelContext } from './kernel-context.ts';
import type { KernelState } from './kernel-state.ts';
import { directionKey, linkDirection, UNANSWERED, type Connection } from './network.ts';

/** After a cut heals, TCP waits for its retransmission timer; 200 ms is Linux' least (`TCP_RTO_MIN`). */
const RETRANSMISSION: SimDuration = millis(200);

/** Opens a connection; its handshake takes one and a half round trips before the first message arrives. */
export function openConnection(kernel: Kernel, from: NodeId, to: NodeId): ConnectionId {
  const { network, now } = kernel.state;
  const id = network.nextConnection++;
  const target = kernel.slot(to);
  const connection: Connection = {
    id,
    a: from,
    b: to,
    aIncarnation: kernel.slot(from).incarnation,
    bIncarnation: target.incarnation,
    aOpen: true,
    bOpen: target.status !== 'down',
    connectedAt: UNANSWERED,
    aToB: now,
    bToA: now,
  };
  network.connections.set(id, connection);
  const handshake = 2 * flight(kernel, from, to, 0);
  connection.aToB += handshake;
  connection.bToA += handshake;
  if (connection.bOpen && !isCut(kernel.state, from, to)) connection.connectedAt = now + handshake;
  if (!connection.bOpen && !target.poweredOff) notifyPeer(kernel, connection, to);
  return id;
}

const isCut = ({ network }: KernelState, a: NodeId, b: NodeId): boolean =>
  network.links.get(directionKey(a, b))?.cut === true || network.links.get(directionKey(b, a))?.cut === true;

/** Handshakes that a cut interrupts wait; when it heals their first packet is sent again. */
export function retimeHandshakes(kernel: Kernel, one: NodeId, other: NodeId): void {
  const { network, now } = kernel.state;
  const cut = isCut(kernel.state, one, other);
  for (const connection of network.connections.values()) {
    const { a, b, aOpen, bOpen, connectedAt } = connection;
    const between = (a === one && b === other) || (a === other && b === one);
    if (!between || !aOpen || !bOpen || connectedAt <= now) continue;
    connection.connectedAt = cut ? UNANSWERED : now + RETRANSMISSION + 2 * flight(kernel, a, b, 0);
  }
}

const flight = (kernel: Kernel, from: NodeId, to: NodeId, sizeInBytes: number): SimDuration =>
  kernel.context(from).flight(to, sizeInBytes);

export interface Outgoing {
  readonly connection: ConnectionId;
  readonly message: object;
  readonly sizeInBytes: number;
  readonly departsIn: SimDuration;
}

/** Sends if the sender's side is open. */
export function sendMessage(kernel: Kernel, sender: KernelContext, out: Outgoing): void {
  const from = sender.self;
  const connection = kernel.state.network.connections.get(out.connection);
  if (connection === undefined || !isOpen(connection, from)) return;
  Object.freeze(out.message);
  const to = connection.a === from ? connection.b : connection.a;
  sender.linkTo(to).sent += 1;
  const travel = out.departsIn + sender.flight(to, out.sizeInBytes);
  kernel.schedule({
    at: arrivalTime(kernel.state, connection, from, travel),
    kind: 'deliver',
    node: to,
    incarnation: incarnationOf(connection, to),
    name: from,
    connection: connection.id,
    payload: out.message,
    sizeInBytes: out.sizeInBytes,
  });
}

/** First in, first out: not before the last message of this direction. */
function arrivalTime(state: KernelState, connection: Connection, from: NodeId, travel: SimDuration): SimTime {
  const last = connection.a === from ? connection.aToB : connection.bToA;
  const at = Math.max(state.now + travel, last);
  if (connection.a === from) connection.aToB = at;
  else connection.bToA = at;
  return at;
}

const isOpen = (connection: Connection, node: NodeId): boolean =>
  connection.a === node ? connection.aOpen : connection.bOpen;

const incarnationOf = (connection: Connection, node: NodeId): number =>
  connection.a === node ? connection.aIncarnation : connection.bIncarnation;

function closeSide(connection: Connection, node: NodeId): void {
  if (connection.a === node) connection.aOpen = false;
  else connection.bOpen = false;
}

/** Closes one side; the other learns it after everything that was sent. */
export function closeConnection(kernel: Kernel, node: NodeId, id: ConnectionId): void {
  const connection = kernel.state.network.connections.get(id);
  if (connection === undefined || !isOpen(connection, node)) return;
  closeSide(connection, node);
  notifyPeer(kernel, connection, node);
}

function notifyPeer(kernel: Kernel, connection: Connection, gone: NodeId): void {
  const to = connection.a === gone ? connection.b : connection.a;
  if (!isOpen(connection, to)) {
    kernel.state.network.connections.delete(connection.id);
    return;
  }
  kernel.schedule({
    at: arrivalTime(kernel.state, connection, gone, flight(kernel, gone, to, 0)),
    kind: 'disconnect',
    node: to,
    incarnation: incarnationOf(connection, to),
    name: gone,
    connection: connection.id,
  });
}

/** The process of `node` is gone with all its connections. Peers are told only if an operating system is left to do it. */
export function dropConnections(kernel: Kernel, node: NodeId, tellPeers: boolean): void {
  for (const connection of [...kernel.state.network.connections.values()]) {
    if ((connection.a !== node && connection.b !== node) || !isOpen(connection, node)) continue;
    closeSide(connection, node);
    // A connection of the node with itself has no side left that could miss the other.
    if (tellPeers || connection.a === connection.b) notifyPeer(kernel, connection, node);
  }
}

/** Holds the event back if its link is cut; then it will come again when the link heals. */
export function isHeld(kernel: Kernel, event: SimEvent): boolean {
  const link = kernel.context(event.name).linkTo(event.node);
  if (!link.cut) return false;
  link.held.push(event);
  return true;
}

/** Lets what a cut held back travel again, in order. */
export function releaseHeld(kernel: Kernel, from: NodeId, to: NodeId): void {
  const link = linkDirection(kernel.state.network, from, to);
  const held = link.held;
  link.held = [];
  for (const event of held) {
    const connection = kernel.state.network.connections.get(event.connection);
    const travel = RETRANSMISSION + flight(kernel, from, to, event.sizeInBytes);
    const at =
      connection === undefined
        ? kernel.state.now + travel
        : arrivalTime(kernel.state, connection, from, travel);
    kernel.schedule({ ...event, at });
  }
}

/**
 * Whether a message finds somebody. If its target's side is closed the message is dropped, and the sender, if it does
 * not know yet, gets a reset.
 */
export function arrives(kernel: Kernel, event: SimEvent): boolean {
  const { network } = kernel.state;
  const link = kernel.context(event.name).linkTo(event.node);
  const connection = network.connections.get(event.connection);
  if (connection !== undefined && isOpen(connection, event.node)) {
    link.delivered += 1;
    return true;
  }
  link.dropped += 1;
  const answers = !kernel.slot(event.node).poweredOff;
  if (connection !== undefined && answers && isOpen(connection, event.name))
    notifyPeer(kernel, connection, event.node);
  return false;
}

/** Whether the node still had its side open; closes it. */
export function disconnects(state: KernelState, event: SimEvent): boolean {
  const connection = state.network.connections.get(event.connection);
  if (connection === undefined) return false;
  const open = isOpen(connection, event.node);
  closeSide(connection, event.node);
  if (!connection.aOpen && !connection.bOpen) state.network.connections.delete(connection.id);
  return open;
}
