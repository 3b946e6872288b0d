import { assert, ensure } from '../base/assert.ts';
import { Digest } from '../base/digest.ts';
import { fork } from '../base/fork.ts';
import { prngStream, type PrngState } from '../base/prng.ts';
import type { SimDuration, SimTime } from '../base/time.ts';
import { crashAtAnchor } from './anchors.ts';
import { losePower } from './disk-loss.ts';
import type { ConnectionId, NodeId, SimEvent, SimEventKind } from './event.ts';
import {
  newKernelState,
  newNodeSlot,
  NOTHING_ARMED,
  type KernelOptions,
  type KernelState,
  type NodeSlot,
} from './kernel-state.ts';
import { KernelContext } from './kernel-context.ts';
import { linkDirection } from './network.ts';
import type { Program, Signal, TraceData, TraceEntry } from './node-context.ts';
import { takeUp } from './take-up.ts';
import * as transport from './transport.ts';

/** Trace entries kept; older ones are forgotten and counted. */
export const TRACE_CAPACITY = 200_000;

/** What an event counts as in the digest. */
function codeOf(kind: SimEventKind): number {
  switch (kind) {
    case 'deliver':
      return 1;
    case 'timer':
      return 2;
    case 'disconnect':
      return 3;
    case 'start':
      return 4;
    default:
      return 5;
  }
}

/** What an act of the operator counts as in the digest. */
const ACT_CODE = 6;

type Scheduled = Pick<SimEvent, 'at' | 'kind' | 'node' | 'incarnation'> & Partial<SimEvent>;

/**
 * The discrete-event kernel: nodes with clocks, disks, timers and connections, driven by one totally ordered queue. It
 * knows no Kafka. All that decides the future is in {@link KernelState}; programs are code only.
 */
export class Kernel {
  state: KernelState;
  /** The node of the newest event, '' after an act of the operator or a jump: for observers only, decides nothing. */
  touched: NodeId = '';
  private readonly programs: ReadonlyMap<string, Program>;
  private contexts = new Map<NodeId, KernelContext>();
  /** Newest trace entry in the causal past of what runs now. */
  private cause = 0;

  constructor(programs: readonly Program[], options: KernelOptions) {
    this.programs = new Map(programs.map((program) => [program.kind, program]));
    this.state = newKernelState(options);
  }

  /** Adds a machine whose process starts at `startAt`, or only when told if that is undefined. */
  addNode(id: NodeId, program: string, config: unknown, startAt?: SimTime): void {
    assert(!this.state.nodes.has(id), 'node exists', { id });
    assert(this.programs.has(program), 'unknown program', { program });
    this.state.nodes.set(id, newNodeSlot(id, program, config));
    if (startAt !== undefined) this.schedule({ at: startAt, kind: 'start', node: id, incarnation: 0 });
  }

  /** Time of the next event, or undefined when nothing is to happen any more. */
  nextAt(): SimTime | undefined {
    return this.state.queue.peek()?.at;
  }

  /** Executes the next event. Returns false when there is none. */
  step(): boolean {
    const { state } = this;
    const event = state.queue.pop();
    if (event === undefined) return false;
    this.count(event.at, event.sequence, codeOf(event.kind));
    this.cause = event.cause;
    this.dispatch(event);
    return true;
  }

  /** Moves the clock, counts one event and folds it into the running digest. */
  private count(at: SimTime, sequence: number, code: number): void {
    const { state } = this;
    assert(at >= state.now, 'time went back', { at, now: state.now });
    state.now = at;
    state.eventCount += 1;
    state.digestA = Math.imul(state.digestA ^ sequence ^ (at | 0), 0x01000193);
    state.digestB = Math.imul((state.digestB + code) ^ state.digestA, 0x85ebca6b) ^ (state.digestB >>> 13);
  }

  /** Lets quiet time go by: nothing may be due before `time`. */
  jumpTo(time: SimTime): void {
    assert(time >= this.state.now && time <= (this.nextAt() ?? Infinity), 'the time between is not quiet', {
      time,
    });
    this.state.now = time;
  }

