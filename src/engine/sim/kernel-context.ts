import type { PrngState } from '../base/prng.ts';
import { toMillis, type SimDuration, type SimTime } from '../base/time.ts';
import type { DiskState } from './disk.ts';
import type { ConnectionId, NodeId } from './event.ts';
import { reachAnchor } from './anchors.ts';
import type { Kernel } from './kernel.ts';
import type { NodeSlot } from './kernel-state.ts';
import {
  directionStream,
  linkDirection,
  peerOf,
  travelTime,
  UNANSWERED,
  type LinkDirection,
} from './network.ts';
import type { NodeContext, Program, TraceData } from './node-context.ts';
import { closeConnection, openConnection, sendMessage } from './transport.ts';

/** One direction of a link, and the stream of chance for how long messages take over it once one has travelled. */
interface Route {
  readonly link: LinkDirection;
  prng: PrngState | undefined;
}

/**
 * The kernel's side of {@link NodeContext} for one node. Holds no state: it can be made anew at any time. It remembers
 * what each event would have to look up.
 */
export class KernelContext implements NodeContext {
  readonly self: NodeId;
  readonly slot: NodeSlot;
  readonly program: Program;
  private readonly kernel: Kernel;
  private readonly routes = new Map<NodeId, Route>();

  constructor(kernel: Kernel, slot: NodeSlot) {
    this.kernel = kernel;
    this.slot = slot;
    this.self = slot.id;
    this.program = kernel.program(slot);
  }

  private route(to: NodeId): Route {
    let route = this.routes.get(to);
    if (route === undefined) {
      route = { link: linkDirection(this.kernel.state.network, this.self, to), prng: undefined };
      this.routes.set(to, route);
    }
    return route;
  }

  /** The direction of the link from here. */
  linkTo(to: NodeId): LinkDirection {
    return this.route(to).link;
  }

  /** One draw of how long a message of this size travels from here now. */
  flight(to: NodeId, sizeInBytes: number): SimDuration {
    const { network } = this.kernel.state;
    const route = this.route(to);
    route.prng ??= this.kernel.stream(network.prngs, directionStream(this.self, to));
    return travelTime(network, route.link, route.prng, sizeInBytes);
  }

  get incarnation(): number {
    return this.slot.incarnation;
  }

  get disk(): DiskState {
    return this.slot.disk;
  }

  now(): SimTime {
    return this.kernel.state.now;
  }

  wallClockMs(): number {
    const { epochMs, now } = this.kernel.state;
    return epochMs + toMillis(now) + this.slot.clockOffsetMs;
  }

  prng(stream: string): PrngState {
    let prng = this.slot.prngs.get(stream);
    if (prng === undefined) {
      prng = { ...this.kernel.stream(new Map(), `${this.self}/${stream}`) };
      this.slot.prngs.set(stream, prng);
    }
    return prng;
  }

  connect(target: NodeId): ConnectionId {
    return openConnection(this.kernel, this.self, target);
  }

  connected(connection: ConnectionId): boolean {
    const { network, now } = this.kernel.state;
    return (network.connections.get(connection)?.connectedAt ?? UNANSWERED) <= now;
  }

  peer(connection: ConnectionId): NodeId | undefined {
    const found = this.kernel.state.network.connections.get(connection);
    if (found === undefined) return undefined;
    const open = found.a === this.self ? found.aOpen : found.bOpen;
    return open ? peerOf(found, this.self) : undefined;
  }

  send(connection: ConnectionId, message: object, sizeInBytes: number, departsIn: SimDuration = 0): void {
    sendMessage(this.kernel, this, { connection, message, sizeInBytes, departsIn });
  }

  close(connection: ConnectionId): void {
    closeConnection(this.kernel, this.self, connection);
  }

  setTimer(name: string, delay: SimDuration, data?: unknown): void {
    const sequence = this.kernel.schedule({
      at: this.kernel.state.now + delay,
      kind: 'timer',
      node: this.self,
      incarnation: this.slot.incarnation,
      name,
      payload: data,
    });
    this.slot.timers.set(name, sequence);
  }

  cancelTimer(name: string): void {
    this.slot.timers.delete(name);
  }

  hasTimer(name: string): boolean {
    return this.slot.timers.has(name);
  }

  trace(data: TraceData, cause?: number): number {
    return this.kernel.trace(this.self, data, cause);
  }

  anchor(name: string): void {
    if (this.slot.armed.length > 0) reachAnchor(this.slot, name);
  }

  exit(): void {
    this.kernel.schedule({
      at: this.kernel.state.now,
      kind: 'exit',
      node: this.self,
      incarnation: this.slot.incarnation,
    });
  }
}
