import type { PrngState } from '../base/prng.ts';
import type { SimDuration, SimTime } from '../base/time.ts';
import type { DiskState } from './disk.ts';
import type { ConnectionId, NodeId } from './event.ts';

/** What a node says about itself for people and checkers. Immutable plain data; the types live with the contract. */
export interface TraceData {
  readonly type: string;
}

/** A trace entry with its place in time and its cause. */
export interface TraceEntry<Data extends TraceData = TraceData> {
  /** 1, 2, 3 … in order of happening. */
  readonly id: number;
  readonly at: SimTime;
  readonly node: NodeId;
  /** Id of the entry that led to this one, 0 for none. */
  readonly cause: number;
  readonly data: Data;
}

/** All that a node may learn from, or do to, the world outside itself. */
export interface NodeContext {
  readonly self: NodeId;
  /** Which life of the node this is: 1 for the first. */
  readonly incarnation: number;
  /** Monotonic clock in microseconds. */
  now(): SimTime;
  /** The node's own wall clock in whole milliseconds since 1970; it may be skewed. */
  wallClockMs(): number;
  /** The node's stream of this name; each use of chance has its own name. */
  prng(stream: string): PrngState;
  /** Opens a connection. Messages may be sent at once; if nobody listens, `onDisconnect` follows. */
  connect(target: NodeId): ConnectionId;
  /**
   * Whether the connection that this node opened has passed TCP's handshake. The operating system of a paused process
   * still answers it; nobody does over a cut link, or on a machine without power.
   */
  connected(connection: ConnectionId): boolean;
  /** The node at the other side, or undefined when this side is closed. */
  peer(connection: ConnectionId): NodeId | undefined;
  /**
   * Sends an immutable message; messages of one connection arrive in order. `departsIn` delays it by work that the
   * sender still has to do. Sending on a closed connection does nothing.
   */
  send(connection: ConnectionId, message: object, sizeInBytes: number, departsIn?: SimDuration): void;
  /** Closes this side; what was sent before still arrives, then the peer gets `onDisconnect`. */
  close(connection: ConnectionId): void;
  /** Replaces a pending timer of the same name. `data` is immutable and is given back. */
  setTimer(name: string, delay: SimDuration, data?: unknown): void;
  cancelTimer(name: string): void;
  hasTimer(name: string): boolean;
  readonly disk: DiskState;
  /**
   * Tells what happened; entries form the chain of causes that "Why?" walks. The cause is the newest entry before it in
   * what runs now, unless another is named. Returns the entry's id.
   */
  trace(data: TraceData, cause?: number): number;
  /**
   * The process comes to a step at which it may have been told to crash ({@link Kernel.arm}). Then this call does not
   * return: it throws what the kernel catches, which is no Error.
   */
  anchor(name: string): void;
  /** Ends the process in order (exit code 0): its connections close after what was sent. */
  exit(): void;
}

/**
 * The code of one kind of process. It has no state of its own: everything that must survive a checkpoint is in
 * `Memory` (plain data, lost when the process dies) or on the node's disk.
 */
export interface Program<Config = unknown, Memory = unknown> {
  readonly kind: string;
  /** Begins a life: reads the disk, opens connections, sets timers, and returns the memory of this life. */
  start(context: NodeContext, config: Config): Memory;
  onMessage(memory: Memory, context: NodeContext, connection: ConnectionId, message: object): void;
  onTimer(memory: Memory, context: NodeContext, name: string, data: unknown): void;
  onDisconnect(memory: Memory, context: NodeContext, connection: ConnectionId): void;
  /** An operating-system signal or an operator's act, as SIGTERM. */
  onSignal(memory: Memory, context: NodeContext, signal: Signal): void;
}

/** `terminate` is SIGTERM. Others are acts that reach the process from outside the network. Immutable. */
export interface Signal {
  readonly type: string;
}