  private dispatch(event: SimEvent): void {
    this.touched = event.node;
    const context = this.context(event.node);
    const { slot } = context;
    if (event.kind === 'start') {
      if (slot.status === 'down') this.begin(slot);
      return;
    }
    if (event.kind === 'deliver' || event.kind === 'disconnect') {
      if (transport.isHeld(this, event)) return;
    } else if (event.incarnation !== slot.incarnation || slot.status === 'down') return;
    if (slot.status === 'paused') {
      slot.deferred.push(event);
      return;
    }
    if (slot.armed.length === 0) this.handle(context, event);
    else crashAtAnchor(this, slot, () => this.handle(context, event));
  }

  private handle(context: KernelContext, event: SimEvent): void {
    const { slot, program } = context;
    switch (event.kind) {
      case 'deliver':
        if (transport.arrives(this, event))
          program.onMessage(slot.memory, context, event.connection, event.payload as object);
        return;
      case 'disconnect':
        if (transport.disconnects(this.state, event))
          program.onDisconnect(slot.memory, context, event.connection);
        return;
      case 'timer':
        if (slot.timers.get(event.name) !== event.sequence) return;
        slot.timers.delete(event.name);
        program.onTimer(slot.memory, context, event.name, event.payload);
        return;
      default:
        this.stop(slot.id, { powerLoss: false });
    }
  }

  /** Runs code of a process; if that comes to the step at which it is to crash, the process ends there. */
  private alive(slot: NodeSlot, run: () => void): void {
    if (slot.armed.length === 0) run();
    else crashAtAnchor(this, slot, run);
  }

  private begin(slot: NodeSlot): void {
    slot.status = 'up';
    slot.poweredOff = false;
    slot.since = this.state.now;
    slot.incarnation += 1;
    slot.timers.clear();
    slot.deferred = [];
    this.alive(slot, () => {
      slot.memory = this.program(slot).start(this.context(slot.id), slot.config);
    });
  }

  /** Starts the process of a node that is down, now. */
  start(id: NodeId): void {
    const slot = this.slot(id);
    if (slot.status === 'down') this.begin(slot);
  }

  /**
   * The process is gone (SIGKILL, or its machine lost power). Memory is lost; the disk keeps what was written, or after
   * a power loss only what was flushed. Peers get a disconnect, except after a power loss: nobody is left to tell them.
   */
  stop(id: NodeId, how: { readonly powerLoss: boolean }): void {
    const slot = this.slot(id);
    if (slot.status === 'down') return;
    slot.status = 'down';
    slot.poweredOff = how.powerLoss;
    slot.since = this.state.now;
    slot.memory = undefined;
    slot.timers.clear();
    slot.deferred = [];
    slot.armed = NOTHING_ARMED;
    transport.dropConnections(this, id, !how.powerLoss);
    if (how.powerLoss) losePower(slot.disk, this.state.now);
  }

  /** Has the process crash when it comes to a step once more than `passes` times in its present life, or the next if it is down. */
  arm(id: NodeId, anchor: string, passes: number): void {
    const slot = this.slot(id);
    slot.armed = Object.freeze([...slot.armed, Object.freeze({ anchor, passes })]);
  }

  /** SIGSTOP, or a long garbage collection: nothing of the process runs, its connections stay. */
  pause(id: NodeId): void {
    const slot = this.slot(id);
    if (slot.status !== 'up') return;
    slot.status = 'paused';
    slot.since = this.state.now;
  }

  /** SIGCONT: all that came meanwhile is handled now, in order. */
  resume(id: NodeId): void {
    const slot = this.slot(id);
    if (slot.status !== 'paused') return;
    takeUp(this, slot);
  }

  /** Delivers a signal to a running process; a paused or dead one does not get it. */
  signal(id: NodeId, signal: Signal): boolean {
    const slot = this.slot(id);
    if (slot.status !== 'up') return false;
    this.alive(slot, () => this.program(slot).onSignal(slot.memory, this.context(id), signal));
    return true;
  }

