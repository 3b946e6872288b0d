import { AppendList } from '../base/append-list.ts';
import type { PrngState } from '../base/prng.ts';
import type { SimTime } from '../base/time.ts';
import { emptyDisk, type DiskState } from './disk.ts';
import type { NodeId, SimEvent } from './event.ts';
import { EventQueue } from './event-queue.ts';
import { newNetwork, type LinkProfile, type NetworkState } from './network.ts';
import type { TraceEntry } from './node-context.ts';

/** `down`: no process. `paused`: SIGSTOP or a long GC pause; the kernel keeps its connections, nothing runs. */
export type NodeStatus = 'up' | 'paused' | 'down';

/** A crash that waits for a step of the process. Frozen. */
export interface Armed {
  readonly anchor: string;
  /** How often the step is passed before. */
  readonly passes: number;
}

/** One machine with at most one process. */
export interface NodeSlot {
  readonly id: NodeId;
  /** Kind of the program that runs here. */
  readonly program: string;
  /** Given to the program at each start. */
  config: unknown;
  status: NodeStatus;
  /** Number of lives begun. */
  incarnation: number;
  memory: unknown;
  readonly disk: DiskState;
  /** Events that came while paused, in order. */
  deferred: SimEvent[];
  /** Sequence number of the pending event of each timer. */
  readonly timers: Map<string, number>;
  readonly prngs: Map<string, PrngState>;
  /** The node's wall clock minus true time, in ms. */
  clockOffsetMs: number;
  /** The machine lost power: nobody answers for it, not even with a reset. */
  poweredOff: boolean;
  /** The steps at which this life is to end, or the next if there is none, in the order in which it was told so. Frozen. */
  armed: readonly Armed[];
  /** When `status` last changed. */
  since: SimTime;
}

/** Everything that decides the future of a run: plain data and forkable containers. */
export interface KernelState {
  readonly seed: number;
  /** Wall clock in ms since 1970 at simulated time 0. */
  readonly epochMs: number;
  now: SimTime;
  sequence: number;
  eventCount: number;
  /** Running digest of all events executed, two 32-bit lanes. */
  digestA: number;
  digestB: number;
  readonly queue: EventQueue;
  readonly nodes: Map<NodeId, NodeSlot>;
  readonly network: NetworkState;
  readonly trace: AppendList<TraceEntry>;
}

export interface KernelOptions {
  readonly seed: number;
  readonly epochMs: number;
  readonly profile: LinkProfile;
}

export const NOTHING_ARMED: readonly Armed[] = Object.freeze([]);

export const newKernelState = (options: KernelOptions): KernelState => ({
  seed: options.seed,
  epochMs: options.epochMs,
  now: 0,
  sequence: 0,
  eventCount: 0,
  digestA: 0x811c9dc5 | 0,
  digestB: options.seed | 0,
  queue: new EventQueue(),
  nodes: new Map(),
  network: newNetwork(options.profile),
  trace: new AppendList(),
});

export const newNodeSlot = (id: NodeId, program: string, config: unknown): NodeSlot => ({
  id,
  program,
  config,
  status: 'down',
  incarnation: 0,
  memory: undefined,
  disk: emptyDisk(),
  deferred: [],
  timers: new Map(),
  prngs: new Map(),
  clockOffsetMs: 0,
  poweredOff: false,
  armed: NOTHING_ARMED,
  since: 0,
});
