import type { PrngState } from '../../base/prng.ts';
import type { SimDuration, SimTime } from '../../base/time.ts';
import type { DiskState } from '../../sim/disk.ts';
import type { ConnectionId, NodeId } from '../../sim/event.ts';
import type { NodeContext, TraceData } from '../../sim/node-context.ts';
import type { StreamsMemory } from './instance-memory.ts';

/** Between a thread's index and the name of a timer or of a stream of chance. */
const OF_THREAD = '/';

/**
 * What one stream thread of a process learns from and does to the world: its node's context, with timers and streams of
 * chance of its own, and the process that it shares with its siblings. Holds no state; made anew for each event. The first
 * thread's names are the node's, so that a second one reshuffles nothing.
 */
export class ThreadContext implements NodeContext {
  readonly process: StreamsMemory;
  readonly index: number;
  private readonly node: NodeContext;
  private readonly scope: string;

  constructor(process: StreamsMemory, node: NodeContext, index: number) {
    this.process = process;
    this.node = node;
    this.index = index;
    this.scope = index === 1 ? '' : `${index}${OF_THREAD}`;
  }

  get self(): NodeId {
    return this.node.self;
  }

  get incarnation(): number {
    return this.node.incarnation;
  }

  get disk(): DiskState {
    return this.node.disk;
  }

  now(): SimTime {
    return this.node.now();
  }

  wallClockMs(): number {
    return this.node.wallClockMs();
  }

  prng(stream: string): PrngState {
    return this.node.prng(this.scope + stream);
  }

  connect(target: NodeId): ConnectionId {
    return this.node.connect(target);
  }

  connected(connection: ConnectionId): boolean {
    return this.node.connected(connection);
  }

  peer(connection: ConnectionId): NodeId | undefined {
    return this.node.peer(connection);
  }

  send(connection: ConnectionId, message: object, sizeInBytes: number, departsIn?: SimDuration): void {
    this.node.send(connection, message, sizeInBytes, departsIn);
  }

  close(connection: ConnectionId): void {
    this.node.close(connection);
  }

  setTimer(name: string, delay: SimDuration, data?: unknown): void {
    this.node.setTimer(this.scope + name, delay, data);
  }

  cancelTimer(name: string): void {
    this.node.cancelTimer(this.scope + name);
  }

  hasTimer(name: string): boolean {
    return this.node.hasTimer(this.scope + name);
  }

  trace(data: TraceData, cause?: number): number {
    const isOnly = this.index === 1 && this.process.threads.length === 1;
    return this.node.trace(isOnly ? data : ({ ...data, thread: this.index } as TraceData), cause);
  }

  anchor(name: string): void {
    this.node.anchor(name);
  }

  exit(): void {
    this.node.exit();
  }

  /** What belongs to the process as a whole is asked of its node. */
  get ofProcess(): NodeContext {
    return this.node;
  }
}

/** Which thread a timer is of, by its index, and its name there. */
export function threadTimer(name: string): { readonly index: number; readonly name: string } {
  const at = name.indexOf(OF_THREAD);
  return at < 0
    ? { index: 1, name }
    : { index: Number(name.slice(0, at)), name: name.slice(at + OF_THREAD.length) };
}