  /** Cuts or heals both directions of a link. Healing lets what was held go on. */
  setLinkCut(a: NodeId, b: NodeId, cut: boolean): void {
    this.cutDirection(a, b, cut);
    this.cutDirection(b, a, cut);
    transport.retimeHandshakes(this, a, b);
  }

  /** Cuts or heals one direction: what `from` sends does not arrive while what `to` sends does. */
  setOneWayCut(from: NodeId, to: NodeId, cut: boolean): void {
    this.cutDirection(from, to, cut);
    transport.retimeHandshakes(this, from, to);
  }

  private cutDirection(from: NodeId, to: NodeId, cut: boolean): void {
    linkDirection(this.state.network, from, to).cut = cut;
    if (!cut) transport.releaseHeld(this, from, to);
  }

  /** Adds a delay to both directions of a link. */
  setLinkDelay(a: NodeId, b: NodeId, extra: SimDuration): void {
    linkDirection(this.state.network, a, b).extraMicros = extra;
    linkDirection(this.state.network, b, a).extraMicros = extra;
  }

  /** Runs an act of the operator, which is an event of its own and the cause of what follows. */
  act(node: NodeId, data: TraceData, run: () => void): void {
    this.count(this.state.now, 0, ACT_CODE);
    this.touched = '';
    this.cause = 0;
    this.trace(node, data);
    run();
  }

  /** Puts an event into the queue and returns its sequence number. */
  schedule(event: Scheduled): number {
    const sequence = ++this.state.sequence;
    this.state.queue.push({
      at: event.at,
      sequence,
      kind: event.kind,
      node: event.node,
      incarnation: event.incarnation,
      cause: event.cause ?? this.cause,
      name: event.name ?? '',
      connection: event.connection ?? 0,
      payload: event.payload,
      sentAt: event.sentAt ?? this.state.now,
      sizeInBytes: event.sizeInBytes ?? 0,
    });
    return sequence;
  }

  trace(node: NodeId, data: TraceData, cause: number = this.cause): number {
    const { trace, now } = this.state;
    const entry: TraceEntry = Object.freeze({ id: trace.end + 1, at: now, node, cause, data });
    trace.push(entry);
    if (trace.size > TRACE_CAPACITY + 4_096) trace.dropBefore(trace.end - TRACE_CAPACITY);
    this.cause = entry.id;
    return entry.id;
  }

  slot(id: NodeId): NodeSlot {
    return ensure(this.state.nodes.get(id), `node ${id}`);
  }

  program(slot: NodeSlot): Program {
    return ensure(this.programs.get(slot.program), `program ${slot.program}`);
  }

  context(id: NodeId): KernelContext {
    let context = this.contexts.get(id);
    if (context === undefined) {
      context = new KernelContext(this, this.slot(id));
      this.contexts.set(id, context);
    }
    return context;
  }

  /** The named stream of a holder of streams, made at its first use. */
  stream(holder: Map<string, PrngState>, name: string): PrngState {
    let prng = holder.get(name);
    if (prng === undefined) {
      prng = prngStream(this.state.seed, name);
      holder.set(name, prng);
    }
    return prng;
  }

  /** A copy of the whole state to restore from; shares all that is immutable and all that is as in an `older` one. */
  checkpoint(older?: KernelState): KernelState {
    return fork(this.state, older);
  }

  /** Goes on from a checkpoint, which stays usable. */
  restore(checkpoint: KernelState): void {
    this.state = fork(checkpoint);
    this.touched = '';
    this.contexts = new Map();
    this.cause = 0;
  }

  /** Digest of all that decides the future, independent of how the state was reached. */
  stateHash(): string {
    const digest = new Digest();
    const { queue, nodes, network, trace, ...scalars } = this.state;
    digest.value(scalars);
    digest.value(queue);
    digest.value(nodes);
    digest.value(network);
    digest.number(trace.end);
    return digest.hex();
  }

  /** The connection's sides, for readers outside. */
  connection(id: ConnectionId): { readonly a: NodeId; readonly b: NodeId } | undefined {
    return this.state.network.connections.get(id);
  }
}
